"""There and back: each product is written as its producer does, is known by its columns, and its values come back."""

import pytest

import landready
from landready.layers.products import products
from landready.layers.recognise import guess_role
from tests.layers.deliveries import DELIVERIES, frame_of, write


def test_every_product_has_a_delivery():
    assert set(DELIVERIES) == {product.id for product in products()}


# A shapefile cuts names at ten letters, and some products are known by longer ones.
SHORT = [name for name, delivery in DELIVERIES.items() if all(len(column) <= 10 for column in delivery.columns)]


@pytest.mark.parametrize(
    ("product", "ending"), [*((name, "gpkg") for name in DELIVERIES), *((name, "shp") for name in SHORT)]
)
def test_what_was_written_is_read(tmp_path, product, ending):
    delivery = DELIVERIES[product]
    frame = frame_of(delivery)
    path = write(tmp_path / f"x.{ending}", frame)
    guess = guess_role(layer="x", file="x", columns=list(frame.columns[:-1]), kind=frame.geom_type.iloc[0])
    assert (guess.role, guess.certainty, guess.why) == (delivery.role, "sure", {"product": (product,)})
    layer = landready.read(path, role=delivery.role)
    for name, wanted in delivery.read.items():
        values = layer.frame[name].astype(object)
        assert values.where(values.notna(), None).tolist() == wanted, name
    if delivery.ids is not None:
        assert layer.frame.index.tolist() == delivery.ids
    assert not [finding for finding in layer.findings if finding.key == "product_values"]
    assert layer.frame.area.sum() == frame.area.sum()
