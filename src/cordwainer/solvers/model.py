"""A linear or mixed-integer model as arrays, refused when it says nothing sensible."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cordwainer.core import CordwainerError, Text

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

LARGEST_NUMBER = 1e15
"""Costs and matrix values beyond this are refused by HiGHS (option ``large_matrix_value``)."""


class ModelError(CordwainerError):
    """The model's arrays say nothing sensible: mend whoever built them; ``faults`` lists what is wrong."""

    def __init__(self, faults: tuple[Text, ...]) -> None:
        self.faults = faults
        super().__init__(
            "model-arrays",
            Text("; ".join(f.en for f in faults) + ".", "；".join(f.zh for f in faults) + "。"),
            Text("Build the model's arrays anew.", "请重新生成模型数组。"),
        )


@dataclass(frozen=True, eq=False)
class LinearModel:
    """Find x that minimises (or maximises) offset + costs · x, with row_lower ≤ A x ≤ row_upper and x in its bounds.

    A is kept by columns: the entries of column j are those from starts[j] up to and without starts[j + 1].

    Parameters
    ----------
    costs
        Value of one unit of each column; finite; shape (columns,).
    column_lower, column_upper
        Bounds of each column, infinite where there is none; shape (columns,).
    row_lower, row_upper
        Bounds of each row, infinite where there is none; shape (rows,).
    starts
        First entry of each column, then the number of entries; shape (columns + 1,).
    indices
        Row of each entry, each row at most once in a column; shape (entries,).
    values
        Coefficient of each entry; finite; shape (entries,).
    integral
        Which columns must be whole numbers; None: none must; shape (columns,).
    maximise
        Whether more is better.
    offset
        Constant of the objective.

    Raises
    ------
    ModelError
        When shapes disagree, a number is not one, or an entry lies outside the matrix.
    """

    costs: Floats
    column_lower: Floats
    column_upper: Floats
    row_lower: Floats
    row_upper: Floats
    starts: Ints
    indices: Ints
    values: Floats
    integral: Flags | None = None
    maximise: bool = False
    offset: float = 0.0

    def __post_init__(self) -> None:
        for name, kind in _KINDS.items():
            given = getattr(self, name)
            if given is not None:
                object.__setattr__(self, name, _as(name, np.asarray(given), kind))
        faults = tuple(_shapes(self)) or (*_numbers(self), *_matrix(self))
        if faults:
            raise ModelError(faults)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.row_lower)

    @property
    def columns(self) -> int:
        """Number of columns."""
        return len(self.costs)

    @property
    def entry_columns(self) -> Ints:
        """Column of each entry; shape (entries,)."""
        return np.repeat(np.arange(self.columns, dtype=np.int32), np.diff(self.starts))


_BOUNDS = ("column_lower", "column_upper", "row_lower", "row_upper")
_KINDS: dict[str, npt.DTypeLike] = dict.fromkeys(("costs", "values", *_BOUNDS), np.float64)
_KINDS |= {"starts": np.int32, "indices": np.int32, "integral": np.bool_}


def _as(name: str, given: npt.NDArray[np.generic], kind: npt.DTypeLike) -> npt.NDArray[np.generic]:
    """Return an array in the type that the solver takes; never cut off or wrapped around.

    Raises
    ------
    ModelError
        When the array cannot be that type without loss.
    """
    wanted = np.dtype(kind)
    fits = (
        np.can_cast(given.dtype, wanted, "safe") or given.size == 0 or (wanted.kind == "f" and given.dtype.kind in "iu")
    )
    if wanted.kind == "i" and given.dtype.kind in "iu":
        fits = given.size == 0 or bool(given.min() >= -(2**31) and given.max() < 2**31)
    if not fits:
        raise ModelError((Text(f"{name} holds {given.dtype} in place of {wanted}", f"{name} 的类型应为 {wanted}"),))
    return np.ascontiguousarray(given, dtype=wanted).reshape(given.shape)


def _shapes(model: LinearModel) -> Iterator[Text]:
    """Yield every array that has not the shape it must have."""
    columns, rows, entries = model.costs.size, model.row_lower.size, model.values.size
    wanted = {"costs": columns, "column_lower": columns, "column_upper": columns, "integral": columns}
    wanted |= {"row_lower": rows, "row_upper": rows, "starts": columns + 1, "indices": entries, "values": entries}
    for name, length in wanted.items():
        array = getattr(model, name)
        if array is not None and array.shape != (length,):
            yield Text(f"{name} has the shape {array.shape} in place of ({length},)", f"{name} 的形状应为 ({length},)")


def _numbers(model: LinearModel) -> Iterator[Text]:
    """Yield every array that holds something that is no number, or no number that a solver can take."""
    for name in ("costs", "values"):
        bad = np.flatnonzero(~(np.abs(getattr(model, name)) <= LARGEST_NUMBER))
        if len(bad):
            yield Text(
                f"{name}[{bad[0]}] is {getattr(model, name)[bad[0]]}, not a number up to {LARGEST_NUMBER:g} in size",
                f"{name}[{bad[0]}] 不是绝对值不超过 {LARGEST_NUMBER:g} 的数",
            )
    for name in _BOUNDS:
        array, forbidden = getattr(model, name), np.inf if name.endswith("lower") else -np.inf
        bad = np.flatnonzero(np.isnan(array) | (array == forbidden))
        if len(bad):
            yield Text(f"{name}[{bad[0]}] is {array[bad[0]]}, which bounds nothing", f"{name}[{bad[0]}] 不是有效界限")
    if not np.isfinite(model.offset):
        yield Text(f"offset is {model.offset}", "offset 不是有限数")


def _matrix(model: LinearModel) -> Iterator[Text]:
    """Yield what is wrong with the places of the entries."""
    if model.starts[0] != 0 or model.starts[-1] != len(model.indices) or (np.diff(model.starts) < 0).any():
        yield Text("starts does not rise from 0 to the number of entries", "starts 未从 0 递增到元素总数")
        return
    if len(model.indices) and (model.indices.min() < 0 or model.indices.max() >= model.rows):
        yield Text(
            f"indices holds rows outside 0 to {model.rows - 1}", f"indices 中有超出 0 至 {model.rows - 1} 的行号"
        )
        return
    rises = np.diff(model.indices) > 0
    inside = np.diff(model.entry_columns) == 0
    if (inside & ~rises).any():  # not in order: only then is it worth sorting
        places = model.entry_columns.astype(np.int64) * model.rows + model.indices
        if len(np.unique(places)) < len(places):
            yield Text("a column names the same row twice", "同一列中重复出现同一行")
