"""The smoothed bound: its slope is that of its value at any temperature, and never below the exact bound's orders."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from cordwainer.planning.cooling import usual_price
from cordwainer.planning.engine import Run
from cordwainer.planning.params import Settings
from cordwainer.planning.smooth import Point
from tests.small_plan import small_cluster

COLDNESS = (0.003, 0.0003, 0.00003)


@cache
def run() -> Run:
    """Return a planning whose prices have been descended for a while, every candidate taking part."""
    found = Run(small_cluster(), Settings(threads=1), None)
    found.cooling.advance(120)
    found.market.shortlist(np.ones(int(found.market.keep_ptr[-1]), np.bool_))
    return found


def rough(seed: int) -> Point:
    """Return the prices with each changed at random: some lines cost many times what others do."""
    rng = np.random.default_rng(seed)
    x = run().cooling.point
    T = x.line.shape[1]
    dear = np.arange(T) < rng.integers(0, T + 1, (len(x.line), 1))  # some lines cost much early, some late
    dear = np.where(rng.random((len(x.line), 1)) < 0.5, dear, ~dear)
    line = x.line * rng.uniform(0, 3, x.line.shape) + 5.0 * dear
    material = np.sort(x.material * rng.uniform(0.5, 2, x.material.shape), axis=1)[:, ::-1]
    return x._replace(line=line, material=np.ascontiguousarray(material))


@pytest.mark.parametrize("share", COLDNESS)
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("part", ["line", "material", "outside"])
def test_the_slope_is_that_of_the_value(share: float, seed: int, part: str) -> None:
    """However far apart the costs of cells are, compared with the temperature."""
    market, tau = run().market, share * usual_price(run().market.net)
    x = rough(seed)
    rng = np.random.default_rng(seed)
    here = getattr(x, part)
    way = here * rng.normal(size=here.shape)
    if not np.abs(way).any():
        way = rng.uniform(0, 1, here.shape)
    step = 1e-3 * tau / np.abs(way).max()
    ahead, behind = (market.at(x._replace(**{part: here + sign * step * way}), tau).value for sign in (1, -1))
    slope = float((getattr(market.at(x, tau).slope, part) * way).sum())
    size = float(np.abs(getattr(market.at(x, tau).slope, part) * way).sum())
    assert (ahead - behind) / (2 * step) == pytest.approx(slope, abs=1e-3 * size + 1e-6)


def test_colder_is_lower() -> None:
    """The smoothed value falls with the temperature, at any prices."""
    market = run().market
    for seed in range(4):
        values = [market.at(rough(seed), share * usual_price(market.net)).value for share in COLDNESS]
        assert values == sorted(values, reverse=True)
