"""Random clusters so small that all their plans can be written down, and those plans."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from random import Random

from cordwainer.cluster import Cluster
from cordwainer.referee.decisions import Decisions, Lot
from tests.golden.worked import parsed

LINES = {"closing": ("C1", "C2"), "lasting": ("L1", "L2")}
PAIRS = {"A": 2, "B": 1}
PERIODS = "period,start_date,days\n0,2026-03-02,7\n1,2026-03-09,7"
OUTSIDE = "X"

BASE = {
    "district": "district,name_en,name_zh\nd1,East,东区\nd2,West,西区",
    "firm": "firm,district\nF1,d1\nF2,d2\nC1,d1\nB1,",
    "style": "style,construction,category,last\nQ,cemented,casual,LA",
    "routing": "style,stage,minutes_per_pair,skill\nQ,closing,7.5,\nQ,lasting,10.33,fine",
    "routing_before": "style,stage,after_stage\nQ,closing,lasting",
    "flow": "flow,unit,name_en,name_zh,counted_at\ncarbon,g,Carbon,碳,both",
    "material": "material,name_en,name_zh,kind,unit,list_price\nsole,Sole,大底,sole,pair,333.333",
    "material_flow": "material,flow,per_unit\nsole,carbon,700.5",
    "bill_of_material": "style,component,material,stage,quantity_per_pair,loss_share\nQ,sole,sole,lasting,1,0.05",
    "price_break": "offer,from_quantity,price\nX,0,301.5\nX,2.5,250\nX,4,120",
    "outside_makes": "maker,construction,category,fen_pair,fen_minute,material_factor\nX,cemented,casual,300,20.5,1.1",
    "purchase_order": "po,buyer,tax_included\nPB,B1,yes\nPC,C1,no",
    "size_curve": "size_curve,size,share\ncurve,40,0.3333\ncurve,41,0.6667",
}


def cluster(rng: Random) -> Cluster:
    """Return a random cluster of two firms, four lines, two orders, one material, one cap, one outside maker."""

    def some(*values: object) -> object:
        return rng.choice(values)

    lines = [line for pair in LINES.values() for line in pair]
    one_site = some(True, False)
    tables = dict(BASE)
    tables["site"] = f"site,firm,district\nS1,F1,d1\nS2,{some('F1', 'F2')},{'d1' if one_site else 'd2'}"
    tables["line"] = "line,site,stage,defect_share\n" + "".join(
        f"{line},{'S1' if line.endswith('1') else 'S2'},{stage},{some(0, 0.0133)}\n"
        for stage, pair in LINES.items()
        for line in pair
    )
    tables["line_makes"] = "line,construction,category,efficiency,extra_fen_pair\n" + "".join(
        f"{x},cemented,casual,{some(0.77, 1, 1.5)},{some(0, 13)}\n" for x in lines
    )
    tables["line_statement"] = (
        "line,valid_from,people,hours_day,days_week,reference_construction,reference_category,"
        "pairs_day,fen_pair,share_offered,overtime_share,overtime_premium\n"
        + "".join(
            f"{x},2026-01-01,1,8,6,cemented,casual,{some(17, 48)},{some(97, 600, 1499)},"
            f"{some(0.0025, 0.005, 0.01)},{some(0, 0.5)},{some(0.3333, 0.5)}\n"
            for x in lines
        )
    )
    tables["line_flow"] = "line,flow,per_pair\n" + "".join(f"{x},carbon,{some(0.5, 300.125)}\n" for x in lines)
    roads = some("d1,d2,7,0,1.5\n", "d1,d2,7,7,1.5\nd2,d1,3,0,1.5\n", "d2,d1,9,0,1.5\nd1,d1,4,1,1.5\n")
    tables["transfer"] = f"from_district,to_district,fen_pair,lag_days,carbon_g_pair\n{roads}"
    tables["order"] = (
        "order,po,style,pairs,price,earliest_date,due_date,late_fen_pair_week,committed,size_curve\n"
        + "".join(
            f"{o},{some('PB', 'PC')},Q,{n},{some(1500, 2999, 6000)},{some('', '2026-03-09')},"
            f"{some('2026-03-10', '2026-03-29')},{some(0, 71)},{some('yes', 'no')},curve\n"
            for o, n in PAIRS.items()
        )
    )
    tables["supplier_offer"] = (
        "offer,supplier,material,minimum,multiple,lead_days,break_kind\n"
        f"X,F2,sole,{some(0, 1, 2.5)},{some(0.5, 1.5)},{some(0, 7)},{some('all', 'part')}"
    )
    tables["stock"] = (
        f"holder,material,usable_from,quantity\nF1,sole,{some('2026-02-01', '2026-03-09')},{some(0, 1.1, 2.2)}"
    )
    tables["cap"] = (
        "cap,scope,of,flow,date_from,date_to,amount\n"
        f"K,{some('cluster,', 'site,S1')},carbon,2026-03-01,{some('2026-03-08', '2026-03-29')},{some(1100, 2500, 9000)}"
    )
    tables["worker_skill"] = f"firm,skill,workers\nF1,fine,{some(0, 1)}"
    tables["tool"] = f"tool,kind,code,size,sets,pairs_day\nt1,last,LA,,1,{some(0, 1)}\nt2,last,LA,41,1,1"
    tables["outside_maker"] = (
        f"maker,region,lead_days,week_pairs,carbon_g_pair\nX,South,{some(0, 10)},{some(1, 3)},900.125"
    )
    tables["policy"] = f"name,key,value\ncarbon_price,-,{some(0, 9999.5)}\nbroken_fen_pair,-,{some(0, 2000)}"
    frozen = some(True, False)
    if frozen:
        tables["promise"] = "lot,order,pairs,status\nA0,A,1,accepted"
        tables["promise_line"] = f"lot,stage,line\nA0,closing,{some('C1', 'C2')}\nA0,lasting,{some('L1', 'L2')}"
        tables["promise_work"] = "lot,stage,start_date,pairs\nA0,closing,2026-03-02,1\nA0,lasting,2026-03-09,1"
    return Cluster.build({name: parsed(name, text) for name, text in tables.items()})


def prices(rng: Random) -> dict[str, dict[tuple[str, int], int]]:
    """Return random prices of everything scarce in such a cluster; those of material do not rise."""
    scale = rng.choice([0, 30, 100])

    def price(top: int) -> int:
        return rng.choice([0, rng.randrange(top)]) * scale // 100

    two = (0, 1)
    first, second = sorted((price(400_000), price(400_000)), reverse=True)
    return {
        "line": {(line, t): price(150_000) for pair in LINES.values() for line in pair for t in two},
        "material": {("sole", 0): first, ("sole", 1): second},
        "cap": {("K", 0): price(1_000)},
        "outside": {(OUTSIDE, t): price(900_000) for t in two},
        "skill": {("F1|fine", t): price(50_000) for t in two},
        "tool": {(tool, t): price(500_000) for tool in ("last|LA|", "last|LA|41") for t in two},
    }


def spreads(pairs: int) -> Iterator[dict[int, int]]:
    """Yield every way to spread pairs over two periods."""
    for first in range(pairs + 1):
        yield {t: n for t, n in ((0, first), (1, pairs - first)) if n}


def lots(order: str, pairs: int, tag: str) -> list[Lot]:
    """Return every lot of an order with so many pairs."""
    return [
        Lot(f"{order}{tag}", order, pairs, {"closing": c, "lasting": g}, {"closing": dict(cw), "lasting": dict(gw)})
        for c, g in product(*LINES.values())
        for cw, gw in product(spreads(pairs), repeat=2)
    ]


Choice = tuple[list[Lot], list[tuple[str, str, int, int]], str]


def choices(order: str, frozen: int) -> list[Choice]:
    """Return all that can be decided for an order: its lots, its pairs outside, its outcome."""
    left = PAIRS[order] - frozen
    found: list[Choice] = [([], [], "declined"), ([], [], "broken")]
    if left == 0:
        found.append(([], [], "placed"))
        return found
    for inside in range(left + 1):
        made: list[list[Lot]] = [[]] if inside == 0 else [[lot] for lot in lots(order, inside, "1")]
        if inside == 2:
            singles = lots(order, 1, "1")
            made += [[a, Lot(f"{order}2", order, 1, b.lines, b.work)] for a, b in combinations(singles, 2)]
        away: list[dict[int, int]] = [{}] if inside == left else list(spreads(left - inside))
        outcome = "placed" if inside == left else "mixed" if inside or frozen else "outside"
        found += [
            (some, [(order, OUTSIDE, t, n) for t, n in gone.items()], outcome) for some, gone in product(made, away)
        ]
    return found


def purchases() -> list[dict[tuple[str, int], int]]:
    """Return purchases worth trying: none, or one in the first or second period, in every quantity up to 4.5 units."""
    return [{}, *({("X", t): q} for t in (0, 1) for q in range(500, 4501, 500))]


def every(base: Decisions, permitted: dict[str, list[Choice]]) -> Iterator[Decisions]:
    """Yield all plans that combine the permitted choices of the orders, without purchases."""
    kept = {lot: base.lots[lot] for lot in base.frozen}
    for one, two in product(*permitted.values()):
        made = {lot.id: lot for lot in (*one[0], *two[0])}
        yield Decisions(
            lots=kept | made,
            purchases={},
            outside=one[1] + two[1],
            outcomes=dict(zip(permitted, (one[2], two[2]), strict=True)),
            prices=base.prices,
            frozen=base.frozen,
        )


def buying(made: Decisions, bought: dict[tuple[str, int], int]) -> Decisions:
    """Return decisions with other purchases."""
    return Decisions(made.lots, bought, made.outside, made.outcomes, made.prices, made.frozen)
