"""Roads from what is known of each stretch in each direction of travel."""

from collections.abc import Mapping

import pandas as pd

from landready.layers.nvdb_words import table

WAYS = ("forward", "backward")
"""In the direction of the line, and against it."""


def roads_by_direction(stretches: pd.DataFrame, answers: Mapping[str, pd.DataFrame]) -> tuple[pd.DataFrame, pd.Index]:
    """
    Return a road for each stretch, two where the directions differ in speed.

    Parameters
    ----------
    stretches
        With the column `geometry`.
    answers
        Answer → what it is on each stretch, columns `forward` and `backward`, same index.

    Returns
    -------
    pandas.DataFrame, pandas.Index
        Roads with the columns of role `roads`, labelled by their stretch and in its order; and the stretches that are
        closed in both directions.
    """
    nowhere = pd.DataFrame(False, index=stretches.index, columns=list(WAYS))
    open_ = ~answers.get("forbidden", nowhere)
    columns = {
        name: answer["forward"].where(answer["forward"].notna(), answer["backward"])
        for name, answer in answers.items()
        if name not in {"forbidden", "speed_kmh"}
    }
    roads = pd.DataFrame({"geometry": stretches["geometry"], **columns}, index=stretches.index)
    if "main_number" in roads:
        roads = _numbered(roads)
    speed = answers.get("speed_kmh")
    differs = pd.Series(data=False, index=stretches.index)
    if speed is not None:
        differs = open_.all(axis=1) & (speed["forward"] != speed["backward"]) & speed.notna().any(axis=1)
    parts = []
    for way, chosen in (
        ("both", open_.all(axis=1) & ~differs),
        ("forward", (open_["forward"] & ~open_["backward"]) | differs),
        ("backward", (open_["backward"] & ~open_["forward"]) | differs),
    ):
        part = roads[chosen].assign(oneway=way)
        if speed is not None:
            part["speed_kmh"] = speed[chosen]["backward" if way == "backward" else "forward"].astype("float64")
        parts.append(part)
    return pd.concat(parts).sort_index(kind="stable"), stretches.index[~open_.any(axis=1)]


def _numbered(roads: pd.DataFrame) -> pd.DataFrame:
    """Turn main numbers into the road's number as people say it, and its category where that is not given."""
    number = roads["main_number"].where(roads["main_number"].astype("float64") > 0).astype("Int64")
    european = (roads["european"] == "ja") if "european" in roads else pd.Series(data=False, index=roads.index)
    if "road_category" in roads:
        european |= roads["road_category"] == 1
    said = number.astype("string")
    numbered = roads.drop(columns=["main_number", "european"], errors="ignore").assign(
        road_number=said.where(~european, "E" + said).astype(object)
    )
    return numbered if "road_category" in roads else numbered.assign(road_category=_category(number, european))


def _category(number: pd.Series, european: pd.Series) -> pd.Series:
    category = pd.Series(pd.NA, index=number.index, dtype="Int64")
    for row in reversed(table()["categories"]):
        category[(number <= row["up_to"]).fillna(value=False)] = row["category"]
    category[european & number.notna()] = 1
    return category
