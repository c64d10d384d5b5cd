"""GML: features that name different coordinate systems are told, and the same system in different spelling is one."""

import geopandas as gpd
import pyogrio
import pytest
import shapely

from landready import FileError, check, read
from landready.errors import CrsError

URN = "urn:ogc:def:crs:EPSG::{}"
TM = URN.format(3006)


def written(folder, *systems, boxes=TM):
    """Write one square for each system, side by side, as GDAL writes GML, and put the names of the systems in."""
    shapes = [shapely.box(340_000 + 200 * n, 6_400_000, 340_100 + 200 * n, 6_400_100) for n in range(len(systems))]
    path = folder / "vägar.gml"
    pyogrio.write_dataframe(gpd.GeoDataFrame({"namn": list("abcd"[: len(systems)])}, geometry=shapes, crs=3006), path)
    path.with_suffix(".xsd").unlink()
    first, *features = path.read_text(encoding="utf-8").split("<ogr:featureMember>")
    named = []
    for feature, system in zip(features, systems, strict=True):
        box, geometry = feature.split("<ogr:geometryProperty>")
        named.append(box.replace(TM, boxes) + "<ogr:geometryProperty>" + geometry.replace(TM, system))
    path.write_text("<ogr:featureMember>".join([first, *named]), encoding="utf-8")
    return path


@pytest.mark.parametrize("options", [{}, {"crs": "EPSG:3006"}, {"source_crs": "EPSG:3006"}])
def test_different_systems_are_refused(tmp_path, options):
    path = written(tmp_path, TM, URN.format(3007), TM)
    with pytest.raises(FileError, match=r"EPSG:3006 \(2\), EPSG:3007 \(1\).*1 objekt .*rad 2 i filen"):
        read(path, **options)
    [row] = check(path).layers
    assert row.mark == "not_usable"


WITH_HEIGHTS = URN.format(5845) + '" srsDimension="2'


@pytest.mark.parametrize(
    "spelled", ["http://www.opengis.net/def/crs/EPSG/0/3006", "urn:x-ogc:def:crs:EPSG:6.9:3006", WITH_HEIGHTS]
)
def test_one_system_in_different_spelling(tmp_path, spelled):
    """EPSG:5845 is EPSG:3006 with heights."""
    path = written(tmp_path, TM, spelled, boxes=URN.format(4326))
    if spelled == WITH_HEIGHTS and pyogrio.__gdal_version__ < (3, 10):
        with pytest.raises(CrsError, match="hör hemma"):  # older GDAL leaves north first where there are heights
            read(path, crs="EPSG:3006", source_crs="EPSG:3006")
        return
    layer = read(path, crs="EPSG:3006", source_crs="EPSG:3006")
    assert "crs_several" not in {finding.key for finding in layer.findings}
    assert len(layer.frame) == 2


def test_a_name_that_nobody_knows_is_another_system(tmp_path):
    with pytest.raises(FileError, match="lokalt nät"):
        read(written(tmp_path, TM, "lokalt nät"), crs="EPSG:3006")
