"""Stops with departures from a GTFS timetable: how often anything leaves, on an ordinary weekday.

GTFS (gtfs.org) is a set of text tables. Which days a trip runs stands in `calendar.txt` (days of the week within a
period) and `calendar_dates.txt` (days added and taken away). Neither holidays nor works on the line make an ordinary
day: of all Mondays to Fridays in the timetable, the one is taken that has the middle number of trips (the first of
equals).
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from landready.errors import ColumnError, FileError, Finding, refuse, rows_of
from landready.layers.gtfs_tables import opened
from landready.layers.zips import DAMAGED
from landready.where import missing_column

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "stops": ("stop_id", "stop_name", "stop_lat", "stop_lon"),
    "trips": ("trip_id", "service_id"),
    "stop_times": ("trip_id", "stop_id", "stop_sequence"),
}
_OPTIONAL: Mapping[str, tuple[str, ...]] = {
    "calendar": ("service_id", *_DAYS, "start_date", "end_date"),
    "calendar_dates": ("service_id", "date", "exception_type"),
    "frequencies": ("trip_id", "start_time", "end_time", "headway_secs"),
}
_BESIDES: Mapping[str, tuple[str, ...]] = {"stops": ("parent_station", "location_type"), "stop_times": ("pickup_type",)}


def read_timetable(path: Path) -> dict[str, pd.DataFrame]:
    """
    Return the tables of a timetable that departures are counted from, only the columns needed, as text.

    Nothing is unpacked to disk.

    Raises
    ------
    FileError
        If it is no timetable, damaged, or says that it unpacks to more than any timetable.
    ColumnError
        If tables lack columns; all of them together.
    """
    tables, problems = {}, []
    try:
        with opened(path) as held:
            for name, columns in {**_NEEDED, **_OPTIONAL}.items():
                if name not in held:
                    continue
                there = held.read(name)
                problems += [missing_column(c, there, f"{path.name}: {name}.txt") for c in columns if c not in there]
                tables[name] = there[[column for column in (*columns, *_BESIDES.get(name, ())) if column in there]]
    except FileError:
        raise
    except DAMAGED as error:  # ValueError among them, for tables that are none
        raise FileError(Finding("file_unreadable", {"file": path.name, "why": str(error)})) from error
    if problems:
        raise ColumnError(*problems)
    refuse([finding for name, table in tables.items() for finding in _strange(table, f"{path.name}: {name}.txt")])
    return tables


def _strange(table: pd.DataFrame, layer: str) -> list[Finding]:
    """Return a finding for each column with dates, times or numbers that cannot be read."""
    findings = []
    for name, read in _READ.items():
        if name in table:
            wrong = table[name].notna() & read(table[name]).isna()
            rows = rows_of(table.index[wrong.to_numpy()], in_file=True)
            if wrong.any():
                findings.append(Finding("gtfs_values", {"layer": layer, "column": name, "rows": rows}))
    return findings


def _dates(values: pd.Series) -> pd.Series:
    return pd.Series(pd.to_datetime(values, format="%Y%m%d", errors="coerce"))


def _seconds(values: pd.Series) -> pd.Series:
    """Return clock times as seconds; a timetable's hours go on past 24."""
    parts = values.str.extract(r"^\s*(\d{1,3}):(\d\d):(\d\d)\s*$").astype("Float64")
    return pd.Series(parts[0] * 3600 + parts[1] * 60 + parts[2])


_READ: Mapping[str, Callable[[pd.Series], pd.Series]] = {
    **dict.fromkeys(("date", "start_date", "end_date"), _dates),
    **dict.fromkeys(("start_time", "end_time"), _seconds),
    **dict.fromkeys(
        ("headway_secs", "stop_sequence"), lambda values: pd.Series(pd.to_numeric(values, errors="coerce"))
    ),
}


