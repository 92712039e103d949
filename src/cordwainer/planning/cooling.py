"""The schedule of temperatures: descend, cool, ask all lines again, and keep the lowest exact bound on the way."""

from __future__ import annotations

import time
from collections import deque
from typing import NamedTuple

import numpy as np

from cordwainer.planning.descent import Descent, Market, inside, stakes
from cordwainer.planning.prices import Pricer
from cordwainer.planning.problem import Flags, Net
from cordwainer.planning.smooth import Point

HOTTEST = 0.003
"""First temperature as a share of the price of a usual pair: warmer, every line counts for every order, and a step takes long."""
COLDEST, COOLER = 4e-5, 0.5
"""Last temperature, as such a share, and the factor from stage to stage."""
TOO_COLD = 1e-4
"""Temperature from which what orders would do at the prices jumps from step to step: it is no guide any more."""
SPENT = 1e-5
"""Share by which the bound must fall in a coldest stage, or there is nothing more to get."""
STALLED = 1.0
"""A stage is over when the smoothed bound falls by less than so many temperatures (both as shares) from one asking of all lines to
the next."""
MOST_STEPS = 1200
"""Steps of a stage at most."""
LEAST_SHARE = 1e-3
"""Share of its order that a candidate must carry when all lines are asked to take part."""
ASKED_EVERY, REMEMBERED = 40, 3
"""Steps after which all lines are asked again, and the number of times for which an answer counts."""
LEAST_LINES = 8
MOST_ENTRIES = 1_500_000
"""Candidates of all jobs that take part at a time; more would need more memory and time than they are worth."""


def usual_price(net: Net) -> float:
    """Return what is at stake with a usual pair, in yuan."""
    stake = stakes(net)
    return max(1e-3, float(np.median(stake))) if len(stake) else 1.0


class Held(NamedTuple):
    """Where the descent was held: prices, temperature (yuan a pair), candidates that took part."""

    point: Point
    tau: float
    marks: Flags


class Cooling:
    """Prices that get better step by step; ``tau`` is the temperature (yuan a pair), ``point`` where the prices stand.

    ``steps`` of descent have taken ``seconds``; ``stages`` are over; ``marks`` says which candidates take part; once the coldest stage
    is over, the prices have ``settled``, and are ``exhausted`` when it brings nothing any more.
    """

    def __init__(self, market: Market, pricer: Pricer) -> None:
        self.market, self.pricer = market, pricer
        self._unit = usual_price(market.net)
        self.tau = HOTTEST * self._unit
        self._descent: Descent | None = None
        self._lowest = np.inf
        self._last: tuple[float, Point] | None = None
        self.point, self.stages = pricer.point, 0
        self.steps, self.seconds = 0, 0.0
        self.marks: Flags = np.zeros(int(market.keep_ptr[-1]), np.bool_)
        self._answers: deque[Flags] = deque(maxlen=REMEMBERED)
        self._shortlist(self.point)
        self.settled = self.exhausted = False
        self.held = Held(self.point, self.tau, self.marks)

    def hold(self) -> None:
        """Note where the descent stands now, unless it is so cold that what orders would do jumps from step to step."""
        if self._descent is not None and not self.reached(TOO_COLD):
            self.held = Held(self._descent.x, self.tau, self.marks)

    def _shortlist(self, point: Point) -> None:
        """Ask all lines at prices; those that carry enough of an order, now or the last times, take part from now on."""
        most = max(LEAST_LINES, MOST_ENTRIES // max(1, len(self.market.net.job_list)))
        self._answers.append(self.market.ask_all(point, self.tau, LEAST_SHARE, most))
        self.marks = np.logical_or.reduce(list(self._answers))
        self.market.shortlist(self.marks)

    @property
    def coldest(self) -> bool:
        """Whether there is nothing left to cool."""
        return self.tau <= COLDEST * self._unit

    def reached(self, share: float) -> bool:
        """Say whether the temperature is at most this share of the price of a usual pair."""
        return self.tau <= share * self._unit

    @property
    def step_s(self) -> float:
        """Seconds that a step takes."""
        return self.seconds / max(1, self.steps)

    def advance(self, steps: int) -> None:
        """Take at most ``steps`` steps; at the end of a stage evaluate the bound and cool."""
        if self._descent is None:
            self._descent = Descent(self.market, self.point, self.tau)
        for _ in range(steps):
            begun = time.monotonic()
            self._descent.step()
            self.seconds += time.monotonic() - begun
            self.steps += 1
            if self._descent.steps % ASKED_EVERY == 0:
                lowest, before = self._descent.lowest, self._lowest
                self._lowest = lowest
                if (
                    not before - lowest > STALLED * self.tau / self._unit * abs(lowest)
                    or self._descent.steps >= MOST_STEPS
                ):
                    self._finish()
                    return
                self._shortlist(self._descent.x)
                self._descent.refresh()

    def finish(self) -> None:
        """End the stage at once, where one has begun."""
        if self._descent is not None:
            self._finish()

    def _finish(self) -> None:
        """Evaluate the bound at the end of a stage, also a little beyond in the direction of cooling; then cool."""
        assert self._descent is not None  # noqa: S101 - a stage has steps
        now, bound = self._descent.x, self.pricer.bound
        self.pricer.offer(now)
        if self._last is not None:
            tau, then = self._last
            for part in (0.3, 0.6, 1.0):
                push = part * self.tau / (tau - self.tau)
                ahead = [np.asarray(a + push * (a - b)) for a, b in zip(now, then, strict=True)]
                self.pricer.offer(inside(ahead, [np.ones_like(a) for a in ahead], self.market.ceiling))
        self.hold()
        self.settled = self.settled or self.coldest
        self.exhausted = self.coldest and bound - self.pricer.bound < SPENT * abs(bound)
        self._last, self.point = None if self.coldest else (self.tau, now), now
        self._shortlist(self.point)
        self._descent, self._lowest = None, np.inf
        if not self.coldest:
            self.tau *= COOLER
            self.stages += 1
