"""Papers of the trade as a viewer may read them: only the firms on a paper and the planner, each firm its own price alone.

Each function returns None where the viewer has no part in the paper, or there is none.
"""

from __future__ import annotations

import polars as pl

from cordwainer.cluster import dictionary
from cordwainer.core import Text
from cordwainer.exchange import Paper, PaperTable, Party, View, ViewColumn, column, in_capitals
from cordwainer.hub.access import records
from cordwainer.hub.access.gate import Gate
from cordwainer.hub.access.ownership import LIVE
from cordwainer.hub.web.texts import text

DESK = Party(text("paper_from"), text("paper_desk"), "")
_CHOICES = dictionary.choices()


def firm_name(gate: Gate, firm: str) -> Text:
    """Return the name of a firm: the other language stands in for one that is missing, the id for both."""
    rows = gate.rows("firm").filter(firm=firm).select("name_en", "name_zh").rows()
    en, zh = rows[0] if rows else (None, None)
    return Text(en or zh or firm, zh or en or firm)


def party(gate: Gate, role: str, firm: str) -> Party:
    """Return a firm on a paper, as what the text ``role`` says."""
    return Party(text(role), firm_name(gate, firm), firm)


def money_of(value: int, currency: str) -> Text:
    """Return an amount in hundredths of a currency as papers have it."""
    return Text(f"{currency} {value / 100:,.2f}", f"{'￥' if currency == 'CNY' else currency + ' '}{value / 100:,.2f}")


def amount(fen: int) -> tuple[tuple[Text, Text], ...]:
    """Return a sum of money in figures and in capitals."""
    return (
        (text("paper_sum"), money_of(fen, "CNY")),
        (text("paper_capitals"), Text(in_capitals(fen), in_capitals(fen))),
    )


def plain(value: object) -> Text:
    """Return a value that reads alike in both languages."""
    return Text(str(value), str(value))


def facts_of(*given: tuple[Text, Text | None]) -> tuple[tuple[Text, Text], ...]:
    """Return facts that are known."""
    return tuple((label, said) for label, said in given if said is not None)


def label_of(table: str, name: str) -> Text:
    """Return the label of a column of the dictionary."""
    return dictionary.tables()[table].column(name).label


def _chosen(choice: str, value: str | None) -> Text | None:
    return None if value is None else _CHOICES[choice][value]


def in_currency(key: str, currency: str) -> Text:
    """Return the head of a column of money in a currency."""
    return text(key, en="yuan", zh="元") if currency == "CNY" else text(key, en=currency, zh=currency)


def purchase_order(gate: Gate, po: str, address: str) -> Paper | None:
    """Return what a buyer ordered in one paper, with its prices: for the buyer and the planner."""
    if gate.viewer.role not in ("buyer", "planner"):
        return None
    mine = gate.own if gate.viewer.role == "buyer" else gate.rows
    head = mine("purchase_order").filter(po=po)
    orders = mine("order").filter(po=po)
    if head.is_empty() or orders.is_empty():
        return None
    row = head.row(0, named=True)
    styles = gate.cluster["style"].select("style", "name_en", "name_zh", "construction", "category", "colour")
    rows = (
        orders.join(styles, on="style", how="left")
        .sort("due_date", "order")
        .with_columns(amount=pl.col("pairs") * pl.col("price"))
    )
    whole = rows["amount"].sum() if rows["amount"].null_count() == 0 else None
    columns = (
        column("order", "id", ("order", "order")),
        column("style", "id", ("order", "style")),
        column("name", "both", text("paper_shoe")),
        column("construction", "choice", ("style", "construction"), "construction"),
        column("category", "choice", ("style", "category"), "category"),
        column("due_date", "date", ("order", "due_date")),
        column("pairs", "int", ("order", "pairs")),
        column("price", "money", in_currency("paper_price", row["currency"])),
        column("amount", "money", in_currency("paper_amount", row["currency"])),
    )
    tables = [
        PaperTable(View("lines", text("paper_lines"), columns, rows), {"pairs": rows["pairs"].sum(), "amount": whole})
    ]
    return Paper(
        kind="purchase_order",
        title=text("paper_purchase_order"),
        number=po,
        day=rows["placed_date"].min(),  # type: ignore[arg-type] # a column of days
        parties=(party(gate, "paper_buyer", row["buyer"]), DESK),
        facts=facts_of(
            (label_of("purchase_order", "buyer_no"), plain(row["buyer_no"]) if row["buyer_no"] else None),
            (label_of("purchase_order", "currency"), _chosen("currency", row["currency"])),
            (label_of("purchase_order", "price_term"), _chosen("price_term", row["price_term"])),
            (label_of("purchase_order", "tax_included"), text("paper_yes" if row["tax_included"] else "paper_no")),
            (label_of("purchase_order", "payment_term"), plain(row["payment_term"]) if row["payment_term"] else None),
            (label_of("purchase_order", "over_short_share"), _share(row["over_short_share"])),
            (label_of("purchase_order", "firmness"), _chosen("firmness", row["firmness"])),
        ),
        tables=(*tables, *_sizes(gate, rows["order"].to_list())),
        sums=amount(int(whole)) if whole is not None and row["currency"] == "CNY" else (),
        notes=(text("paper_look"),),
        signs=(text("paper_buyer"), text("paper_desk")),
        address=address,
    )


