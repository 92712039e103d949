"""A small cluster in which every rule of the referee has something to hold, and a good plan of it."""

from __future__ import annotations

from functools import cache

import polars as pl

from cordwainer.cluster import Cluster, Plan
from tests.golden.worked import claimed, parsed, undecided

STATEMENT = "2026-01-01,2,8,6,cemented,casual,96"

CLUSTER = {
    "district": "district,name_en,name_zh\nd1,East,东区\nd2,West,西区\nd3,North,北区\nd4,South,南区",
    "firm": "firm,district\nF1,d1\nF2,d2\nF3,d3\nF4,d4\nC1,d1\nB1,",
    "site": "site,firm,district\nS1,F1,d1\nS2,F2,d2\nS3,F3,d3\nS4,F4,d4",
    "style": "style,construction,category,last\nQ,cemented,casual,\nK,cemented,casual,\nT,cemented,casual,LA\nU,cemented,casual,",
    "routing": "style,stage,minutes_per_pair,skill\n"
    + "".join(
        f"{s},{g},10,{'fine' if (s, g) == ('K', 'lasting') else ''}\n" for s in "QKTU" for g in ("closing", "lasting")
    ),
    "routing_before": "style,stage,after_stage\nQ,closing,lasting\nK,closing,lasting\nT,closing,lasting\nU,closing,lasting",
    "line": """
line,site,stage,tier,smallest_lot_pairs
C1,S1,closing,3,1
C5,S1,closing,3,1
C2,S2,closing,3,1
C3,S3,closing,3,1
C4,S4,closing,3,1
L1,S1,lasting,3,1
L7,S1,lasting,3,1
L2,S2,lasting,3,1
L3,S3,lasting,3,1
L4,S4,lasting,3,1
coarse,S1,lasting,2,1
sports,S1,lasting,3,1
large,S1,lasting,3,120
narrow,S1,lasting,3,1
""",
    "line_makes": "line,construction,category,efficiency,extra_fen_pair\n"
    + "".join(
        f"{x},cemented,casual,1,5\n"
        for x in ["C1", "C5", "C2", "C3", "C4", "L1", "L7", "L2", "L3", "L4", "coarse", "large", "narrow"]
    )
    + "sports,cemented,sports,1,5\n",
    "line_statement": "line,valid_from,people,hours_day,days_week,reference_construction,reference_category,"
    "pairs_day,fen_pair,share_offered,overtime_share\n"
    + "".join(
        f"{x},{STATEMENT},400,1,0.1\n"
        for x in ["C1", "C5", "C2", "C3", "C4", "L1", "L7", "L2", "L3", "L4", "coarse", "sports", "large"]
    )
    + f"narrow,{STATEMENT},400,0.05,0\n",
    "line_flow": "line,flow,per_pair\nC4,solvent,1\nL4,solvent,9.5",
    "flow": "flow,unit,name_en,name_zh,counted_at\nsolvent,g,Solvent,溶剂,both",
    "material_flow": "material,flow,per_unit\nsole,solvent,0.5",
    "cap": "cap,scope,of,flow,date_from,date_to,amount\nsmell,firm,F4,solvent,2026-03-01,2026-03-29,600",
    "worker_skill": "firm,skill,workers\nF1,fine,1\nF3,fine,0",
    "tool": "tool,kind,code,size,sets,pairs_day\nt1,last,LA,,1,10\nt2,last,LA,,1,10\nt3,last,LA,41,1,10",
    "material": "material,name_en,name_zh,kind,unit,list_price\nsole,Sole,大底,sole,pair,60",
    "bill_of_material": "style,component,material,stage,quantity_per_pair,loss_share\nU,sole,sole,lasting,1,0.05",
    "supplier_offer": "offer,supplier,material,minimum,multiple,lead_days,capacity_week,valid_from,valid_to\n"
    "X,F2,sole,10,5,7,100,,2026-03-10\nY,F2,sole,10,5,0,,2026-03-09,",
    "price_break": "offer,from_quantity,price\nX,0,60\nX,50,55\nY,0,90",
    "stock": "holder,material,usable_from,quantity\nF1,sole,2026-02-01,5",
    "purchase_order": "po,buyer,tax_included\nPB,B1,yes\nPC,C1,no",
    "transfer": "from_district,to_district,fen_pair,lag_days\nd1,d2,20,7\nd2,d1,20,7\nd1,d3,20,0\nd1,d4,20,0",
    "order": """
order,po,style,pairs,price,earliest_date,due_date,latest_date,late_fen_pair_week,committed,most_makers,smallest_lot_pairs,approval_needed,size_curve
A,PB,Q,200,3000,2026-03-09,2026-03-15,2026-03-22,70,no,1,20,no,
N,PB,Q,60,3000,,2026-03-08,,0,no,,1,no,
X,PB,Q,60,3000,,2026-03-08,,0,yes,,1,no,
V,PB,Q,60,3000,,2026-03-08,,0,no,,1,yes,
R,PB,Q,60,3000,,2026-03-08,,0,no,,1,no,
M,PC,K,60,3000,,2026-03-08,,0,no,,1,no,
T,PB,T,200,3000,,2026-03-08,,70,no,,1,no,curve
U,PB,U,60,3000,,2026-03-29,,0,no,,1,no,
W,PB,Q,50,3000,,2026-03-08,,0,no,,1,no,
O,PC,Q,100,3000,,2026-03-08,2026-03-29,70,no,,1,no,
P,PC,Q,100,3000,,2026-03-08,2026-03-29,70,no,,1,no,
D,PB,Q,10,3000,,2026-03-08,,0,no,,1,no,
Z,PB,Q,100,3000,,2026-03-08,,0,no,,1,no,
""",
    "size_curve": "size_curve,size,share\ncurve,40,0.75\ncurve,41,0.25",
    "order_maker": "order,firm,rule\nN,F1,named\nX,F3,barred",
    "order_requirement": "requirement,order,standard,stage\nr1,R,BASIC,\nr2,R,SAFE,closing",
    "certificate": "firm,standard,certificate,stage,valid_from,valid_to\nF1,BASIC,c,,2026-01-01,2026-03-20\nF1,SAFE,c,,2026-01-01,2027-03-11",
    "buyer_approval": "buyer,site,stage,valid_from,valid_to\nB1,S1,closing,2026-01-01,2027-01-01\nB1,S1,lasting,2026-01-01,2026-03-08",
    "outside_maker": "maker,region,lead_days,week_pairs\nGZ,South,10,120\nFJ,South,10,120\nSP,South,10,120",
    "outside_makes": "maker,construction,category,fen_pair,fen_minute,material_factor\n"
    "GZ,cemented,casual,300,20.5,1.1\nFJ,cemented,casual,300,20.5,1.1\nSP,cemented,sports,300,20.5,1.1",
    "policy": "name,key,value\nmost_lots,-,3",
    "promise": "lot,order,pairs,status\nZ1,Z,40,accepted\nZ2,Z,10,declined",
    "promise_line": "lot,stage,line\nZ1,closing,C1\nZ1,lasting,L1\nZ2,closing,C1\nZ2,lasting,L2",
    "promise_work": "lot,stage,start_date,pairs\nZ1,closing,2026-02-23,30\nZ1,closing,2026-03-02,10\nZ1,lasting,2026-03-09,40\n"
    "Z2,closing,2026-03-02,10\nZ2,lasting,2026-03-02,10",
}

