"""Named corruptions of the good plan of the busy cluster, each with the one rule that it breaks."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from tests.golden.worked import parsed
from tests.unit.referee.busy import Frames

Change = Callable[[Frames], None]


def put(table: str, rows: str) -> Change:
    """Return the change that adds rows, given as CSV without header, to a table of the plan."""

    def change(frames: Frames) -> None:
        header = ",".join(frames[table].columns)
        frames[table] = pl.concat([frames[table], parsed(table, f"{header}\n{rows}")])

    return change


def drop(table: str, **where: object) -> Change:
    """Return the change that takes the rows with the given values out of a table."""

    def change(frames: Frames) -> None:
        keep = ~pl.all_horizontal(pl.col(c) == v for c, v in where.items())
        left = frames[table].filter(keep)
        assert left.height < frames[table].height
        frames[table] = left

    return change


def replace(table: str, rows: str, **where: object) -> Change:
    """Return the change that puts rows in place of those with the given values."""
    return both(drop(table, **where), put(table, rows))


def both(*changes: Change) -> Change:
    """Return one change after the other."""

    def change(frames: Frames) -> None:
        for one in changes:
            one(frames)

    return change


def move(lot: str, closing: str, lasting: str) -> Change:
    """Return the change that gives a lot other lines."""
    return replace("lot_line", f"{lot},closing,{closing}\n{lot},lasting,{lasting}", lot=lot)


def rework(lot: str, stage: str, cells: str) -> Change:
    """Return the change that gives a lot other work in a stage, as ``period:pairs``."""
    rows = "\n".join(f"{lot},{stage},{cell.replace(':', ',')}" for cell in cells.split(","))
    return replace("work", rows, lot=lot, stage=stage)


def lot(name: str, order: str, pairs: int, lines: tuple[str, str], closing: str, lasting: str) -> Change:
    """Return the change that adds a lot."""
    work = [
        (s, c.replace(":", ",")) for s, cells in (("closing", closing), ("lasting", lasting)) for c in cells.split(",")
    ]
    return both(
        put("lot", f"{name},{order},{pairs}"),
        put("lot_line", f"{name},closing,{lines[0]}\n{name},lasting,{lines[1]}"),
        put("work", "\n".join(f"{name},{stage},{cell}" for stage, cell in work)),
    )


def without(name: str) -> Change:
    """Return the change that takes a lot out of the plan."""
    return both(drop("lot", lot=name), drop("lot_line", lot=name), drop("work", lot=name))


def sized(name: str, order: str, pairs: int) -> Change:
    """Return the change that gives a lot other pairs."""
    return replace("lot", f"{name},{order},{pairs}", lot=name)


FOUR_LOTS = both(
    *(
        both(sized(f"A{k}", "A", 50), rework(f"A{k}", "closing", "1:50"), rework(f"A{k}", "lasting", "1:50"))
        for k in (1, 2)
    ),
    lot("A3", "A", 50, ("C5", "L1"), "1:50", "1:50"),
    lot("A4", "A", 50, ("C5", "L7"), "1:50", "1:50"),
)

CORRUPTIONS: dict[str, tuple[str, Change]] = {
    "a pair is closed twice": ("lot-work-sums", rework("A1", "closing", "1:101")),
    "a pair is never lasted": ("lot-work-sums", rework("A1", "lasting", "1:99")),
    "a stage is not worked at all": ("lot-work-sums", drop("work", lot="A1", stage="lasting")),
    "a stage that the routing does not have is worked": ("lot-work-sums", put("work", "A1,cutting,1,5")),
    "a lasting line closes": ("lot-lines", move("A1", "L7", "L1")),
    "a line for a stage that the routing does not have": ("lot-lines", put("lot_line", "A1,sole,C1")),
    "two lots have the same lines": ("lot-distinct", move("A2", "C1", "L1")),
    "four lots where three are allowed": ("lot-count", FOUR_LOTS),
    "a lot below the smallest of its order": (
        "lot-smallest",
        both(
            *(sized("A1", "A", 190), rework("A1", "closing", "1:190"), rework("A1", "lasting", "1:190")),
            *(sized("A2", "A", 10), rework("A2", "closing", "1:10"), rework("A2", "lasting", "1:10")),
        ),
    ),
    "a lot below the smallest of its line": ("lot-smallest", move("A2", "C1", "large")),
    "a second firm where one is allowed": ("lot-makers", move("A2", "C2", "L2")),
    "pairs are lasted before they are closed": (
        "precedence",
        both(rework("A2", "closing", "2:100"), rework("A2", "lasting", "1:40,2:60")),
    ),
    "some pairs are lasted a week too soon": ("precedence", rework("A2", "closing", "1:39,2:61")),
    "pairs cross districts in no time": ("precedence", both(move("V1", "C1", "L1"), move("W1", "C1", "L2"))),
    "pairs cross districts in half the time": (
        "precedence",
        both(move("W1", "C1", "L2"), rework("W1", "lasting", "1:50")),
    ),
    "no way between the districts": ("transfer-allowed", move("W1", "C3", "L1")),
    "work before the earliest date": ("window", rework("A1", "closing", "0:100")),
    "work after the latest date": ("window", rework("A2", "lasting", "1:40,3:60")),
    "a line too coarse": ("line-tier", move("W1", "C1", "coarse")),
    "a line that makes other shoes": ("line-makes", move("W1", "C1", "sports")),
    "another maker than the named one": ("named-makers", move("N1", "C2", "L2")),
    "a barred maker lasts": ("barred-makers", move("X1", "C1", "L3")),
    "a barred maker closes and lasts": ("barred-makers", move("X1", "C3", "L3")),
    "a site without approval": ("approval", move("V1", "C2", "L2")),
    "work after the approval": ("approval", rework("V1", "lasting", "1:60")),
    "a firm without certificate": ("certificate", move("R1", "C1", "L3")),
    "a firm without certificate for an early stage": (
        "certificate",
        both(move("R1", "C2", "L1"), rework("R1", "lasting", "2:60"), rework("R1", "closing", "0:60")),
    ),
    "work in the week in which the certificate ends": ("certificate", rework("R1", "lasting", "2:60")),
    "a frozen lot is moved in time": ("frozen", rework("Z1", "lasting", "2:40")),
    "a frozen lot is moved to another line": ("frozen", move("Z1", "C1", "L7")),
    "a frozen lot is made again": ("frozen", both(rework("Z1", "closing", "0:40"))),
    "a frozen lot is left out": (
        "frozen",
        both(
            without("Z1"),
            *(sized("Z3", "Z", 100), rework("Z3", "closing", "0:100"), rework("Z3", "lasting", "0:100")),
        ),
    ),
    "a line works too much": ("capacity", move("W1", "C1", "narrow")),
    "a line works too much in one week of two": (
        "capacity",
        both(move("A2", "C1", "narrow"), rework("A2", "lasting", "1:28,2:72")),
    ),
    "nobody has the skill": ("skill", move("M1", "C1", "L3")),
    "more pairs than lasts": ("tool", rework("T1", "lasting", "0:150,1:50")),
    "material is short by a step": ("material", replace("purchase", "X,0,55000", offer="X")),
    "material comes after the work": ("material", rework("U1", "lasting", "0:60")),
    "material is ordered too late": ("material", replace("purchase", "X,1,60000", offer="X")),
    "nothing is bought": ("material", drop("purchase", offer="X")),
    "no whole multiple": ("purchase-quantity", replace("purchase", "X,0,61000", offer="X")),
    "below the minimum": ("purchase-quantity", put("purchase", "Y,1,5000")),
    "above the supplier's capacity": ("purchase-quantity", replace("purchase", "X,0,105000", offer="X")),
    "bought after the offer ended": ("purchase-offer", put("purchase", "X,2,10000")),
    "bought before the offer begins": ("purchase-offer", put("purchase", "Y,0,10000")),
    "a cap is exceeded": ("cap", move("M1", "C4", "L4")),
    "an outside maker has too much": (
        "outside-capacity",
        replace("outside_order", "P,GZ,1,100", order="P"),
    ),
    "two outside makers": ("outside-one", replace("outside_order", "O,GZ,1,60\nO,FJ,1,40", order="O")),
    "an outside maker of other shoes": ("outside-makes", replace("outside_order", "O,SP,1,100", order="O")),
    "outside before the lead time": ("outside-window", replace("outside_order", "O,GZ,0,100", order="O")),
    "pairs outside are missing": ("outcome", replace("outside_order", "O,GZ,1,99", order="O")),
    "an order made outside is called placed": ("outcome", replace("outcome", "O,placed", order="O")),
    "an open order is called broken": ("outcome", replace("outcome", "D,broken", order="D")),
    "a committed order is declined": ("outcome", both(without("X1"), replace("outcome", "X,declined", order="X"))),
    "a placed order is called declined": ("outcome", replace("outcome", "N,declined", order="N")),
    "an order without outcome": ("outcome", drop("outcome", order="D")),
    "an order with frozen lots is dropped by halves": ("outcome", replace("outcome", "Z,broken", order="Z")),
    "the price of material rises": ("prices", put("price", "material,sole,2,59000")),
    "a price of an unknown line": ("prices", put("price", "line,nobody,0,1")),
    "a price after the plan": ("prices", put("price", "line,L1,4,1")),
    "a price of a cap by week": ("prices", put("price", "cap,smell,1,1")),
    "a price of a skill nobody lists": ("prices", put("price", "skill,F2|fine,0,1")),
    "an absurd price": ("prices", put("price", "line,L7,0,2000000000000000")),
    "an outcome of an unknown order": ("reference", put("outcome", "ghost,declined")),
    "a lot of an unknown order": ("reference", lot("G1", "ghost", 10, ("C1", "L1"), "0:10", "0:10")),
    "an unknown line": ("reference", move("W1", "C1", "ghost")),
    "an unknown outside maker": ("reference", replace("outside_order", "O,ghost,1,100", order="O")),
    "a purchase of an unknown offer": ("reference", put("purchase", "ghost,0,1000")),
    "work after the last period": ("reference", rework("W1", "lasting", "4:50")),
}


def claim(column: str, value: object) -> Change:
    """Return the change of a claim of the plan; None adds 1 fen."""

    def change(frames: Frames) -> None:
        new = pl.col(column) + 1 if value is None else pl.lit(value)
        frames["plan"] = frames["plan"].with_columns(new.alias(column))

    return change


def cell(table: str, column: str) -> Change:
    """Return the change that adds 1 to the first filled cell of a column."""

    def change(frames: Frames) -> None:
        row = pl.int_range(pl.len()) == pl.col(column).is_not_null().arg_max()
        new = pl.when(row).then(pl.col(column) + 1).otherwise(pl.col(column))
        frames[table] = frames[table].with_columns(new.alias(column))

    return change


def first_row_gone(table: str) -> Change:
    """Return the change that takes away the first row of a table."""

    def change(frames: Frames) -> None:
        frames[table] = frames[table].slice(1)

    return change


CLAIMS: dict[str, tuple[str, Change]] = {
    "a plan of other data": ("cluster-hash", claim("cluster_hash", "0" * 64)),
    "a fen too much": ("claim-contribution", claim("contribution_fen", None)),
    "a bound off by a fen": ("claim-bound", claim("bound_fen", None)),
    "a false worth without lots": ("claim-without-lots", claim("without_lots_fen", None)),
    "a load off by a thousandth of a minute": ("derived-line_period", cell("line_period", "load_mmin")),
    "a regular capacity made up": ("derived-line_period", cell("line_period", "regular_mmin")),
    "a line and period left out": ("derived-line_period", first_row_gone("line_period")),
    "a pair too many in an order": ("derived-order_plan", cell("order_plan", "pairs_in_lots")),
    "a contribution of an order off by a fen": ("derived-order_plan", cell("order_plan", "contribution_fen")),
    "a wrong late day": ("derived-order_plan", cell("order_plan", "late_days")),
    "a pair too many on the way": ("derived-carry", cell("carry", "pairs")),
    "a carry left out": ("derived-carry", first_row_gone("carry")),
    "a part of the gap off": ("derived-bound_part", cell("bound_part", "mfen")),
}


def _later_start(frames: Frames) -> None:
    frames["plan"] = frames["plan"].with_columns(pl.col("first_date") + pl.duration(days=1))


def _gap(frames: Frames) -> None:
    frames["plan_period"] = frames["plan_period"].with_columns(
        days=pl.when(pl.col("period") == 2).then(6).otherwise(pl.col("days")).cast(pl.Int64)
    )


TIMES: dict[str, tuple[str, Change]] = {
    "periods that do not begin on the first day": ("periods", _later_start),
    "a day between two periods": ("periods", _gap),
}
