"""Look-alike styles: similarity by mixed attributes and outlines, nearest neighbours, homogeneity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from cordwainer.assessment.definitions import rows
from cordwainer.assessment.kernels import nearest
from cordwainer.assessment.silhouettes import WORDS, alike, mirrored
from cordwainer.cluster import Cluster
from cordwainer.core import Text, UserError
from cordwainer.tasks import ThreadExecutor

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int32]
Bits = npt.NDArray[np.uint64]
_BLOCK = 500
SILHOUETTE = "silhouette"
"""Name of the weight of outlines."""
LEAST = 5
"""Firms of which something is told together, at least."""
_DRAWS = 200


@dataclass(frozen=True)
class Styles:
    """Styles with their attributes as numbers; names and weights of the attributes in the order of the columns.

    ``outlines``: styles x words of bits, none set where a style has no picture.
    """

    frame: pl.DataFrame
    codes: Codes
    weights: Floats
    numbers: Floats
    number_weights: Floats
    categorical: tuple[str, ...]
    numeric: tuple[str, ...]
    outlines: Bits
    outline_weight: float

    @property
    def pictured(self) -> npt.NDArray[np.bool_]:
        """Which styles have an outline."""
        return np.asarray(self.outlines.any(axis=1))


def shipped_weights() -> dict[str, float]:
    """Return the weight of each attribute, from the data file."""
    return {r["attribute"]: float(r["weight"]) for r in rows("similarity")}


def styles_of(
    frame: pl.DataFrame, weights: Mapping[str, float] | None = None, outlines: Mapping[str, Bits] | None = None
) -> Styles:
    """Return styles ready to be compared.

    Parameters
    ----------
    frame
        Table style.
    weights
        Weight by attribute, and of ``silhouette``; without it those that are shipped. Weights of 0 leave an attribute out.
    outlines
        Outline by style, of those of which there is a picture. Two styles of which one has none are compared by attributes alone.

    Raises
    ------
    UserError
        If an attribute is not known, or no weight is above 0.
    """
    kinds = {r["attribute"]: r["kind"] for r in rows("similarity")}
    given = shipped_weights() if weights is None else dict(weights)
    strange = sorted(set(given) - set(kinds))
    if strange or not any(w > 0 for w in given.values()):
        raise UserError(
            "bad-weights",
            Text(f"Weights cannot be {given}.", f"权重不能是 {given}。"),
            Text(
                f"Choose from: {', '.join(kinds)}; one weight above 0.", f"可选：{'、'.join(kinds)}；至少一个大于 0。"
            ),
        )
    # Heavy attributes first: two styles that differ are told apart after few of them.
    order = sorted((a for a in given if given[a] > 0), key=lambda a: (-given[a], a))
    cats = [a for a in order if kinds[a] == "categorical"]
    nums = [a for a in order if kinds[a] == "numeric"]
    codes = [frame[a].rank("dense").cast(pl.Int32).fill_null(0).to_numpy() - 1 for a in cats]
    return Styles(
        frame=frame,
        codes=np.ascontiguousarray(np.array(codes, np.int32).reshape(len(cats), frame.height).T),
        weights=np.array([given[a] for a in cats], np.float64),
        numbers=np.ascontiguousarray(
            np.array([_scaled(frame[a]) for a in nums], np.float64).reshape(len(nums), frame.height).T
        ),
        number_weights=np.array([given[a] for a in nums], np.float64),
        categorical=tuple(cats),
        numeric=tuple(nums),
        outlines=_outlines(frame, outlines or {}),
        outline_weight=given.get(SILHOUETTE, 0.0) if outlines else 0.0,
    )


def _outlines(frame: pl.DataFrame, known: Mapping[str, Bits]) -> Bits:
    none = np.zeros(WORDS, np.uint64)
    return np.array([known.get(s, none) for s in frame["style"]], np.uint64).reshape(frame.height, WORDS)


def _scaled(column: pl.Series) -> Floats:
    """Return a column over its range; 0 throughout where all known values are equal."""
    x = column.cast(pl.Float64).fill_null(np.nan).to_numpy()
    width = float(np.nanmax(x) - np.nanmin(x)) if (~np.isnan(x)).any() else 0.0
    return np.asarray(np.where(np.isnan(x), np.nan, x / width if width > 0 else 0.0), np.float64)


@dataclass(frozen=True)
class Neighbours:
    """The k nearest other styles of each style: positions (-1 where there are fewer) and similarity, 0 to 1 (nan there)."""

    position: Codes
    similarity: Floats

    @property
    def density(self) -> Floats:
        """Mean similarity to the nearest styles, one for each style."""
        known = ~np.isnan(self.similarity)
        total = np.where(known, self.similarity, 0.0).sum(axis=1)
        return np.asarray(total / np.maximum(known.sum(axis=1), 1), np.float64)


def neighbours(styles: Styles, k: int = 8, workers: int = 2) -> Neighbours:
    """Return the exact nearest neighbours: weighted agreement over the attributes that both styles have.

    An attribute with names counts 1 where they are equal; one with numbers 1 less the difference over its range; outlines, where
    both have a picture, the share of cells that both fill among those that one fills. The answer does not depend on the number of workers.
    """
    n = styles.frame.height
    blocks = [(b, min(n, b + _BLOCK)) for b in range(0, n, _BLOCK)]
    order = np.lexsort([*styles.numbers.T[::-1], *styles.codes.T[::-1]]) if n else np.zeros(0, np.int64)
    codes, numbers, name = styles.codes[order], styles.numbers[order], order.astype(np.int32)
    shown = styles.outlines[order]
    given = (codes, styles.weights, numbers, styles.number_weights, shown, mirrored(shown), styles.outline_weight, name)

    def work(block: tuple[int, int]) -> tuple[Codes, Floats]:
        found: tuple[Codes, Floats] = nearest(*given, *block, k)
        return found

    with ThreadExecutor(workers) as executor:
        parts = executor.map(work, blocks)
    position, apart = np.full((n, k), -1, np.int32), np.zeros((n, k))
    for (begin, end), (names, far) in zip(blocks, parts, strict=True):
        position[order[begin:end]], apart[order[begin:end]] = names, far
    return Neighbours(position, np.where(position >= 0, 1 - apart, np.nan))


def outline_similarity(styles: Styles, at: int, others: npt.NDArray[np.int32]) -> list[float | None]:
    """Return how alike the outline of one style is to those of others; None where one of both has no picture."""
    pictured = styles.pictured
    return [alike(styles.outlines[at], styles.outlines[j]) if pictured[at] and pictured[j] else None for j in others]


def mean_similarity(styles: Styles, rows_: npt.NDArray[np.int64]) -> float:
    """Return the mean over attributes, by weight, of the mean agreement of all pairs of some styles; nan below two.

    Pairs of which one does not know the attribute are left out of that attribute's mean.
    """
    total, weight = 0.0, 0.0
    for c, w in enumerate(styles.weights):
        x = styles.codes[rows_, c]
        counts = np.bincount(x[x >= 0])
        n = counts.sum()
        if n > 1:
            total, weight = total + w * float((counts * (counts - 1)).sum() / (n * (n - 1))), weight + w
    for m, w in enumerate(styles.number_weights):
        x = styles.numbers[rows_, m]
        x = np.sort(x[~np.isnan(x)])
        n = x.size
        if n > 1:
            apart = float(((2 * np.arange(1, n + 1) - n - 1) * x).sum() * 2 / (n * (n - 1)))
            total, weight = total + w * (1 - apart), weight + w
    return total / weight if weight else float("nan")


def homogeneity(cluster: Cluster, styles: Styles, by: str, seed: int = 0) -> pl.DataFrame:
    """Return how far the styles of a category or district (of their owner) are from a random draw of all styles.

    Columns: group, firms, styles, similarity, index, low, high. ``index`` = (similarity - s) / (1 - s), s = mean similarity of all
    pairs of the cluster: 0 like a random draw, 1 all alike, below 0 more varied. ``low`` and ``high``: where 90 per cent of 200
    random draws of as many styles lie. Of groups with fewer than five owners only the numbers are told.
    """
    where = cluster["firm"].select(owner="firm", district="district")
    table = styles.frame.with_row_index("at").join(where, on="owner", how="left", maintain_order="left")
    base = mean_similarity(styles, np.arange(styles.frame.height))
    rng, found = np.random.default_rng(seed), []
    for name, part in sorted(table.drop_nulls(by).partition_by(by, as_dict=True).items(), key=lambda kv: str(kv[0][0])):
        row: dict[str, object] = {"group": str(name[0]), "firms": part["owner"].n_unique(), "styles": part.height}
        if part["owner"].drop_nulls().n_unique() >= LEAST and part.height > 1 and base < 1:
            here = mean_similarity(styles, part["at"].to_numpy().astype(np.int64))
            drawn = [
                mean_similarity(styles, rng.choice(styles.frame.height, part.height, replace=False))
                for _ in range(_DRAWS)
            ]
            low, high = np.quantile((np.array(drawn) - base) / (1 - base), [0.05, 0.95])
            row |= {"similarity": here, "index": (here - base) / (1 - base), "low": float(low), "high": float(high)}
        found.append(row)
    numbers = dict.fromkeys(("similarity", "index", "low", "high"), pl.Float64)
    return pl.DataFrame(found, schema={"group": pl.String, "firms": pl.Int64, "styles": pl.Int64, **numbers})
