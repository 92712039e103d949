"""Rules of styles: routings are in-trees with one last stage, bills name stages of the routing."""

from __future__ import annotations

import polars as pl

from cordwainer.cluster.rules.rule import CrossRule, Frames, RowRule
from cordwainer.cluster.schema import ROW

ROW_RULES: dict[str, list[RowRule]] = {}

_STYLE = ["style"]
TEMPLATE_KEY = ["construction", "category"]


def _named(frame: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    return frame.with_columns(value=pl.concat_str(key, separator=" / "))


def _shape(frames: Frames, table: str, key: list[str]) -> pl.DataFrame:
    """Return, for each routing, its stages, arcs, last stages and the stages that have more than one next stage."""
    stages = frames[table].group_by(key).agg(stages=pl.len())
    arcs = frames[f"{table}_before"]
    many = arcs.group_by([*key, "stage"]).agg(n=pl.len()).group_by(key).agg(most_next=pl.col("n").max())
    last = frames[table].join(arcs, on=[*key, "stage"], how="anti").group_by(key).agg(last=pl.len())
    return (
        stages.join(last, on=key, how="left")
        .join(many, on=key, how="left")
        .with_columns(pl.col("last", "most_next").fill_null(0))
    )


def _ends(table: str, key: list[str]) -> CrossRule:
    """More than one last stage, or a stage with two next stages; no last stage at all is a cycle."""

    def find(frames: Frames) -> pl.DataFrame:
        bad = _shape(frames, table, key).filter((pl.col("last") > 1) | (pl.col("most_next") > 1))
        rows = frames[table].with_row_index(ROW).unique(key, keep="first", maintain_order=True)
        return _named(rows.join(bad, on=key, how="semi"), key).select(ROW, "value")

    return CrossRule("routing-ends", table, "stage", find)


def _cycle(table: str, key: list[str]) -> CrossRule:
    """Stages from which no last stage is reached by following the arcs."""

    def find(frames: Frames) -> pl.DataFrame:
        arcs = frames[f"{table}_before"].select(*key, "stage", "after_stage")
        left = arcs.select(*key, stage="stage")
        while True:
            # A stage is settled when each of its next stages is settled (or is a last stage).
            waiting = (
                arcs.join(left, on=[*key, "stage"], how="semi")
                .join(left.rename({"stage": "after_stage"}), on=[*key, "after_stage"], how="semi")
                .select(*key, "stage")
                .unique()
            )
            if waiting.height == left.select(*key, "stage").unique().height:
                break
            left = waiting
        rows = frames[f"{table}_before"].with_row_index(ROW).unique(key, keep="first", maintain_order=True)
        return _named(rows.join(left, on=key, how="semi"), key).select(ROW, "value")

    return CrossRule("routing-cycle", f"{table}_before", "after_stage", find)


def _stage(table: str, key: list[str]) -> CrossRule:
    def find(frames: Frames) -> pl.DataFrame:
        arcs = frames[f"{table}_before"].with_row_index(ROW)
        known = frames[table].select(*key, "stage")
        lost = pl.concat(
            [
                arcs.join(known, on=[*key, "stage"], how="anti"),
                arcs.join(known.rename({"stage": "after_stage"}), on=[*key, "after_stage"], how="anti"),
            ]
        ).unique(ROW)
        return _named(lost, key).select(ROW, "value").sort(ROW)

    return CrossRule("routing-stage", f"{table}_before", "stage", find)


def _no_routing(frames: Frames) -> pl.DataFrame:
    return (
        frames["style"]
        .with_row_index(ROW)
        .join(frames["routing"], on="style", how="anti")
        .join(frames["routing_template"], on=TEMPLATE_KEY, how="anti")
        .select(ROW, value="style")
    )


def effective_routing(frames: Frames) -> pl.DataFrame:
    """Return style and stage of every style: its own routing, else its template."""
    return effective(frames, "routing", "routing_template", ["stage"])


def effective(frames: Frames, own: str, template: str, columns: list[str]) -> pl.DataFrame:
    """Return style and ``columns`` of a table of styles, with those of its template for styles that have no row."""
    mine = frames[own].select("style", *columns)
    assumed = (
        frames["style"]
        .select("style", *TEMPLATE_KEY)
        .join(mine, on="style", how="anti")
        .join(frames[template], on=TEMPLATE_KEY)
        .select("style", *columns)
    )
    return pl.concat([mine, assumed])


def _bill_stage(frames: Frames) -> pl.DataFrame:
    return (
        frames["bill_of_material"]
        .with_row_index(ROW)
        .join(effective_routing(frames), on=["style", "stage"], how="anti")
        .select(ROW, value="style")
    )


def _bill_template_stage(frames: Frames) -> pl.DataFrame:
    bill = frames["bill_template"].with_row_index(ROW)
    known = frames["routing_template"].select(*TEMPLATE_KEY, "stage")
    return _named(bill.join(known, on=[*TEMPLATE_KEY, "stage"], how="anti"), TEMPLATE_KEY).select(ROW, "value")


CROSS_RULES = [
    _stage("routing", _STYLE),
    _stage("routing_template", TEMPLATE_KEY),
    _cycle("routing", _STYLE),
    _cycle("routing_template", TEMPLATE_KEY),
    _ends("routing", _STYLE),
    _ends("routing_template", TEMPLATE_KEY),
    CrossRule("no-routing", "style", "style", _no_routing),
    CrossRule("bill-stage", "bill_of_material", "stage", _bill_stage),
    CrossRule("bill-stage", "bill_template", "stage", _bill_template_stage),
]