def stops_from(tables: Mapping[str, pd.DataFrame], *, stations: bool = False) -> tuple[gpd.GeoDataFrame, str | None]:
    """
    Return stops with their departures on an ordinary weekday, and which day that was.

    Parameters
    ----------
    tables
        As `read_timetable` returns them.
    stations
        Whether platforms count to the station they belong to (`parent_station`), which then stands for them.

    Returns
    -------
    geopandas.GeoDataFrame, str or None
        Points in EPSG:4326, indexed by `stop_id`: `name` and `departures` (0 where nothing leaves: the timetable says
        so). The day as YYYY-MM-DD; None, and departures unknown, where the timetable has no weekday. The last stop of a
        trip and stops where nobody may board are no departures.
    """
    stops = tables["stops"].set_index("stop_id")
    place = pd.Series(stops.index, stops.index)
    if stations and "parent_station" in stops:
        place = stops["parent_station"].where(stops["parent_station"].isin(stops.index), place)
    day, trips = _ordinary_day(tables)
    kept = stops.loc[place.unique()]
    lon, lat = (pd.to_numeric(kept[name].str.replace(",", "."), errors="coerce") for name in ("stop_lon", "stop_lat"))
    frame = gpd.GeoDataFrame(
        {"name": kept["stop_name"].astype(object)},
        geometry=gpd.points_from_xy(lon, lat),
        crs="EPSG:4326",
        index=kept.index,
    )
    frame.loc[(lon.isna() | lat.isna()).to_numpy(), "geometry"] = None
    if day is None:
        return frame.assign(departures=np.nan), None
    leaving = _leaving(tables, trips)
    count = leaving.groupby(place.reindex(leaving["stop_id"]).to_numpy())["times"].sum()
    return frame.assign(departures=count.reindex(frame.index, fill_value=0).astype("float64")), day


def _ordinary_day(tables: Mapping[str, pd.DataFrame]) -> tuple[str | None, pd.Series]:
    """Return the weekday with the middle number of trips, and the ids of its trips."""
    trips = tables["trips"]
    running = _services(tables)
    none = trips["trip_id"].iloc[:0]
    if not len(running):
        return None, none
    size = trips.groupby("service_id").size()
    per_day = running.assign(trips=running["service_id"].map(size).fillna(0)).groupby("date")["trips"].sum()
    per_day = per_day[(pd.DatetimeIndex(per_day.index).day_of_week < len(_DAYS)) & (per_day > 0)]
    if not len(per_day):
        return None, none
    middle = per_day.sort_values().iloc[(len(per_day) - 1) // 2]
    day = per_day.index[per_day == middle].min()
    services = running.loc[running["date"] == day, "service_id"]
    return day.date().isoformat(), trips.loc[trips["service_id"].isin(services), "trip_id"]


def _services(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return which service runs on which date: columns `service_id`, `date`."""
    parts = [pd.DataFrame({"service_id": pd.Series(dtype=object), "date": pd.Series(dtype="datetime64[ns]")})]
    if "calendar" in tables:
        periods = tables["calendar"].assign(
            **{name: _dates(tables["calendar"][name]) for name in ("start_date", "end_date")}
        )
        for row in periods.dropna(subset=["start_date", "end_date"]).to_dict("records"):
            dates = pd.date_range(row["start_date"], row["end_date"])
            runs = np.array([row.get(day) == "1" for day in _DAYS] + [False, False])
            dates = dates[runs[dates.day_of_week]]
            parts.append(pd.DataFrame({"service_id": row["service_id"], "date": dates}))
    running = pd.concat(parts, ignore_index=True)
    if "calendar_dates" in tables:
        changed = tables["calendar_dates"].assign(
            date=pd.to_datetime(tables["calendar_dates"]["date"], format="%Y%m%d")
        )
        changed["service_id"] = changed["service_id"].astype(object)
        added = changed.loc[changed["exception_type"] == "1", ["service_id", "date"]]
        gone = changed.loc[changed["exception_type"] == "2", ["service_id", "date"]]
        running = pd.concat([running, added]).drop_duplicates()
        both = running.merge(gone, how="left", indicator=True)
        running = both.loc[both["_merge"] == "left_only", ["service_id", "date"]]
    return running


def _leaving(tables: Mapping[str, pd.DataFrame], trips: pd.Series) -> pd.DataFrame:
    """Return the departures of trips: columns `stop_id`, `times` (how often a trip that repeats itself leaves)."""
    times = tables["stop_times"]
    times = times[times["trip_id"].isin(trips)]
    sequence = pd.to_numeric(times["stop_sequence"], errors="coerce")
    last = sequence.groupby(times["trip_id"].to_numpy()).transform("max")
    leaves = sequence < last
    if "pickup_type" in times:
        leaves &= times["pickup_type"].fillna("0") != "1"
    leaving = times.loc[leaves, ["trip_id", "stop_id"]].assign(times=1.0)
    if "frequencies" in tables:
        repeats = tables["frequencies"]
        lasts = _seconds(repeats["end_time"]) - _seconds(repeats["start_time"])
        often = pd.Series(np.ceil((lasts / pd.to_numeric(repeats["headway_secs"])).astype("float64")))
        often = often.groupby(repeats["trip_id"].to_numpy()).sum()
        leaving["times"] = leaving["trip_id"].map(often).astype("float64").fillna(1.0)
    return leaving