def _share(value: float | None) -> Text | None:
    return None if value is None else plain(f"±{100 * value:g} %")


def _sizes(gate: Gate, orders: list[str]) -> tuple[PaperTable, ...]:
    """Return pairs by size of orders whose sizes are known."""
    known = gate.cluster["order_size"].filter(pl.col("order").is_in(orders), pl.col("pairs") > 0)
    if known.is_empty():
        return ()
    sizes = sorted(known["size"].unique(), key=lambda s: (not s.replace(".", "", 1).isdecimal(), _number(s), s))
    rows = known.pivot(on="size", index="order", values="pairs", on_columns=sizes).sort("order")
    columns = (column("order", "id", ("order", "order")), *(ViewColumn(s, plain(s), "int") for s in sizes))
    totals = {s: rows[s].sum() for s in sizes} if rows.height > 1 else {}
    return (PaperTable(View("sizes", text("paper_sizes"), columns, rows), totals),)


def _number(size: str) -> float:
    return float(size) if size.replace(".", "", 1).isdecimal() else 0.0


def _promise(gate: Gate, lot: str) -> dict[str, object] | None:
    """Return lot, order, status, pairs and what is known of order and style, of a lot on offer or accepted."""
    rows = (
        gate.cluster["promise"]
        .filter(pl.col("lot") == lot, pl.col("status").is_in(LIVE))
        .join(gate.cluster["order"].select("order", "style", "due_date", order_pairs="pairs"), on="order", how="left")
        .join(gate.cluster["style"], on="style", how="left")
    )
    return rows.row(0, named=True) if rows.height else None


def _work(gate: Gate, lot: str) -> pl.DataFrame:
    """Return the stages of a lot in their order: stage, line, firm, pairs, and days on which its first and last week begin."""
    weeks = (
        gate.cluster["promise_work"]
        .filter(lot=lot)
        .group_by("stage")
        .agg(start=pl.col("start_date").min(), end=pl.col("start_date").max(), pairs=pl.col("pairs").sum())
    )
    rank = {name: k for k, name in enumerate(_CHOICES["stage"])}
    return (
        gate.cluster["promise_line"]
        .filter(lot=lot)
        .join(gate.ownership.owners("line"), left_on="line", right_on="key", how="left")
        .join(weeks, on="stage", how="left")
        .sort(pl.col("stage").replace_strict(rank, return_dtype=pl.Int64))
    )


def makers_of(gate: Gate, lot: str) -> list[str]:
    """Return the makers of a lot that the viewer sees, in the order of their stages."""
    return _work(gate, lot)["firm"].drop_nulls().unique(maintain_order=True).to_list()


def _of_lot(lot: dict[str, object]) -> tuple[tuple[Text, Text], ...]:
    """Return what a lot is: order, shoe, pairs, day."""
    said = {
        n: str(lot[n]) if lot[n] is not None else None
        for n in ("construction", "category", "last", "sole", "colour", "upper_material")
    }
    name = Text(str(lot["name_en"] or lot["name_zh"] or ""), str(lot["name_zh"] or lot["name_en"] or ""))
    style = Text(f"{lot['style']} {name.en}".strip(), f"{lot['style']} {name.zh}".strip())
    return facts_of(
        (label_of("order", "order"), plain(lot["order"])),
        (label_of("order", "style"), style if lot["style"] else None),
        (label_of("style", "construction"), _chosen("construction", said["construction"])),
        (label_of("style", "category"), _chosen("category", said["category"])),
        *(
            (label_of("style", n), plain(said[n]) if said[n] else None)
            for n in ("last", "sole", "upper_material", "colour")
        ),
        (text("paper_lot_pairs"), Text(f"{lot['pairs']:,} pairs", f"{lot['pairs']:,} 双")),
        (label_of("order", "due_date"), plain(lot["due_date"]) if lot["due_date"] else None),
        (label_of("promise", "status"), _chosen("promise_status", str(lot["status"]))),
    )


def _standards(gate: Gate, order: object, stages: list[str]) -> tuple[Text, ...]:
    """Return what the makers of some stages of an order must hold, in words."""
    rows = gate.cluster["order_requirement"].filter(
        pl.col("order") == str(order), pl.col("stage").is_null() | pl.col("stage").is_in(stages)
    )
    names = rows["standard"].unique().sort().to_list()
    return (text("paper_standards", names=", ".join(names)),) if names else ()