PERIODS = "period,start_date,days\n0,2026-03-02,7\n1,2026-03-09,7\n2,2026-03-16,7\n3,2026-03-23,7"

LOTS = """
A1 A 100 C1 1:100 L1 1:100
A2 A 100 C1 1:100 L7 1:40,2:60
N1 N 60 C1 0:60 L1 0:60
X1 X 60 C1 0:60 L1 0:60
V1 V 60 C1 0:60 L1 0:60
R1 R 60 C1 0:60 L1 0:60
M1 M 60 C1 0:60 L1 0:60
T1 T 200 C5 0:200 L7 0:100,1:100
U1 U 60 C5 0:60 L7 1:60
W1 W 50 C4 0:50 L4 0:50
Z1 Z 40 C1 0:10 L1 1:40
Z3 Z 60 C5 0:60 L1 0:60
"""
"""Lot, order, pairs, closing line and its work (period:pairs), lasting line and its work."""

REST = {
    "outcome": "order,outcome\n"
    + "".join(f"{o},placed\n" for o in "ANXVRMTUWZ")
    + "O,outside\nP,outside\nD,declined\n",
    "purchase": "offer,period,quantity_milli\nX,0,60000",
    "outside_order": "order,maker,period,pairs\nO,GZ,1,100\nP,GZ,2,100",
    "price": "kind,id,period,mfen\nline,L1,0,20000\nline,C1,0,15000\nmaterial,sole,0,60000\nmaterial,sole,1,58000\n"
    "cap,smell,0,2000\noutside,GZ,1,9000\nskill,F1|fine,0,700\ntool,last|LA|,0,3000\ntool,last|LA|41,0,3000",
}

Frames = dict[str, pl.DataFrame]


@cache
def cluster() -> Cluster:
    """Return the busy cluster."""
    return Cluster.build({name: parsed(name, text) for name, text in CLUSTER.items()})


def decisions() -> Frames:
    """Return the tables of decisions of the good plan."""
    lot, line, work = ["lot,order,pairs"], ["lot,stage,line"], ["lot,stage,period,pairs"]
    for row in LOTS.split("\n"):
        if row:
            name, order, pairs, *stages = row.split()
            lot.append(f"{name},{order},{pairs}")
            for stage, at, done in (("closing", *stages[:2]), ("lasting", *stages[2:])):
                line.append(f"{name},{stage},{at}")
                work += [f"{name},{stage},{cell.replace(':', ',')}" for cell in done.split(",")]
    texts = {"lot": "\n".join(lot), "lot_line": "\n".join(line), "work": "\n".join(work), **REST}
    return {name: parsed(name, text) for name, text in texts.items()}


def undeclared(frames: Frames) -> Plan:
    """Return a plan of the busy cluster with the given decisions that claims nothing yet."""
    return undecided(cluster(), parsed("plan_period", PERIODS), frames)


def declared(frames: Frames) -> Plan:
    """Return a plan of the busy cluster with the given decisions that claims what follows from them."""
    return claimed(cluster(), undeclared(frames))


def whole(value: int) -> pl.Expr:
    """Return a whole number as a column."""
    return pl.lit(value, pl.Int64)
