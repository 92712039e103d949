"""Transfers between the lines of one stage and those of the next: the best value with which a pair can arrive."""

from __future__ import annotations

from typing import Any

import numpy as np

from cordwainer.referee.arrays import MOST, NO, Ints
from cordwainer.referee.facts import Facts
from cordwainer.referee.lines import Line


class Ways:
    """Transfers from the lines of one stage to those of the next, each sorted by district."""

    def __init__(self, facts: Facts, giver: list[Line], taker: list[Line]) -> None:
        giving, at = by_district(giver)
        taking, self.district = by_district(taker)
        self.starts: Ints = np.searchsorted(at, np.arange(len(giving)))
        shape = (len(giving), len(taking))
        self.price: Ints = np.zeros(shape, np.int64)
        T = len(facts.clock)
        self.latest: Ints = np.full((*shape, T), -1, np.int64)
        for i, one in enumerate(giving):
            for j, two in enumerate(taking):
                row = facts.transfers.get((one, two))
                if row is not None or one == two:
                    lag = 0 if row is None else row["lag_days"]
                    self.price[i, j] = 0 if row is None else self._price(facts, row)
                    self.latest[i, j] = [facts.clock.last_before(t, lag) for t in range(T)]
        self.pairs: Ints = self._same_firm(facts, giver, taker)

    @staticmethod
    def _price(facts: Facts, row: dict[str, Any]) -> int:
        price: int = 1000 * row["fen_pair"] + int(row["carbon"] * facts.carbon_price / 1_000_000)
        return min(MOST, price)

    def _same_firm(self, facts: Facts, giver: list[Line], taker: list[Line]) -> Ints:
        """Return pairs of lines of one firm between which the lag of their districts is lifted, with the price."""
        takers: dict[str, list[int]] = {}
        for j, two in enumerate(taker):
            takers.setdefault(two.firm, []).append(j)
        pairs: list[tuple[int, int, int]] = []
        for i, one in enumerate(giver):
            for j in takers.get(one.firm, ()):
                row = facts.transfers.get((one.district, taker[j].district))
                if row is not None and row["lag_days"] > 0:
                    pairs.append((i, j, self._price(facts, row)))
        return np.array(pairs, dtype=np.int64).reshape(-1, 3)

    def arrive(self, value: Ints, first: int, last: int) -> Ints:
        """Return the best value with which a pair can reach each line of the next stage in each period.

        Parameters
        ----------
        value
            Value of a pair worked on a line in a period, n x w, for the periods ``first`` to ``last`` - 1.
        first, last
            The window.
        """
        by_now = np.maximum.accumulate(value, axis=1)
        gathered = np.maximum.reduceat(by_now, self.starts, axis=0)
        latest = self.latest[:, :, first:last] - first
        shape = (gathered.shape[0], latest.shape[1], last - first)
        found = np.take_along_axis(np.broadcast_to(gathered[:, None, :], shape), np.maximum(latest, 0), axis=2)
        found = np.where(latest < 0, NO, found - self.price[:, :, None])
        best: Ints = found.max(axis=0)[self.district]
        if len(self.pairs):
            np.maximum.at(best, self.pairs[:, 1], by_now[self.pairs[:, 0]] - self.pairs[:, 2][:, None])
        return best


def by_district(lines: list[Line]) -> tuple[list[str], Ints]:
    """Return the districts of lines in order, and the number of the district of every line."""
    districts = sorted({x.district for x in lines})
    number = {d: k for k, d in enumerate(districts)}
    return districts, np.array([number[x.district] for x in lines], dtype=np.int64)
