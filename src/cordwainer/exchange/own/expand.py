"""The three sheets of your own cluster become all tables; what an owner did not say is taken from reference data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import polars as pl

from cordwainer.cluster import polars_schema, reference_tables
from cordwainer.core import Text
from cordwainer.exchange.own.faults import material_names, used_bill
from cordwainer.exchange.own.specs import OWN_LINES, OWN_MATERIALS, OWN_ORDERS, size_names, value, value_text

Row = dict[str, Any]
Frames = Mapping[str, pl.DataFrame]

ALWAYS = date(2000, 1, 1)
"""First day of statements and stock of which no day is said."""

MARKET = "market"
"""The supplier from whom everything can be bought at list price."""

SHEET_OF = {
    "line": OWN_LINES.name,
    "line_statement": OWN_LINES.name,
    "order": OWN_ORDERS.name,
    OWN_LINES.name: OWN_LINES.name,
    OWN_ORDERS.name: OWN_ORDERS.name,
    OWN_MATERIALS.name: OWN_MATERIALS.name,
}
"""Sheet in which the cause of a problem with a table stands (same rows for line, line_statement and order)."""


def numbered(names: list[str], prefix: str) -> dict[str, str]:
    """Return an id for each distinct name, in order of appearance: prefix and number."""
    return {name: f"{prefix}{k:03d}" for k, name in enumerate(dict.fromkeys(names), start=1)}


def expand(frames: Frames) -> dict[str, pl.DataFrame]:
    """Return the tables of a cluster from the three sheets (which must be free of problems)."""
    lines = frames[OWN_LINES.name].to_dicts()
    orders = frames[OWN_ORDERS.name].to_dicts()
    rows: dict[str, list[Row]] = {}
    firms = numbered([row["firm"] for row in lines], "F")
    customers = numbered([r["customer"] for r in orders if r["customer"] not in firms], "C")
    _places(rows, lines, firms, customers)
    _lines(rows, lines)
    _orders(rows, orders, {**customers, **firms})
    tables = {name: _frame(name, made) for name, made in rows.items()}
    return {**tables, **_reference(frames), **_supply(frames, next(iter(firms.values())))}


def _frame(name: str, made: list[Row]) -> pl.DataFrame:
    types = polars_schema(name)
    present = {c: t for c, t in types.items() if any(c in row for row in made)}
    return pl.DataFrame({c: [row.get(c) for row in made] for c in present}, schema=present)


def _known_districts() -> dict[str, Row]:
    """Return the districts of the reference by every way of writing: id, either name, and 鹿城 for 鹿城区."""
    return {
        name: row
        for row in reference_tables()["district"].iter_rows(named=True)
        for name in (row["district"], row["name_en"], row["name_zh"], row["name_zh"].rstrip("区市县"))
    }


def _places(rows: dict[str, list[Row]], lines: list[Row], firms: dict[str, str], customers: dict[str, str]) -> None:
    known = _known_districts()
    named = {row["district"] for row in lines}
    fresh = numbered([row["district"] for row in lines if row["district"] not in known], "D")
    ids = {name: known[name]["district"] if name in known else fresh[name] for name in named}
    districts = {known[n]["district"]: known[n] for n in sorted(named & known.keys())}
    for name, key in fresh.items():
        districts[key] = {"district": key, "name_en": name, "name_zh": name}
    rows["district"] = list(districts.values())
    rows["transfer"] = [
        {"from_district": a, "to_district": b, "fen_pair": value("transfer_fen"), "lag_days": value("transfer_days")}
        for a in districts
        for b in districts
        if a != b
    ]
    home = {row["firm"]: ids[row["district"]] for row in reversed(lines)}
    stages: dict[str, set[str]] = {}
    sites: dict[tuple[str, str], str] = {}
    for row in lines:
        stages.setdefault(row["firm"], set()).add(row["stage"])
        where = (row["firm"], ids[row["district"]])
        row["site"] = sites.setdefault(where, f"{firms[row['firm']]}-{len(sites) + 1}")
    rows["site"] = [
        {"site": site, "firm": firms[firm], "district": district, "calendar": "factory"}
        for (firm, district), site in sites.items()
    ]
    rows["firm"] = [_firm(key, name, home[name]) for name, key in firms.items()]
    rows["firm"] += [_firm(key, name, None) for name, key in customers.items()]
    rows["firm"].append({"firm": MARKET, "name_en": "Market", "name_zh": "市场采购", "status": "active"})
    rows["firm_role"] = [{"firm": firms[name], "role": _role(found)} for name, found in stages.items()]
    rows["firm_role"] += [{"firm": key, "role": "brand"} for key in customers.values()]
    rows["firm_role"].append({"firm": MARKET, "role": "supplier"})


def _firm(key: str, name: str, district: str | None) -> Row:
    return {"firm": key, "name_en": name, "name_zh": name, "district": district, "status": "active"}


def _role(stages: set[str]) -> str:
    if "lasting" in stages:
        return "maker"
    return "sole_maker" if stages == {"sole"} else "workshop"


def _lines(rows: dict[str, list[Row]], lines: list[Row]) -> None:
    work = set(reference_tables()["routing_template"].select("construction", "category", "stage").iter_rows())
    rows["line"], rows["line_statement"], rows["line_makes"] = [], [], []
    for k, row in enumerate(lines, start=1):
        key = f"L{k:03d}"
        rows["line"].append({"line": key} | {c: row[c] for c in ("site", "stage", "tier", "smallest_lot_pairs")})
        rows["line_statement"].append(
            {
                "line": key,
                "valid_from": ALWAYS,
                "reference_construction": row["construction"],
                "reference_category": row["category"],
                "fen_pair": round(row["yuan_pair"] * 100),
                **{c: row[c] for c in ("people", "hours_day", "days_week", "pairs_day", "invoice", "overtime_share")},
            }
        )
        ways = dict.fromkeys(w for w in (row["construction"], row["construction_2"]) if w)
        kinds = dict.fromkeys(c for c in (row["category"], row["category_2"], row["category_3"]) if c)
        rows["line_makes"] += [
            {"line": key, "construction": way, "category": kind}
            for way in ways
            for kind in kinds
            if (way, kind, row["stage"]) in work
        ]


def _orders(rows: dict[str, list[Row]], orders: list[Row], buyers: dict[str, str]) -> None:
    papers = numbered([f"{row['customer']}|{row['tax_included']}" for row in orders], "P")
    styles = numbered([row["style"] for row in orders], "S")
    made: dict[str, Row] = {}
    rows["purchase_order"] = []
    seen: set[str] = set()
    rows["order"], rows["order_size"] = [], []
    for k, row in enumerate(orders, start=1):
        order, style = row["order_no"] or f"O{k:04d}", styles[row["style"]]
        paper = papers[f"{row['customer']}|{row['tax_included']}"]
        if paper not in seen:
            seen.add(paper)
            rows["purchase_order"].append(
                {"po": paper, "buyer": buyers[row["customer"]], "tax_included": row["tax_included"]}
            )
        made[style] = {
            "style": style,
            "name_en": row["style"],
            "name_zh": row["style"],
            "tier": row["tier"],
            "construction": row["construction"],
            "category": row["category"],
            "age_group": "child" if row["category"] == "children" else "adult",
        }
        sizes = {name: row[name] for name in size_names() if row[name]}
        rows["order"].append(
            {
                "order": order,
                "po": paper,
                "style": style,
                "pairs": sum(sizes.values()) or row["pairs"],
                "price": round(row["yuan_pair"] * 100),
                "late_fen_pair_week": round(row["late_yuan_week"] * 100),
                **{c: row[c] for c in ("earliest_date", "due_date", "latest_date", "committed")},
            }
        )
        rows["order_size"] += [{"order": order, "size": s, "pairs": n} for s, n in sizes.items()]
    rows["style"] = list(made.values())


def _reference(frames: Frames) -> dict[str, pl.DataFrame]:
    """Return the reference tables that every cluster of one's own uses."""
    known = reference_tables()
    bill = used_bill(frames)
    used = bill.select("material").unique()
    return {
        "routing_template": known["routing_template"],
        "routing_template_before": known["routing_template_before"],
        "bill_template": bill,
        "material": known["material"].join(used, on="material", how="semi"),
        "material_flow": known["material_flow"].join(used, on="material", how="semi"),
        "flow": known["flow"],
        "calendar": known["calendar"].filter(pl.col("calendar") == "factory"),
    }


