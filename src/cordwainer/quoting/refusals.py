"""What the desk refuses, with the reason and what to do; what a brand is told names no maker."""

from __future__ import annotations

from cordwainer.core import Text, UserError
from cordwainer.quoting.book import Entry
from cordwainer.quoting.wording import STATUS, label, listed, unknown_text

_AFRESH = Text("Ask for a fresh quote.", "请重新询价。")


def room_gone(name: str) -> UserError:
    """Return that what an offer needs was taken."""
    return UserError(
        "room-gone", Text(f"What {name} needs was taken meanwhile.", f"{name} 所需的产能或材料已被占用。"), _AFRESH
    )


def no_such_offer(name: str) -> UserError:
    """Return that there is no such offer, or not of that buyer."""
    return UserError(
        "no-such-offer",
        Text(f"There is no offer {name}.", f"没有报价 {name}。"),
        Text("`cordwainer offers` lists them.", "用 cordwainer offers 查看报价清单。"),
    )


def offer_gone(entry: Entry) -> UserError:
    """Return that an offer is no longer what the step needs it to be."""
    name, status = entry.offer.offer, label(STATUS, entry.status)
    return UserError("offer-gone", Text(f"{name} is {status.en}.", f"{name} 的状态为“{status.zh}”。"), _AFRESH)


def makers_unanswered(entry: Entry, *, outward: bool) -> UserError:
    """Return that makers must agree first; a brand is not told which."""
    name, waits = entry.offer.offer, entry.waits_for
    who = Text("makers", "厂家") if outward else Text(", ".join(waits), "、".join(waits))
    remedy = Text("Write down their answers with `cordwainer answer`.", "请用 cordwainer answer 记录其答复。")
    if outward:
        remedy = Text("Wait for their answer.", "请等待答复。")
    return UserError(
        "makers-unanswered",
        Text(f"{name} is indicative: {who.en} must agree first.", f"{name} 为意向报价：需先由{who.zh}同意。"),
        remedy,
    )


def rests_on_unknown(entry: Entry) -> UserError:
    """Return that price or permits of an offer rest on what is not known."""
    name, what = entry.offer.offer, listed(unknown_text(kind, of) for kind, of in entry.offer.rests_on)
    return UserError(
        "rests-on-unknown",
        Text(f"{name} cannot be firm; not known: {what.en}.", f"{name} 无法确定，尚不清楚：{what.zh}。"),
        Text("Enter it in the tables, plan anew and ask again.", "请在数据表中补上，重新排产后再询价。"),
    )


def goods_relied_on(name: str) -> UserError:
    """Return that others count on goods that an offer bought."""
    return UserError(
        "goods-relied-on",
        Text(
            f"Other offers use what was left over of the goods bought for {name}.",
            f"其他报价已用到为 {name} 采购的余料。",
        ),
        Text(
            "Release those offers first, or plan anew with them and without it.",
            "请先撤销这些报价，或去掉该单、连同这些报价重新排产。",
        ),
    )


def not_asked(name: str, firm: str) -> UserError:
    """Return that an offer does not wait for a maker."""
    return UserError(
        "not-asked",
        Text(f"{name} does not wait for {firm}.", f"{name} 不需要 {firm} 答复。"),
        Text("`cordwainer offers` shows who is asked.", "用 cordwainer offers 查看待答复的厂家。"),
    )


def too_many_holds(buyer: str, most: int) -> UserError:
    """Return that so many offers are held for a buyer already."""
    return UserError(
        "too-many-holds",
        Text(f"{most} offers are held for {buyer} already.", f"已为 {buyer} 保留 {most} 个报价。"),
        Text("Accept or release one of them first.", "请先接受或释放其中之一。"),
    )


def too_many_requests(buyer: str, most: int, span: Text) -> UserError:
    """Return that a brand asked so many times within a span."""
    return UserError(
        "too-many-requests",
        Text(f"{buyer} asked {most} times within {span.en}.", f"{buyer} {span.zh}已询价 {most} 次。"),
        Text("Ask again later.", "请稍后再询价。"),
    )


def plan_left() -> UserError:
    """Return that the offers of a log stand on a newer plan."""
    return UserError(
        "plan-left",
        Text("The offers of this log stand on a newer plan.", "此日志中的报价已转到更新的计划。"),
        Text(
            "Name the newer cluster and plan; `cordwainer offers --back` carries the offers back to this one.",
            "请给出更新的集群与计划；cordwainer offers --back 可把报价转回本计划。",
        ),
    )


def log_moved_on() -> UserError:
    """Return that another process carried the offers to another plan."""
    return UserError(
        "log-moved-on",
        Text("The offers of this log were carried to another plan meanwhile.", "此日志中的报价已被转到另一计划。"),
        Text("Open the log again with that cluster and plan.", "请用该集群与计划重新打开日志。"),
    )
