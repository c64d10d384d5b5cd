"""The line of a study file on which something stands."""

import pytest

from landready.spec.lines import line_of

TEXT = """# en studie
[study]
id = "a"

[layers."väg.1"]
path = "x.gpkg"

[[criteria]]
id = "station_m"
value = { kind = "piecewise", points = [
  [0, 1.0],
  [300, 0.0],
] }

# den andra
[[criteria]]
id = "road_m"

[[profiles]]
id = "kontor"   # road_m nämns bara här i förbigående
requirements = { station_m = ">= 2" }

[profiles.weights]
station_m = 1
rod_m = 2
"""


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("study.id", 3),
        ("layers.väg.1.path", 6),
        ("layers.väg.1.role", 5),  # not there: the table round it
        ("criteria.station_m.value.points", 10),
        ("criteria.road_m", 16),
        ("criteria.1", 16),
        ("profiles.kontor.requirements.station_m", 21),
        ("profiles.kontor.weights.rod_m", 25),
        ("area.layer", None),
    ],
)
def test_line(where, line):
    assert line_of(TEXT, where) == line


def test_a_name_is_looked_for_from_the_place_on():
    assert line_of(TEXT, "profiles.kontor", name="rod_m") == 25
    assert line_of(TEXT, "profiles.kontor", name="road_m") == 19  # in a comment only: the place itself


LAYERS = """[layers]
rail = { path = "a.gpkg", role = "rail" }
roads = { path = "b.gpkg", columns = { name = "NAMN" } }

[layers.parcels]
path = "c.gpkg"

[layers.plans]
columns = { name = "NAMN" }
"""


def test_a_name_is_not_looked_for_in_the_layers_that_follow():
    assert line_of(LAYERS, "layers.roads", name="NAMN") == 3
    assert line_of(LAYERS, "layers.rail", name="NAMN") == 2
    assert line_of(LAYERS, "layers.parcels", name="NAMN") == 5
    assert line_of(LAYERS, "layers.plans", name="NAMN") == 9
