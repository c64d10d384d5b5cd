"""Reading on the real layers: nothing is lost, and nothing disagrees with GDAL's own reading."""

import numpy as np
import pyogrio
import pytest
import shapely

from landready import read

pytestmark = pytest.mark.realdata


def every_layer(real_data):
    for file in sorted(real_data.glob("*/*.gpkg")):
        for name, _ in pyogrio.list_layers(file):
            yield file, str(name)


def test_every_layer_can_be_read_and_adds_up(real_data):
    for file, name in every_layer(real_data):
        layer = read(file, layer=name)
        raw = pyogrio.read_dataframe(file, layer=name, columns=[])
        listed = layer.ledger.frame.set_index("reason")["count"]
        gone = sum(listed.get(reason, 0) for reason in ("null_geometry", "empty_geometry", "rows_astray"))
        assert len(layer.frame) + gone == len(raw), name
        assert layer.crs == raw.crs
        assert layer.frame.is_valid.all()
        assert not layer.frame.has_z.any()
        assert layer.frame.index.isin(raw.index).all()
        shapes = raw.geometry.array
        same = shapely.is_valid(shapes) & ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
        kept = layer.frame.geometry.reindex(raw.index[same])
        assert np.allclose(kept.area, raw.geometry[same].area, rtol=0, atol=1e-9)


def test_cambridge_parcels(real_data):
    layer = read(
        real_data / "us-cambridge-ma" / "parcels_fy2014.gpkg",
        role="parcels",
        columns={"parcel_id": "ML", "use": "UseDescription"},
        duplicates="dissolve",
    )
    assert layer.frame.index.is_unique
    assert layer.frame.columns.tolist() == ["use", "geometry"]
    assert layer.crs == "EPSG:26986"
    repaired = layer.ledger.frame.set_index("reason").loc["repaired", "count"]
    assert repaired == 34
    raw = pyogrio.read_dataframe(real_data / "us-cambridge-ma" / "parcels_fy2014.gpkg")
    assert set(layer.frame.index) - set(raw["ML"].dropna().str.strip()) == {
        name for name in layer.frame.index if name.startswith("#")
    }
    assert layer.frame.area.sum() == pytest.approx(raw.make_valid().area.sum(), rel=2e-3)


def test_cambridge_is_not_in_sweden(real_data):
    from landready.errors import CrsError

    with pytest.raises(CrsError):
        read(real_data / "us-cambridge-ma" / "layers.gpkg", layer="rail", crs="EPSG:3006")
