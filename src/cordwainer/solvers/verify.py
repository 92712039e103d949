"""Check what a solver claims, with nothing but the model: points against rows, bounds from prices."""

from __future__ import annotations

import numpy as np

from cordwainer.solvers.model import Floats, LinearModel

TOLERANCE = 1e-6
"""How far a row may be off, as a share of its bound, or at bounds below 1 in its own unit."""

NOISE = 1e-12
"""How far a sum may be off by rounding alone, as a share of the size of its terms."""

WHOLE = 1e-5
"""How far the solver's value of a whole-number column may be from a whole number."""


def settled(model: LinearModel, values: object) -> Floats | None:
    """Return the point moved onto its bounds and whole numbers; None where that is more than a touch.

    Parameters
    ----------
    model
        The model.
    values
        What the solver returned for the columns.
    """
    point = _vector(values, model.columns)
    if point is None:
        return None
    lower, upper = model.column_lower, model.column_upper
    placed = np.minimum(np.maximum(point, lower), upper)
    if model.integral is not None:
        nearest = np.rint(placed)
        if (np.abs(nearest - placed) > WHOLE)[model.integral].any():
            return None
        placed = np.where(model.integral, nearest, placed)
        if ((placed < lower) | (placed > upper))[model.integral].any():
            return None
    far = np.abs(placed - point) > np.maximum(WHOLE, TOLERANCE * np.abs(placed))
    return None if far.any() else placed


def rows_hold(model: LinearModel, point: Floats) -> bool:
    """Return whether every row is within its bounds at the point, but for `TOLERANCE`."""
    terms = model.values * point[model.entry_columns]
    activity = np.bincount(model.indices, weights=terms, minlength=model.rows)
    noise = NOISE * np.bincount(model.indices, weights=np.abs(terms), minlength=model.rows)
    below = model.row_lower - activity - _allowed(model.row_lower) - noise
    above = activity - model.row_upper - _allowed(model.row_upper) - noise
    return bool((below <= 0).all() and (above <= 0).all())


def objective(model: LinearModel, point: Floats) -> tuple[float, float]:
    """Return the objective at the point, and how far a claim about it may be off."""
    terms = model.costs * point
    return float(model.offset + terms.sum()), TOLERANCE * (1 + abs(model.offset) + float(np.abs(terms).sum()))


def prices(model: LinearModel, row_duals: object) -> Floats | None:
    """Return the prices of the rows without those on a side that has no bound; None where they are no numbers.

    Parameters
    ----------
    model
        The model.
    row_duals
        What the solver returned for the rows.
    """
    duals = _vector(row_duals, model.rows)
    if duals is None:
        return None
    sign = -1.0 if model.maximise else 1.0
    idle = np.where(sign * duals > 0, np.isinf(model.row_lower), np.isinf(model.row_upper))
    return np.where(idle, 0.0, duals)


def bound_from_prices(model: LinearModel, duals: Floats) -> tuple[float, float]:
    """Return a bound on the objective that the prices y of the rows prove, and how far it may be off.

    When minimising, c x = (c − Aᵀy) x + y (A x), and each product is at least its least value within the bounds.
    A column without a bound whose reduced cost c − Aᵀy is 0 but for `TOLERANCE` is taken to earn nothing.

    Returns
    -------
    tuple of float
        The bound (infinite where the prices prove nothing) and its tolerance.
    """
    sign = -1.0 if model.maximise else 1.0
    weights = duals[model.indices] * model.values
    used = np.bincount(model.entry_columns, weights=weights, minlength=model.columns)
    reduced = sign * (model.costs - used)
    columns = _least(reduced, model.column_lower, model.column_upper, TOLERANCE * np.maximum(1, np.abs(model.costs)))
    rows = _least(sign * duals, model.row_lower, model.row_upper, np.zeros(model.rows))
    size = 1 + abs(model.offset) + float(np.abs(columns).sum() + np.abs(rows).sum())
    total = float(columns.sum() + rows.sum())
    return model.offset + sign * total, TOLERANCE * size if np.isfinite(size) else 0.0


def _least(factor: Floats, lower: Floats, upper: Floats, nothing: Floats) -> Floats:
    """Return the least of factor · x with x in its bounds; 0 for a factor up to ``nothing`` times an infinite bound."""
    at = np.where(factor > 0, lower, upper)
    idle = (factor == 0) | (np.isinf(at) & (np.abs(factor) <= nothing))
    with np.errstate(over="ignore"):
        return np.where(idle, 0.0, factor * np.where(idle, 0.0, at))


def _allowed(bound: Floats) -> Floats:
    """Return how far a row may be outside its bound."""
    return TOLERANCE * np.where(np.isinf(bound), 1.0, np.maximum(1.0, np.abs(bound)))


def _vector(given: object, length: int) -> Floats | None:
    """Return what a solver gave as finite numbers of the length wanted; None where it is not that."""
    try:
        array = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        return None
    return array if array.shape == (length,) and np.isfinite(array).all() else None
