"""The registry of all rules that the referee checks, each with the words in which it tells of a breach."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cordwainer.cluster import Cluster, Plan
from cordwainer.core import Text
from cordwainer.referee import rules_claims, rules_limits, rules_lots
from cordwainer.referee.case import Case, Fault

Gate = Callable[[Cluster, Plan], Iterator[Fault]]
Rule = Callable[[Case], Iterator[Fault]]

GATES: dict[str, Gate] = {
    "periods": rules_claims.periods,
    "reference": rules_claims.reference,
    "prices": rules_claims.prices,
}
"""What must hold before anything else can be judged."""

RULES: dict[str, Rule] = {
    "lot-work-sums": rules_lots.lot_work_sums,
    "lot-lines": rules_lots.lot_lines,
    "lot-distinct": rules_lots.lot_distinct,
    "lot-count": rules_lots.lot_count,
    "lot-smallest": rules_lots.lot_smallest,
    "lot-makers": rules_lots.lot_makers,
    "precedence": rules_lots.precedence,
    "transfer-allowed": rules_lots.transfer_allowed,
    "window": rules_lots.window,
    "line-tier": rules_lots.line_tier,
    "line-makes": rules_lots.line_makes,
    "named-makers": rules_lots.named_makers,
    "barred-makers": rules_lots.barred_makers,
    "approval": rules_lots.approval,
    "certificate": rules_lots.certificate,
    "frozen": rules_lots.frozen,
    "capacity": rules_limits.capacity,
    "skill": rules_limits.skill,
    "tool": rules_limits.tool,
    "material": rules_limits.material,
    "purchase-quantity": rules_limits.purchase_quantity,
    "purchase-offer": rules_limits.purchase_offer,
    "cap": rules_limits.cap,
    "outside-capacity": rules_limits.outside_capacity,
    "outside-one": rules_limits.outside_one,
    "outside-makes": rules_limits.outside_makes,
    "outside-window": rules_limits.outside_window,
    "outcome": rules_limits.outcome,
    "cluster-hash": rules_claims.cluster_hash,
    "claim-contribution": rules_claims.claim_contribution,
    "claim-bound": rules_claims.claim_bound,
    "claim-without-lots": rules_claims.claim_without_lots,
    "derived-order_plan": rules_claims.derived_table("order_plan"),
    "derived-line_period": rules_claims.derived_table("line_period"),
    "derived-carry": rules_claims.derived_table("carry"),
    "derived-bound_part": rules_claims.derived_table("bound_part"),
}

MESSAGES: dict[str, Text] = {
    "periods": Text(
        "The plan's periods do not follow each other from its first day.", "计划周期没有从首日起连续排列。"
    ),
    "reference": Text("The plan names {id}, which does not exist ({note}).", "计划中的 {id} 不存在（{note}）。"),
    "lot-work-sums": Text(
        "Lot {id}: the work of {note} is {by} pairs off the lot.", "批次 {id}：{note} 的排产与批次相差 {by} 双。"
    ),
    "lot-lines": Text("Lot {id} lacks its one line for {note}.", "批次 {id} 的 {note} 没有对应的一条产线。"),
    "lot-distinct": Text(
        "Lot {id} has the same lines as another lot of its order.", "批次 {id} 与同单另一批产线完全相同。"
    ),
    "lot-count": Text("Order {id} has {by} lots too many.", "订单 {id} 多拆了 {by} 批。"),
    "lot-smallest": Text("Lot {id} is {by} pairs too small.", "批次 {id} 比最小批量少 {by} 双。"),
    "lot-makers": Text("Order {id} has {by} makers too many.", "订单 {id} 的厂家多了 {by} 家。"),
    "precedence": Text(
        "Lot {id}: {by} pairs of {note} in period {period} have not come from the stage before.",
        "批次 {id}：第 {period} 周期 {note} 有 {by} 双的上道工序还没到。",
    ),
    "transfer-allowed": Text(
        "Lot {id}: no transfer between the districts of {note}.", "批次 {id}：{note} 之间没有运输线路。"
    ),
    "window": Text(
        "Lot {id}: {by} pairs of {note} in period {period} lie outside the order's window.",
        "批次 {id}：第 {period} 周期 {note} 的 {by} 双超出订单可做时段。",
    ),
    "line-tier": Text(
        "Lot {id}: the line of {note} is {by} tiers too coarse.", "批次 {id}：{note} 产线档次低 {by} 档。"
    ),
    "line-makes": Text("Lot {id}: the line of {note} does not make such shoes.", "批次 {id}：{note} 产线不做这类鞋。"),
    "named-makers": Text(
        "Lot {id}: {note} is not a maker that the order names.", "批次 {id}：{note} 不是订单指定的厂家。"
    ),
    "barred-makers": Text(
        "Lot {id}: {note} is done by a firm that the order bars.", "批次 {id}：{note} 放在订单排除的厂家。"
    ),
    "approval": Text(
        "Lot {id}: the buyer has not approved the site of {note} for all of period {period}.",
        "批次 {id}：{note} 的厂区在第 {period} 周期没有全程通过客户验厂。",
    ),
    "certificate": Text(
        "Lot {id}: the firm does not hold {note} for all of period {period}.",
        "批次 {id}：该厂在第 {period} 周期没有全程持有 {note}。",
    ),
    "frozen": Text("Frozen lot {id} does not stand in the plan as promised.", "已冻结批次 {id} 与承诺不一致。"),
    "capacity": Text(
        "Line {id} works {by} thousandths of a minute too much in period {period}.",
        "产线 {id} 在第 {period} 周期超出 {by} 毫分钟。",
    ),
    "skill": Text(
        "Skill {id} is used {by} thousandths of a minute too much in period {period}.",
        "技能 {id} 在第 {period} 周期超出 {by} 毫分钟。",
    ),
    "tool": Text(
        "Tool {id} is short of {by} pairs in period {period}.", "工装 {id} 在第 {period} 周期少 {by} 双的产能。"
    ),
    "material": Text(
        "Material {id} lacks {by} thousandths of a unit in period {period}.",
        "材料 {id} 在第 {period} 周期缺 {by} 千分之一单位。",
    ),
    "purchase-quantity": Text(
        "Offer {id}, period {period}: {by} thousandths of a unit cannot be bought.",
        "报价 {id} 第 {period} 周期：不能采购 {by} 千分之一单位。",
    ),
    "purchase-offer": Text("Offer {id} does not hold in period {period}.", "报价 {id} 在第 {period} 周期无效。"),
    "cap": Text("Cap {id} is exceeded by {by} thousandths of its unit.", "上限 {id} 超出 {by} 千分之一单位。"),
    "outside-capacity": Text(
        "Outside maker {id} is {by} pairs over what it can do in period {period}.",
        "外地厂家 {id} 在第 {period} 周期超出产能 {by} 双。",
    ),
    "outside-one": Text("Order {id} goes to {by} outside makers too many.", "订单 {id} 的外地厂家多了 {by} 家。"),
    "outside-makes": Text("Order {id}: outside maker {note} cannot make it.", "订单 {id}：外地厂家 {note} 做不了。"),
    "outside-window": Text(
        "Order {id}: outside maker {note} cannot have it ready in period {period}, or that is too late.",
        "订单 {id}：外地厂家 {note} 无法在第 {period} 周期交货，或已过最迟交期。",
    ),
    "outcome": Text(
        "Order {id}: the outcome does not fit its pairs ({by} left).", "订单 {id}：结果与双数不符（剩 {by} 双）。"
    ),
    "prices": Text(
        "The price of {note} {id} in period {period} is not valid.", "{note} {id} 第 {period} 周期的价格无效。"
    ),
    "cluster-hash": Text("The plan was made for other data.", "计划所依据的数据不是这份数据。"),
    "claim-contribution": Text("The contribution is not what the plan says: {note}.", "贡献额与计划所写不符：{note}。"),
    "claim-bound": Text("The bound is not what the plan says: {note}.", "上界与计划所写不符：{note}。"),
    "claim-without-lots": Text(
        "The worth without lots is not what the plan says: {note}.", "不承接任何批次时的价值与计划所写不符：{note}。"
    ),
    "derived-order_plan": Text(
        "Order {id} is told wrongly (plan / referee): {note}.", "订单 {id} 所写不符（计划/核验）：{note}。"
    ),
    "derived-line_period": Text(
        "Line load {id} is told wrongly (plan / referee): {note}.", "产线负荷 {id} 所写不符（计划/核验）：{note}。"
    ),
    "derived-carry": Text(
        "Carry {id} is told wrongly (plan / referee): {note}.", "在制 {id} 所写不符（计划/核验）：{note}。"
    ),
    "derived-bound_part": Text(
        "Part {id} is told wrongly (plan / referee): {note}.", "差距构成 {id} 所写不符（计划/核验）：{note}。"
    ),
}
