"""Tiny models and what is best in them, found by trying everything in exact arithmetic."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from cordwainer.solvers import LinearModel

Limit = Fraction | int | None


@dataclass(frozen=True)
class Tiny:
    """A model of a few columns, all between whole bounds; None: no bound on that side."""

    costs: tuple[int, ...]
    boxes: tuple[tuple[int, int], ...]
    rows: tuple[tuple[int, ...], ...]
    limits: tuple[tuple[Limit, Limit], ...]
    integral: tuple[bool, ...]
    maximise: bool

    def model(self) -> LinearModel:
        """Return it as the room takes it."""
        dense = np.array(self.rows, dtype=float).reshape(len(self.rows), len(self.costs))
        columns, rows = np.nonzero(dense.T)
        return LinearModel(
            costs=np.array(self.costs, dtype=float),
            column_lower=np.array([low for low, _ in self.boxes], dtype=float),
            column_upper=np.array([high for _, high in self.boxes], dtype=float),
            row_lower=np.array([-np.inf if low is None else float(low) for low, _ in self.limits], dtype=float),
            row_upper=np.array([np.inf if high is None else float(high) for _, high in self.limits], dtype=float),
            starts=np.searchsorted(columns, np.arange(len(self.costs) + 1)).astype(np.int32),
            indices=rows.astype(np.int32),
            values=dense.T[columns, rows],
            integral=np.array(self.integral, dtype=bool),
            maximise=self.maximise,
        )

    def holds(self, point: Sequence[Fraction]) -> bool:
        """Return whether a point obeys everything but whole numbers."""
        boxed = all(low <= x <= high for x, (low, high) in zip(point, self.boxes, strict=True))
        sums = [sum((a * x for a, x in zip(row, point, strict=True)), Fraction()) for row in self.rows]
        pairs = zip(sums, self.limits, strict=True)
        return boxed and all((low is None or low <= s) and (high is None or s <= high) for s, (low, high) in pairs)

    def best(self, relaxed: bool) -> Fraction | None:
        """Return the best objective; None where no point holds."""
        worth = [sum((c * x for c, x in zip(self.costs, p, strict=True)), Fraction()) for p in self._points(relaxed)]
        if not worth:
            return None
        return max(worth) if self.maximise else min(worth)

    def _points(self, relaxed: bool) -> Iterator[Sequence[Fraction]]:
        """Yield points among which there is a best one: every choice of the whole numbers, then every corner."""
        whole = [not relaxed and flag for flag in self.integral]
        spans = [range(low, high + 1) if w else (None,) for w, (low, high) in zip(whole, self.boxes, strict=True)]
        for fixed in itertools.product(*spans):
            for point in self._corners(fixed):
                if self.holds(point):
                    yield point

    def _corners(self, fixed: Sequence[int | None]) -> Iterator[Sequence[Fraction]]:
        """Yield the points where as many bounds and rows are met as there are columns left free."""
        free = [j for j, value in enumerate(fixed) if value is None]
        planes = [(row, b) for row, limits in zip(self.rows, self.limits, strict=True) for b in limits if b is not None]
        for j in free:
            unit = tuple(int(j == k) for k in range(len(fixed)))
            planes += [(unit, b) for b in self.boxes[j]]
        for chosen in itertools.combinations(planes, len(free)):
            left = [[Fraction(row[j]) for j in free] for row, _ in chosen]
            right = [Fraction(b - sum(row[j] * (x or 0) for j, x in enumerate(fixed))) for row, b in chosen]
            found = _solve(left, right)
            if found is not None:
                rest = iter(found)
                yield [next(rest) if x is None else Fraction(x) for x in fixed]


def _solve(left: list[list[Fraction]], right: list[Fraction]) -> list[Fraction] | None:
    """Return x with left · x = right; None where there is none or more than one."""
    rows = [[*row, b] for row, b in zip(left, right, strict=True)]
    size = len(rows)
    for k in range(size):
        pivot = next((i for i in range(k, size) if rows[i][k]), None)
        if pivot is None:
            return None
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [a / rows[k][k] for a in rows[k]]
        for i in range(size):
            if i != k:
                rows[i] = [a - rows[i][k] * b for a, b in zip(rows[i], rows[k], strict=True)]
    return [row[-1] for row in rows]


@st.composite
def tiny_models(draw: st.DrawFn) -> Tiny:
    """Draw a tiny model; some have no point that holds."""
    columns, rows = draw(st.integers(1, 4)), draw(st.integers(0, 2))
    small = st.integers(-4, 4)
    boxes = []
    for _ in range(columns):
        low = draw(st.integers(-2, 2))
        boxes.append((low, low + draw(st.integers(0, 3))))
    limits: list[tuple[Limit, Limit]] = []
    for _ in range(rows):
        kind, at = draw(st.sampled_from(("low", "high", "both", "none"))), Fraction(draw(st.integers(-24, 24)), 4)
        width = Fraction(draw(st.integers(0, 12)), 4)
        limits.append((at if kind in ("low", "both") else None, at + width if kind in ("high", "both") else None))
    return Tiny(
        costs=tuple(draw(small) for _ in range(columns)),
        boxes=tuple(boxes),
        rows=tuple(tuple(draw(small) for _ in range(columns)) for _ in range(rows)),
        limits=tuple(limits),
        integral=tuple(draw(st.booleans()) for _ in range(columns)),
        maximise=draw(st.booleans()),
    )
