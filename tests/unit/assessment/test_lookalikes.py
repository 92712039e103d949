"""Look-alike styles: neighbours against comparing all with all, homogeneity against drawing, prices and gaps by hand."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordwainer.assessment.demand import empty_spaces, net_prices, price_pressure
from cordwainer.assessment.lookalikes import (
    SILHOUETTE,
    Styles,
    homogeneity,
    mean_similarity,
    neighbours,
    shipped_weights,
    styles_of,
)
from cordwainer.assessment.silhouettes import SIDE, alike, packed
from cordwainer.cluster import Cluster, empty
from cordwainer.core import UserError


def frame(rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    """Return a table of styles; attributes that are not given are unknown."""
    return pl.concat([empty("style"), pl.DataFrame(rows, infer_schema_length=None)], how="diagonal_relaxed")


def similarity(styles: Styles, i: int, j: int) -> float:
    """Return the similarity of two styles as its definition says it."""
    shared = agreed = 0.0
    for c, w in enumerate(styles.weights):
        a, b = styles.codes[i, c], styles.codes[j, c]
        if a >= 0 and b >= 0:
            shared, agreed = shared + w, agreed + w * (a == b)
    for m, w in enumerate(styles.number_weights):
        gap = abs(styles.numbers[i, m] - styles.numbers[j, m])
        if not np.isnan(gap):
            shared, agreed = shared + w, agreed + w * (1 - gap)
    if styles.pictured[i] and styles.pictured[j]:
        shared += styles.outline_weight
        agreed += styles.outline_weight * alike(styles.outlines[i], styles.outlines[j])
    return agreed / shared if shared else 0.0


@given(seed=st.integers(0, 2**32), count=st.integers(1, 40), k=st.integers(1, 6), gaps=st.sampled_from([0.0, 0.3]))
@settings(max_examples=25)
def test_neighbours_are_those_of_comparing_all_with_all(seed: int, count: int, k: int, gaps: float) -> None:
    rng = np.random.default_rng(seed)

    def some(values: list[object]) -> object:
        return None if rng.random() < gaps else values[int(rng.integers(len(values)))]

    rows = [
        {"style": f"Y{i}", "construction": "cemented", "category": some(["boot", "casual"]), "tier": some([1, 2, 5])}
        | {"heel_mm": some([10, 35, 80]), "colour": some(["red", "blue"]), "upper_material": some(["a", "b", "c"])}
        for i in range(count)
    ]
    squares = {f"Y{i}": rng.random((SIDE, SIDE)) < rng.random() for i in range(count) if rng.random() >= gaps}
    styles = styles_of(frame(rows), outlines={style: packed(square) for style, square in squares.items()})
    found = neighbours(styles, k, workers=1)
    for i in range(count):
        wanted = sorted((-similarity(styles, i, j), j) for j in range(count) if j != i)[:k]
        np.testing.assert_allclose(found.similarity[i, : len(wanted)], [-d for d, _ in wanted], atol=1e-12)
        close = [round(-d, 9) for d, _ in wanted]
        if len(set(close)) == len(close):
            assert found.position[i, : len(wanted)].tolist()[:-1] == [j for _, j in wanted][:-1]
        assert (found.position[i, len(wanted) :] == -1).all()


def test_two_threads_find_the_same(middle: Cluster) -> None:
    styles = styles_of(middle["style"])
    one, two = neighbours(styles, workers=1), neighbours(styles, workers=2)
    np.testing.assert_array_equal(one.position, two.position)
    np.testing.assert_array_equal(one.similarity, two.similarity)


def test_weights_are_named_and_can_be_changed() -> None:
    rows = [
        {"style": s, "category": c, "colour": k}
        for s, c, k in (("X", "boot", "red"), ("Y", "boot", "tan"), ("Z", "casual", "red"))
    ]
    near = neighbours(styles_of(frame(rows)), 1, workers=1)
    assert near.position[0, 0] == 1  # the same category weighs more than the same colour
    assert near.similarity[0, 0] == pytest.approx(3 / 4)
    other = neighbours(styles_of(frame(rows), {"category": 1, "colour": 3}), 1, workers=1)
    assert other.position[0, 0] == 2
    with pytest.raises(UserError, match="bad-weights"):
        styles_of(frame(rows), {"smell": 1})
    assert set(shipped_weights()) - {SILHOUETTE} <= set(empty("style").columns)


def test_mean_similarity_is_that_of_all_pairs(middle: Cluster) -> None:
    styles = styles_of(middle["style"].head(60).drop("toe").with_columns(toe=pl.lit(None, pl.String)))
    pairs = [similarity(styles, i, j) for i in range(60) for j in range(i)]
    assert mean_similarity(styles, np.arange(60)) == pytest.approx(np.mean(pairs))


def test_homogeneity_is_nothing_for_a_random_draw_and_one_for_copies(middle: Cluster) -> None:
    owners = middle["firm"].filter(pl.col("district").is_not_null())["firm"].head(12)
    table = middle["style"].head(240).with_columns(owner=owners.gather(np.arange(240) % 12))
    rng = np.random.default_rng(3)
    drawn = table.with_columns(category=pl.Series(np.where(rng.random(240) < 0.5, "boot", "casual")))
    told = homogeneity(middle, styles_of(drawn, {"colour": 1, "closure": 1, "heel_mm": 1}), "category")
    assert (told["index"].abs() < 0.05).all()
    copies = table.with_columns(
        pl.when(pl.col("category") == "boot").then(pl.lit("red")).otherwise("colour").alias("colour")
    )
    same = homogeneity(middle, styles_of(copies, {"colour": 1}), "category").filter(group="boot")
    assert same["index"].item() == pytest.approx(1)
    assert same["index"].item() > same["high"].item()


def test_nothing_is_told_of_groups_of_fewer_than_five_owners(middle: Cluster) -> None:
    told = homogeneity(middle, styles_of(middle["style"]), "district")
    assert told.filter(pl.col("firms") < 5)["index"].null_count() == told.filter(pl.col("firms") < 5).height > 0
    assert told.filter(pl.col("firms") >= 5)["index"].null_count() == 0


def test_price_pressure_is_found_where_it_is(middle: Cluster) -> None:
    styles = styles_of(middle["style"])
    near = neighbours(styles)
    wanted = dict(
        zip(middle["style"]["style"], 8000 * np.exp(-2.0 * (near.density - near.density.mean())), strict=True)
    )
    order = middle["order"].with_columns(price=pl.col("style").replace_strict(wanted, return_dtype=pl.Float64).round(0))
    papers = middle["purchase_order"].with_columns(currency=pl.lit("CNY"), tax_included=pl.lit(value=False))
    moved = Cluster(
        {**middle.frames, "order": order.with_columns(pl.col("price").cast(pl.Int64)), "purchase_order": papers}
    )
    found = price_pressure(moved, styles, near)
    assert found is not None
    assert found.effect == pytest.approx(np.exp(-0.2) - 1, abs=0.005)
    assert found.low <= found.effect <= found.high
    assert price_pressure(Cluster({**moved.frames, "order": order.head(0)}), styles, near) is None


def test_prices_are_net_and_in_one_currency(middle: Cluster) -> None:
    row = net_prices(middle).filter(tax_included=True, currency="CNY").row(0, named=True)
    assert row["yuan"] == pytest.approx(row["price"] / 100 / (1 + middle.policy("vat_share")))


def test_empty_spaces_have_demand_price_and_few_styles(middle: Cluster) -> None:
    told = empty_spaces(middle)
    assert told.height
    assert (told["buyers"] >= 5).all()
    assert (told["premium"] > 0).all()
    assert told["room"].is_sorted(descending=True)
    assert empty_spaces(Cluster({**middle.frames, "order": middle["order"].head(4)})).is_empty()
