"""The words of quotes in both languages: items of a price, states of offers, limits, reasons, what is assumed or unknown."""

from __future__ import annotations

from collections.abc import Iterable

from cordwainer.core import Text

ITEMS = {
    "going": Text("making at the going rate", "按行情的工价"),
    "labour": Text("labour at asks", "工价"),
    "overtime": Text("overtime", "加班"),
    "piece": Text("piece prices", "每双加价"),
    "transfer": Text("carriage between districts", "区间运输"),
    "carbon": Text("carbon", "碳"),
    "material": Text("materials", "材料"),
    "minimum": Text("bought beyond need", "起订多购"),
    "margin": Text("margin", "加成"),
    "capacity": Text("price of the capacity", "产能价格"),
    "carriage": Text("carriage of the price term", "条款运费"),
    "credit": Text("cost of credit", "资金成本"),
    "tax": Text("tax", "税"),
    "rounding": Text("rounding", "取整"),
    "purchase": Text("purchases", "采购"),
}
BEST = {
    "repeat": Text("made before", "原厂返单"),
    "cheapest": Text("cheapest", "最低价"),
    "earliest": Text("earliest", "最早"),
    "greenest": Text("least carbon", "最低碳"),
}
STATUS = {
    "offered": Text("offered", "已报价"),
    "held": Text("held", "已保留"),
    "accepted": Text("accepted", "已接受"),
    "released": Text("released", "已释放"),
    "expired": Text("expired", "已过期"),
}
LIMITS = {
    "date": Text("No whole week lies between {id} and the day wanted.", "{id} 至要求交期之间没有完整一周。"),
    "nobody": Text("No line may do stage {id} of it.", "没有产线可做“{id}”工序。"),
    "line": Text("Lines for stage {id} have room for {pairs} pairs.", "“{id}”工序的产线只够 {pairs} 双。"),
    "skill": Text("People with skill {id} have time for {pairs} pairs.", "掌握技能“{id}”的人手只够 {pairs} 双。"),
    "tool": Text("Tools {id} do for {pairs} pairs.", "工装 {id} 只够 {pairs} 双。"),
    "material": Text("Of {id} there is enough for {pairs} pairs.", "材料 {id} 只够 {pairs} 双。"),
    "cap": Text("Cap {id} leaves {pairs} pairs.", "总量上限 {id} 只剩 {pairs} 双。"),
    "together": Text(
        "Together lines, weeks and materials do for {pairs} pairs.", "产线、周次与材料合计只够 {pairs} 双。"
    ),
}
WAYS = {
    "fewer": Text("{what} pairs", "{what} 双"),
    "later": Text("later", "延后交期"),
    "approval": Text("at sites that are not approved yet", "在尚未验厂的厂区"),
    "standard": Text("without certificate {what}", "不要求证书 {what}"),
    "named": Text("at other makers than {what}", "改用 {what} 以外的厂家"),
    "barred": Text("with {what} too", "允许 {what} 参与"),
    "makers": Text("at more than {what} makers", "超过 {what} 家"),
}


WHY = {
    "hold-over": Text("the hold has ended", "保留期已过"),
    "unanswered": Text("makers did not answer in time", "厂家未按时答复"),
    "declined": Text("{what} declined", "{what} 不接"),
    "room-gone": Text("its room is taken", "所需空间已被占用"),
    "begun": Text("its work would have begun already", "原定开工日已过"),
    "price-rose": Text("its price no longer holds", "原价已不成立"),
    "worth-gone": Text("it would now cost the plan more than it brings", "现已得不偿失"),
    "replanned": Text("the new plan has no room for it", "新计划中已无其空间"),
    "by-hand": Text("{what}", "{what}"),
    "countered": Text("other terms took its place", "已按厂家提出的条件另行报价"),
}
OUTWARD_WHY = {
    "declined": Text("a maker declined", "有厂家不接"),
    "worth-gone": WHY["price-rose"],
    "by-hand": Text("withdrawn", "已撤回"),
}
UNKNOWN = {
    "material-price": Text("price of material {what}", "材料 {what} 的价格"),
    "flow": Text("coefficient {what}", "系数 {what}"),
    "tool": Text("whether there are {what}", "有无{what}"),
    "one-off": Text("cost of {what}", "{what}费用"),
    "carbon": Text("carbon", "碳排"),
    "certificate": Text("end of certificate {what}", "证书 {what} 的到期日"),
    "approval": Text("end of the approval of {what}", "{what} 的验厂到期日"),
}
ASSUMED = {
    "routing": Text("stages and minutes of such shoes", "同类鞋的工序与工时"),
    "bill": Text("materials of such shoes", "同类鞋的用料"),
    "sizes": Text("usual sizes", "常规尺码"),
}
TOOLS = {
    "sample": Text("samples", "打样"),
    "last": Text("lasts", "楦头"),
    "die": Text("dies", "刀模"),
    "mould": Text("sole moulds", "底模"),
}


CAUSES: dict[str, Text] = {
    "none": Text("could be placed as it is", "现在即可承接"),
    "price": Text("price", "价格"),
    "date": Text("date", "交期"),
    "approval": Text("sites not approved", "未验厂"),
    "standard": Text("certificate", "证书"),
    "makers": Text("named or barred makers", "指定或排除厂家"),
    "horizon": Text("no whole week left", "计划期内无整周"),
    "line": Text("lines", "产线"),
    "skill": Text("skilled people", "技能工人"),
    "tool": Text("tools", "工装"),
    "material": Text("material", "材料"),
    "cap": Text("caps", "总量上限"),
    "nobody": Text("nobody makes it", "无人可做"),
    "together": Text("several together", "多项叠加"),
}


def why_text(why: str, what: str, *, outward: bool = False) -> Text:
    """Return why an offer went; a brand is told no maker."""
    if outward and why in OUTWARD_WHY:
        return OUTWARD_WHY[why]
    return label(WHY, why).format(what=what)


def unknown_text(kind: str, what: str) -> Text:
    """Return in words what is not known."""
    return label(UNKNOWN, kind).format(what=label(TOOLS, what))


def label(text: dict[str, Text], key: str) -> Text:
    """Return the words for a key, which stands for itself where there are none."""
    return text.get(key, Text(key, key))


def listed(texts: Iterable[Text]) -> Text:
    """Return texts one after another."""
    all_ = list(texts)
    return Text(", ".join(t.en for t in all_), "、".join(t.zh for t in all_))
