"""Pages for what went wrong."""

from __future__ import annotations

from typing import Any

from cordwainer.core import Text, UserError
from cordwainer.hub.web.page import shown

_NOT_FOUND = UserError(
    "not-found",
    Text("There is no such page here.", "没有这个页面。"),
    Text("Go back, or to the first page.", "请返回上一页或首页。"),
)
_STALE = UserError(
    "stale-form",
    Text("This form is too old or came from elsewhere.", "表单已过期或来源不明。"),
    Text("Open the page again and send it once more.", "请重新打开页面后再提交。"),
)


def not_found(request: Any, exception: Exception) -> Any:  # noqa: ANN401, ARG001 (as Django calls it)
    """Answer that there is no such page, whether it is missing or not for this visit."""
    return shown(request, "error.html", status=404, error=_NOT_FOUND)


def stale_form(request: Any, reason: str = "") -> Any:  # noqa: ANN401, ARG001
    """Answer that a form was not sent from one of our pages."""
    return shown(request, "error.html", status=403, error=_STALE)
