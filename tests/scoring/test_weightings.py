"""What is drawn: weightings sum to one, keep what was said, and spread as they should."""

import numpy as np
import pytest

from landready.errors import InputError
from landready.scoring import (
    any_weights,
    interval_weights,
    judged_weights,
    ordinal_weights,
    rank_order_centroid,
    weights_around,
)

ABC = ["a", "b", "c"]
COUNT = 20_000
CLOSE = 0.01  # four standard errors of a mean of so many draws


def drawn(weighting, columns=ABC, count=COUNT, seed=5):
    shares = weighting.draws(columns, count=count, seed=seed)
    assert shares.shape == (count, len(columns))
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-12)
    assert (shares >= 0).all()
    np.testing.assert_array_equal(shares, weighting.draws(columns, count=count, seed=seed))
    assert count == 1 or not np.array_equal(shares, weighting.draws(columns, count=count, seed=seed + 1))
    return shares


def test_any_weights_are_uniform_on_the_simplex():
    shares = drawn(any_weights())
    np.testing.assert_allclose(shares.mean(axis=0), 1 / 3, atol=CLOSE)
    np.testing.assert_allclose(shares.var(axis=0), 1 / 18, atol=CLOSE)
    assert (shares[:, 0] > 0.5).mean() == pytest.approx(0.25, abs=CLOSE)


def test_around_given_weights():
    shares = drawn(weights_around({"b": 30, "a": 60, "c": 10}, spread=0.2))
    np.testing.assert_allclose(shares.mean(axis=0), [0.6, 0.3, 0.1], atol=CLOSE)
    ratio = shares[:, 0] / shares[:, 1]
    assert 2 * 0.8 / 1.2 <= ratio.min() < 1.4
    assert 2.8 < ratio.max() <= 2 * 1.2 / 0.8
    as_given = weights_around([6, 3, 1], spread=0).draws(ABC, count=5, seed=1)
    np.testing.assert_allclose(as_given, [[0.6, 0.3, 0.1]] * 5)


def test_an_order_is_kept_and_its_middle_is_the_centroid():
    shares = drawn(ordinal_weights(["c", "a", "b"]))
    assert (shares[:, 2] >= shares[:, 0]).all()
    assert (shares[:, 0] >= shares[:, 1]).all()
    np.testing.assert_allclose(shares.mean(axis=0), rank_order_centroid(["c", "a", "b"])[ABC], atol=CLOSE)


def test_within_a_place_the_order_is_open():
    shares = drawn(ordinal_weights(["c", ["a", "b"]]))
    assert (shares[:, 2] >= shares[:, :2].max(axis=1)).all()
    assert (shares[:, 0] > shares[:, 1]).mean() == pytest.approx(0.5, abs=2 * CLOSE)
    # The same as all weights of which c is the largest.
    anywhere = any_weights().draws(ABC, count=3 * COUNT, seed=8)
    chosen = anywhere[anywhere.argmax(axis=1) == 2]
    np.testing.assert_allclose(shares.mean(axis=0), chosen.mean(axis=0), atol=CLOSE)
    np.testing.assert_allclose(shares.var(axis=0), chosen.var(axis=0), atol=CLOSE)


def test_intervals_are_kept_and_filled_evenly():
    limits = {"a": (0.2, 0.6), "b": (0.0, 0.5), "c": (0.1, 1.0)}
    shares = drawn(interval_weights(limits))
    anywhere = any_weights().draws(ABC, count=10 * COUNT, seed=8)
    low, high = np.array(list(limits.values())).T
    chosen = anywhere[((anywhere >= low) & (anywhere <= high)).all(axis=1)]
    assert (shares >= low - 1e-12).all()
    assert (shares <= high + 1e-12).all()
    np.testing.assert_allclose(shares.mean(axis=0), chosen.mean(axis=0), atol=CLOSE)
    for share in (0.1, 0.5, 0.9):
        np.testing.assert_allclose(
            np.quantile(shares, share, axis=0), np.quantile(chosen, share, axis=0), atol=2 * CLOSE
        )


def test_narrow_intervals():
    np.testing.assert_allclose(drawn(interval_weights({"a": (1, 1)}), ["a"], count=1), [[1.0]])
    point = interval_weights({"a": (0.5, 0.5), "b": (0.5, 0.5)}).draws(["a", "b"], count=2, seed=1)
    np.testing.assert_allclose(point, 0.5)


def test_judges():
    shares = judged_weights({"Eva": [1, 0, 0], "Bo": {"a": 0, "b": 1, "c": 1}}).draws(ABC, count=COUNT, seed=1)
    assert set(map(tuple, shares.tolist())) == {(1, 0, 0), (0, 0.5, 0.5)}
    assert shares[:, 0].mean() == pytest.approx(0.5, abs=2 * CLOSE)


@pytest.mark.parametrize(
    "make",
    [
        lambda: weights_around([1, 1, 1], spread=2),
        lambda: weights_around([1, 1, 1], spread=None),
        lambda: weights_around([1, 1]).draws(ABC, count=1, seed=0),
        lambda: ordinal_weights([]),
        lambda: ordinal_weights(["a", "b"]).draws(ABC, count=1, seed=0),
        lambda: ordinal_weights(["a", "b", "c", "d"]).draws(ABC, count=1, seed=0),
        lambda: interval_weights({"a": (0.6, 1), "b": (0.6, 1)}),
        lambda: interval_weights({"a": (0, 0.2), "b": (0, 0.2)}),
        lambda: interval_weights({"a": (0.5, 0.2), "b": (0, 1)}),
        lambda: interval_weights({"a": 0.5}),
        lambda: interval_weights({"a": (0, 50)}),
        lambda: interval_weights({"a": ("x", 1)}),
        lambda: interval_weights({}),
        lambda: interval_weights([(0, 1)]),
        lambda: interval_weights({"a": (0, 1)}).draws(ABC, count=1, seed=0),
        lambda: judged_weights({}),
        lambda: judged_weights([1, 2]),
        lambda: judged_weights({"Eva": [0, 0, 0]}).draws(ABC, count=1, seed=0),
    ],
)
def test_what_is_refused(make):
    with pytest.raises(InputError) as refused:
        make()
    assert refused.value.text("sv") != refused.value.text("en")