def _supply(frames: Frames, holder: str) -> dict[str, pl.DataFrame]:
    """Return one offer for each material, at list price or as the owner says, and the stock that he says."""
    known = material_names()
    said = {known[row["material"]]: row for row in frames[OWN_MATERIALS.name].iter_rows(named=True)}
    offers, prices, stock = [], [], []
    for material, price in _reference(frames)["material"].select("material", "list_price").iter_rows():
        row = said.get(material)
        if row is None and price is None:
            continue
        lead = row["lead_days"] if row else value("lead_days")
        offers.append(
            {
                "offer": f"{MARKET}-{material}",
                "supplier": MARKET,
                "material": material,
                "lead_days": lead,
                "minimum": row["minimum"] if row else 0.0,
            }
        )
        each = round(row["yuan_unit"] * 100, 3) if row else price
        prices.append({"offer": f"{MARKET}-{material}", "from_quantity": 0.0, "price": each})
        if row and row["in_stock"]:
            stock.append({"holder": holder, "material": material, "usable_from": ALWAYS, "quantity": row["in_stock"]})
    return {
        name: _frame(name, made)
        for name, made in (("supplier_offer", offers), ("price_break", prices), ("stock", stock))
        if made
    }


def assumptions(frames: Frames) -> Iterator[Text]:
    """Yield in words what an owner did not say and was therefore assumed."""
    yield Text(
        "Minutes of work and materials of each kind of shoe are those of the reference templates.",
        "各品类的标准工时与用料取自参考模板。",
    )
    yield Text("Holidays are those of the reference calendar for factories.", "节假日取自工厂参考日历。")
    yield Text(
        "Lasts, dies, sole moulds and people's skills are not known and do not limit the plan.",
        "楦头、刀模、底模和工人技能未知，排产时不作限制。",
    )
    strange = [name for name in frames[OWN_LINES.name]["district"].unique().sort() if name not in _known_districts()]
    if strange:
        yield Text(
            f"Not known, and so without a place on the map: {', '.join(strange)}.",
            f"不认识以下区县，地图上没有位置：{'、'.join(strange)}。",
        )
    yield value_text("lead_days")
    if frames[OWN_LINES.name]["district"].n_unique() > 1:
        yield value_text("transfer_fen")
        yield value_text("transfer_days")