def outwork(gate: Gate, lot: str, firm: str, address: str) -> Paper | None:
    """Return a maker's part of a lot with its pay: for the maker and the planner. No other firm reads of it."""
    viewer = gate.viewer
    if not (viewer.role == "planner" or (viewer.role == "maker" and viewer.firm == firm)):
        return None
    found = _promise(gate, lot)
    work = _work(gate, lot).filter(firm=firm)
    if found is None or work.is_empty():
        return None
    paid = records.pay(viewer).filter(lot=lot, firm=firm).select("stage", "fen")
    rows = work.join(paid, on="stage", how="left", maintain_order="left").with_columns(
        price=pl.col("fen") / pl.col("pairs")
    )
    whole = rows["fen"].sum() if rows["fen"].null_count() == 0 else None
    columns = (
        column("stage", "choice", ("lot_line", "stage"), "stage"),
        column("line", "id", ("lot_line", "line")),
        column("start", "date", text("paper_first_week")),
        column("end", "date", text("paper_last_week")),
        column("pairs", "int", ("promise_work", "pairs")),
        column("price", "money", in_currency("paper_price", "CNY")),
        column("fen", "money", text("paper_pay")),
    )
    stages = work["stage"].to_list()
    return Paper(
        kind="outwork",
        title=text("paper_outwork"),
        number=f"{lot}/{firm}",
        day=records.went_out(viewer, lot),
        parties=(party(gate, "paper_maker", firm), DESK),
        facts=_of_lot(found),
        tables=(
            PaperTable(View("work", text("paper_work"), columns, rows), {"fen": whole}),
            *_whole_sizes(gate, found),
            *_materials(gate, found["style"], stages),
        ),
        sums=amount(int(whole)) if whole is not None else (),
        notes=(
            *_standards(gate, found["order"], stages),
            text("paper_sample"),
            text("paper_counts"),
            text("paper_look"),
        ),
        signs=(text("paper_maker"), text("paper_desk")),
        address=address,
    )


def _whole_sizes(gate: Gate, lot: dict[str, object]) -> tuple[PaperTable, ...]:
    """Return the sizes of a lot that is a whole order; those of a part of one are not settled by the plan."""
    return _sizes(gate, [str(lot["order"])]) if lot["pairs"] == lot["order_pairs"] else ()


def _materials(gate: Gate, style: object, stages: list[str]) -> tuple[PaperTable, ...]:
    """Return what a pair takes at some stages of a style, and who supplies it."""
    names = gate.cluster["material"].select("material", "name_en", "name_zh", "unit")
    rows = (
        gate.cluster["bill_of_material"]
        .filter(pl.col("style") == str(style), pl.col("stage").is_in(stages))
        .join(names, on="material", how="left")
        .sort("stage", "component")
        .with_columns(quantity=pl.col("quantity_per_pair").round(4).cast(pl.String))
    )
    if rows.is_empty():
        return ()
    columns = (
        column("component", "id", ("bill_of_material", "component")),
        column("name", "both", ("bill_of_material", "material")),
        column("quantity", "id", ("bill_of_material", "quantity_per_pair")),
        column("unit", "choice", ("material", "unit"), "material_unit"),
        column("loss_share", "share", ("bill_of_material", "loss_share")),
        column("supplied_by", "choice", ("bill_of_material", "supplied_by"), "supplied_by"),
    )
    return (PaperTable(View("materials", text("paper_materials"), columns, rows)),)


def traveller(gate: Gate, lot: str, address: str) -> Paper | None:
    """Return the card that goes with a lot from stage to stage, without any price: for its makers and the planner."""
    viewer = gate.viewer
    found = _promise(gate, lot) if viewer.role in ("maker", "planner") else None
    work = _work(gate, lot)
    if found is None or not (viewer.role == "planner" or viewer.firm in work["firm"]):
        return None
    blank = ("received", "good", "second", "missing", "day", "signed")
    names = [firm_name(gate, firm) if firm else Text("", "") for firm in work["firm"]]
    rows = work.with_columns(
        pl.Series("name_en", [n.en for n in names], dtype=pl.String),
        pl.Series("name_zh", [n.zh for n in names], dtype=pl.String),
        *(pl.lit("").alias(b) for b in blank),
    )
    columns = (
        column("stage", "choice", ("lot_line", "stage"), "stage"),
        column("name", "both", text("paper_maker")),
        column("start", "date", text("paper_first_week")),
        column("end", "date", text("paper_last_week")),
        column("pairs", "int", ("promise_work", "pairs")),
        *(column(b, "text", text(f"paper_{b}")) for b in blank),
    )
    return Paper(
        kind="traveller",
        title=text("paper_traveller"),
        number=lot,
        day=records.went_out(viewer, lot),
        parties=(),
        facts=_of_lot(found),
        tables=(PaperTable(View("stages", text("paper_stages"), columns, rows)), *_whole_sizes(gate, found)),
        notes=(text("paper_travels"), text("paper_look")),
        address=address,
    )


def lots_of(gate: Gate, order: str) -> list[str]:
    """Return the lots of an order that are on offer or accepted."""
    rows = gate.cluster["promise"].filter(pl.col("order") == order, pl.col("status").is_in(LIVE))
    return rows["lot"].sort().to_list()
