"""An offer in words for the brand: what is best about it, what it is now, what is paid once, assumed or not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cordwainer.core import Text
from cordwainer.quoting.views_offer import once_text, one_off_text
from cordwainer.quoting.wording import ASSUMED, BEST, STATUS, label, listed

_UNKNOWN = {
    "carbon": Text("carbon", "碳排"),
    "one-off": Text("one-off costs", "一次性费用"),
    "tool": Text("whether there are tools", "工装是否齐备"),
    "material-price": Text("the price of a material", "某种材料的价格"),
    "flow": Text("a coefficient of a permit", "某项许可系数"),
}


def best_text(best: tuple[str, ...] | list[str]) -> Text:
    """Return what is best about an offer."""
    return listed(label(BEST, b) for b in best)


def status_text(status: str) -> Text:
    """Return the status of an offer in words."""
    return label(STATUS, status)


def brand_texts(face: Mapping[str, Any]) -> Iterator[Text]:
    """Yield what a brand should know besides the price, from its face of an offer, a line each."""
    if face["one_off"]:
        once = listed(once_text(x["what"], x["fen"]) for x in face["one_off"])
        yield one_off_text(once, face["tool_owner"] or "buyer")
    if face["assumed"]:
        what = listed(label(ASSUMED, a) for a in face["assumed"])
        yield Text(f"Assumed: {what.en}.", f"按常规估计：{what.zh}。")
    if face["unknown"]:
        what = listed(label(_UNKNOWN, k) for k in face["unknown"])
        yield Text(f"Not known: {what.en}.", f"尚不清楚：{what.zh}。")
