"""Pages for what went wrong."""

from __future__ import annotations

import sys
from typing import Any

from django.http import JsonResponse

from cordwainer.core import Text, UserError
from cordwainer.hub.web.outage import OUT, is_outage
from cordwainer.hub.web.page import shown
from cordwainer.hub.web.visit import visit_of

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
_FAILED = UserError(
    "failed",
    Text("Something went wrong here.", "系统出错。"),
    Text(
        "Open the page again to see how it stands; if it happens again, tell the planning desk.",
        "请重新打开页面查看状态；若再次出现，请告知排产中心。",
    ),
)


def not_found(request: Any, exception: Exception) -> Any:  # noqa: ANN401, ARG001 (as Django calls it)
    """Answer that there is no such page, whether it is missing or not for this visit."""
    return shown(request, "error.html", status=404, error=_NOT_FOUND)


def stale_form(request: Any, reason: str = "") -> Any:  # noqa: ANN401, ARG001
    """Answer that a form was not sent from one of our pages."""
    return shown(request, "error.html", status=403, error=_STALE)


def failed(request: Any) -> Any:  # noqa: ANN401
    """Answer to what nobody foresaw: 503 where database or disk are out of reach, else 500. Nothing is read for it."""
    out = is_outage(sys.exc_info()[1])
    status, error = (503, OUT) if out else (500, _FAILED)
    request.visit = visit_of(request, None)
    if request.path.startswith("/api/"):
        language = request.visit.language
        told = {"message": error.message.in_(language), "remedy": error.remedy.in_(language)}
        answer: Any = JsonResponse({"code": error.code, **told}, status=status)
    else:
        answer = shown(request, "error.html", status=status, error=error)
    if out:
        answer.headers["Retry-After"] = "30"
    return answer
