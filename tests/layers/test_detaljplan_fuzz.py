"""Plan files with anything anywhere end in words or in layers, never in a traceback or a wrong kind of value."""

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landready import LandreadyError, read

pytestmark = pytest.mark.once

OPTIONS = {"deadline": None, "derandomize": True, "database": None, "suppress_health_check": list(HealthCheck)}
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(),
    st.text(max_size=6),
    st.sampled_from(
        [[], {}, [[]], [None], {"a": 1}, "", "å", "2021-13-01", "EPSG:3007", "laga kraft", "detaljplan", 0, -1, 1e308]
    ),
)
HEIGHT = "DP_KM_Eg_Hojd_HogstaHojd_Nockhojd"


def places(value, path=()):
    """Return the path of every value within a JSON value."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from places(inner, (*path, key))


def changed(value, path, new):
    value = copy.deepcopy(value)
    if not path:
        return new
    inner = value
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = new
    return value


def check_both(path):
    for role in ("plans", "plan_provisions"):
        try:
            layer = read(path, role=role, crs="EPSG:3006", duplicates="number")
        except LandreadyError as error:
            said = [error.text("sv"), error.text("en")]
        else:
            said = [finding.text(language) for finding in layer.findings for language in ("sv", "en")]
            frame = layer.frame
            assert frame.index.is_unique
            assert frame.is_valid.all()
            assert set(frame["permits_business"].dropna()) <= {True, False}
            assert frame.select_dtypes("number").map(lambda number: number != float("inf")).all(axis=None)
            if role == "plans":
                shares = frame.filter(like="_share")
                assert (shares.isna() | shares.ge(0) & shares.le(1)).all(axis=None)
        assert all(said)


@pytest.fixture
def content(producer):
    p = producer
    quarter = p.part(p.square(0, 0, 60, 100))
    return p.collection(
        p.plan(),
        p.provision("j", "DP_KM_J2", quarter),
        p.provision("h", HEIGHT, quarter, values=[p.number("12")]),
        p.plan("b", p.part(p.square(30))),
        p.provision("b", "DP_KM_B2", p.part(p.square(30)), of="b"),
    )


def test_anything_in_any_place_of_a_json_plan(content, tmp_path):
    paths = list(places(content))

    @settings(max_examples=150, **OPTIONS)
    @given(st.lists(st.tuples(st.sampled_from(paths), ODD), min_size=1, max_size=3))
    def run(changes):
        value = content
        for path, new in changes:
            try:
                value = changed(value, path, new)
            except (LookupError, TypeError):  # an earlier change took the place away
                continue
        file = tmp_path / "plan.json"
        file.write_text(json.dumps(value), encoding="utf-8")
        check_both(file)

    run()


@pytest.mark.parametrize("kind", ["json", "xml"])
def test_flipped_and_missing_bytes(content, producer, tmp_path, kind):
    p = producer
    corner = [(6_409_000, 150_000), (6_409_000, 150_100), (6_409_100, 150_050), (6_409_000, 150_000)]
    numbers = "<variabel><DP_VarDecimaltal><namn>e</namn><varde>55</varde></DP_VarDecimaltal></variabel>"
    plan = p.xml_plan(p.xml_use(1, "J", "DP_KM_J", "plan", p.xml_property(2, "DP_KM_Eg", "plan", numbers)))
    xml = p.xml_file(p.xml_line("L1", *corner), p.xml_area("plan", "+L1"), plan)
    whole = (json.dumps(content) if kind == "json" else xml).encode()

    @settings(max_examples=250, **OPTIONS)
    @given(
        st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=8),
        st.one_of(st.just(1.0), st.floats(0.01, 1.0)),
    )
    def run(flips, keep):
        hurt = bytearray(whole)
        for place, value in flips:
            hurt[place % len(hurt)] = value
        file = tmp_path / f"plan.{kind}"
        file.write_bytes(bytes(hurt[: max(1, int(len(hurt) * keep))]))
        check_both(file)

    run()
