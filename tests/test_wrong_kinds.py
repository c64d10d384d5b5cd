"""Arguments of the wrong kind are refused in words, by an error of landready's, never by one from somewhere inside."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import landready
from landready import Criterion, LandreadyError, Profile, Raster, ValueFunction

GROUND = gpd.GeoDataFrame(
    {"area_ha": [1.0]}, geometry=[shapely.box(5e5, 6.4e6, 5e5 + 9, 6.4e6 + 9)], index=["A"], crs=3006
)
SIZE = Criterion(
    id="a_ha", measure="attribute", params={"column": "area_ha"}, value=ValueFunction(points=[(0, 0.0), (1, 1.0)])
)
PROFILE = Profile(id="p", name="P", weights={"a_ha": 1})
MEASURED = landready.measure(GROUND, {}, [SIZE])
CARD = landready.score(MEASURED, PROFILE)
CALLS = {
    "read": landready.read,
    "read_raster": landready.read_raster,
    "read_folder": landready.read_folder,
    "check": landready.check,
    "from_toml": landready.Study.from_toml,
    "classify_land parcels": lambda wrong: landready.classify_land(wrong, []),
    "classify_land constraints": lambda wrong: landready.classify_land(GROUND, [wrong]),
    "Constraint": lambda wrong: landready.Constraint("c", wrong),
    "assemble": landready.assemble,
    "assemble barriers": lambda wrong: landready.assemble(GROUND, barriers=[wrong]),
    "nearest": lambda wrong: landready.nearest(wrong, GROUND),
    "nearest targets": lambda wrong: landready.nearest(GROUND, wrong),
    "distance_to": lambda wrong: landready.distance_to(GROUND, wrong),
    "travel_time": lambda wrong: landready.travel_time(GROUND, wrong, GROUND),
    "overlap_share": lambda wrong: landready.overlap_share(GROUND, wrong),
    "evidence_at": lambda wrong: landready.evidence_at(GROUND, wrong, column="power_mw"),
    "zonal": lambda wrong: landready.zonal(GROUND, wrong),
    "slope": landready.slope,
    "form": landready.form,
    "measure": lambda wrong: landready.measure(wrong, {}, [SIZE]),
    "measure criteria": lambda wrong: landready.measure(GROUND, {}, [wrong]),
    "score": lambda wrong: landready.score(wrong, PROFILE),
    "score profile": lambda wrong: landready.score(MEASURED, wrong),
    "explain": lambda wrong: landready.explain(wrong, "A"),
    "explain site": lambda wrong: landready.explain(CARD, wrong),
    "report language": lambda wrong: landready.QualityReport("r").in_words(wrong),
    "missing language": lambda wrong: landready.QualityReport("r").missing_in_words(wrong),
    "ledger language": lambda wrong: landready.Ledger.empty().in_words(wrong),
    "explain language": lambda wrong: landready.explain(CARD, "A", language=wrong),
}


@pytest.mark.parametrize(
    "wrong", [None, 5, "finns inte", pd.DataFrame(), pd.Series([1])], ids=lambda value: type(value).__name__
)
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_is_refused_in_words(call, wrong):
    with pytest.raises(LandreadyError) as refused:
        call(wrong)
    assert refused.value.text("sv")
    assert refused.value.text("en")


@pytest.mark.parametrize("wrong", [None, 5])
def test_lists_that_are_none(wrong):
    with pytest.raises(LandreadyError, match="constraints"):
        landready.classify_land(GROUND, wrong)
    with pytest.raises(LandreadyError, match="layers"):
        landready.measure(GROUND, wrong, [SIZE])
    with pytest.raises(LandreadyError, match="criteria"):
        landready.measure(GROUND, {}, wrong)


# --- options ----------------------------------------------------------------------------------------------

ROAD = gpd.GeoDataFrame(
    {"speed_kmh": [50.0]}, geometry=[shapely.LineString([(5e5, 6.4e6), (5e5 + 900, 6.4e6)])], crs=3006
)
HEIGHTS = Raster("heights", np.ones((9, 9)), (5, 0, 5e5 - 9, 0, -5, 6.4e6 + 30), GROUND.crs)
INF, NAN = float("inf"), float("nan")
ODD = [None, "finns inte", True, NAN, b"x", [], [5], {"a": 5}, pd.Series([1]), object()]


def travel(**options):
    return landready.travel_time(GROUND, ROAD, GROUND, **options)


def measured(measure, unit, **params):
    criterion = Criterion(
        id=f"x_{unit}", measure=measure, layer="x", params=params, value=ValueFunction(points=[(0, 0.0)])
    )
    layers = {"roads": ROAD, "x": HEIGHTS if measure == "zonal" else GROUND}
    return landready.measure(GROUND, layers, [criterion])


# Name → the call, and numbers that are wrong there besides what is wrong everywhere.
NUMBERS = {
    "min_part_m2": (lambda wrong: landready.classify_land(GROUND, [], min_part_m2=wrong), [-1, INF]),
    "min_site_ha": (lambda wrong: landready.assemble(GROUND, min_site_ha=wrong), [-1, INF, 50]),
    "max_site_ha": (lambda wrong: landready.assemble(GROUND, max_site_ha=wrong), [-1, -INF, 0, 1]),
    "min_width_m": (lambda wrong: landready.assemble(GROUND, min_width_m=wrong), [-1, INF]),
    "default_speed_kmh": (lambda wrong: travel(default_speed_kmh=wrong), [-1, 0, INF]),
    "snap_limit_m": (lambda wrong: travel(snap_limit_m=wrong), [-1, -INF]),
    "access_limit_m": (lambda wrong: travel(access_limit_m=wrong), [-1, -INF]),
    "buffer_m": (lambda wrong: landready.Constraint("c", GROUND, buffer_m=wrong), [INF]),
    "weight": (lambda wrong: landready.Constraint("c", GROUND, weight=wrong), [-1, 0, 2, INF]),
    "measured snap_limit_m": (lambda wrong: measured("travel_time", "min", roads="roads", snap_limit_m=wrong), [-1]),
    "max_nodata_share": (lambda wrong: measured("zonal", "m", max_nodata_share=wrong), [-1, 2, INF]),
}
OPTIONAL = {"default_speed_kmh"}


@pytest.mark.parametrize(
    ("name", "wrong"), [(name, wrong) for name, (_, numbers) in NUMBERS.items() for wrong in [*ODD, *numbers]]
)
def test_what_is_no_number_is_refused(name, wrong):
    call, _ = NUMBERS[name]
    if wrong is None and name in OPTIONAL:
        call(wrong)
        return
    with pytest.raises(LandreadyError) as refused:
        call(wrong)
    assert name.split()[-1] in refused.value.text("sv")


@pytest.mark.parametrize("right", [2, 2.0, np.int64(2), np.float32(2)])
def test_any_kind_of_number_will_do(right):
    assert len(landready.classify_land(GROUND, [], min_part_m2=right).frame) == len(GROUND)
    assert landready.assemble(GROUND, max_site_ha=right, min_width_m=right).frame["area_ha"].le(right).all()
    assert len(travel(default_speed_kmh=right, snap_limit_m=right, access_limit_m=right)) == len(GROUND)


def test_no_limit_is_infinite():
    assert len(landready.assemble(GROUND, min_site_ha=0, max_site_ha=INF, min_width_m=0).frame) == 1
    assert len(travel(snap_limit_m=INF, access_limit_m=INF)) == len(GROUND)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("lager")
    GROUND.to_file(place / "mark.gpkg")
    return place


READ = ["role", "layer", "columns", "keep", "id", "crs", "source_crs", "known_extent", "where", "name", "duplicates"]
READ += ["date", "source", "modelled", "as_of"]
WRONG = [5, *(wrong for wrong in ODD[1:] if not isinstance(wrong, list)), [5]]
RIGHT = {("name", str), ("date", str), ("source", str), ("modelled", bool)}


@pytest.mark.parametrize("option", READ)
@pytest.mark.parametrize("wrong", WRONG, ids=lambda value: type(value).__name__)
def test_options_of_read(folder, option, wrong):
    if (option, type(wrong)) in RIGHT:
        landready.read(folder / "mark.gpkg", **{option: wrong})
        return
    with pytest.raises(LandreadyError) as refused:
        landready.read(folder / "mark.gpkg", **{option: wrong})
    assert refused.value.text("sv") != refused.value.text("en")


@pytest.mark.parametrize("wrong", WRONG, ids=lambda value: type(value).__name__)
def test_options_that_are_no_numbers(folder, wrong):
    calls = [
        lambda: landready.read_folder(folder, roles=wrong),
        lambda: landready.read_folder(folder, crs=wrong),
        lambda: landready.read_folder(folder, known_extent=wrong),
        lambda: landready.read_folder(folder, as_of=wrong),
        lambda: landready.check(folder, crs=wrong),
        lambda: landready.Constraint("c", GROUND, kind=wrong),
        lambda: landready.Constraint("c", GROUND, where=wrong),
        lambda: landready.assemble(GROUND, within=wrong),
        lambda: travel(mode=wrong),
        lambda: landready.overlap_share(GROUND, GROUND, by=wrong),
        lambda: landready.evidence_at(GROUND, GROUND, column=wrong),
        lambda: landready.zonal(GROUND, HEIGHTS, stats=[wrong]),
        lambda: landready.Study(wrong, folder),
    ]
    for call in calls:
        with pytest.raises(LandreadyError) as refused:
            call()
        assert refused.value.text("sv")
        assert refused.value.text("en")


def test_all_options_are_told_at_once(folder):
    with pytest.raises(LandreadyError) as refused:
        landready.read(folder / "mark.gpkg", role=5, keep=5, where=5, modelled="ja", duplicates=5)
    assert len(refused.value.findings) == 5
    with pytest.raises(LandreadyError) as refused:
        travel(mode=5, default_speed_kmh=0, snap_limit_m=None, access_limit_m="x")
    assert len(refused.value.findings) == 4


def test_a_study_and_its_results(small_study, tmp_path):
    study = landready.Study.from_toml(small_study)
    for wrong in (5, "industri", [5], pd.Series([1])):
        with pytest.raises(LandreadyError):
            study.run(profiles=wrong)
    for wrong in (5, "visa", [], pd.Series([1])):
        with pytest.raises(LandreadyError):
            study.run(progress=wrong)
    result = study.run()
    calls = [
        result.to_map,
        result.to_gpkg,
        result.to_csv,
        result.write,
        lambda wrong: result.to_map(audience=wrong),
        lambda wrong: result.to_map(language=wrong),
        lambda wrong: result.to_gpkg(tmp_path / "a.gpkg", audience=wrong),
        lambda wrong: result.to_csv(tmp_path / "a.csv", profile=wrong),
        lambda wrong: result.to_csv(tmp_path / "a.csv", language=wrong),
        lambda wrong: result.write(tmp_path / "ut", audience=wrong),
        lambda wrong: result.write(tmp_path / "ut", language=wrong),
        lambda wrong: result.write(tmp_path / "ut", progress=wrong),
        result.watermark,
        result.summary,
    ]
    for call in calls:
        for wrong in (5, True, NAN, [], b"x", pd.Series([1])):
            with pytest.raises(LandreadyError):
                call(wrong)
    with pytest.raises(LandreadyError, match="ingen verksamhetstyp"):
        result.to_csv(tmp_path / "a.csv", profile="kontr")
    assert not [*tmp_path.glob("a.*"), *tmp_path.glob("ut")]


def test_where_results_cannot_be_written(small_study, tmp_path):
    result = landready.Study.from_toml(small_study).run()
    for write in (result.to_map, result.to_gpkg, result.to_csv):
        with pytest.raises(landready.FileError, match="är en mapp"):
            write(tmp_path)
        with pytest.raises(landready.FileError, match=r"mappen .* finns inte"):
            write(tmp_path / "ingen" / "fil")
    taken = Path(tmp_path, "fil")
    taken.touch()
    with pytest.raises(landready.FileError, match="är en fil"):
        result.write(taken)
