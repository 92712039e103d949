"""What no text may hold is refused at the door: the character NUL, which databases do not keep."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import JsonResponse

from cordwainer.core import Text, UserError
from cordwainer.hub.web.page import shown

_NUL = "\0"
_REFUSED = UserError(
    "bad-character",
    Text("What was sent holds a character that no text can hold.", "提交的内容含有无法保存的字符。"),
    Text("Go back and type it anew.", "请返回重新填写。"),
)


class Plain:
    """Middleware that answers 400 to what holds such a character: in the address, a form or the body of a call."""

    def __init__(self, get_response: Callable[[Any], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> Any:  # noqa: ANN401 (Django carries no types)
        """Answer a request."""
        if not _holds_nul(request):
            return self.get_response(request)
        if request.path.startswith("/api/"):
            language = request.visit.language
            told = {"message": _REFUSED.message.in_(language), "remedy": _REFUSED.remedy.in_(language)}
            return JsonResponse({"code": _REFUSED.code, **told}, status=400)
        return shown(request, "error.html", status=400, error=_REFUSED)


def _holds_nul(request: Any) -> bool:  # noqa: ANN401
    if _NUL in request.path or any(_NUL in text for pair in request.GET.lists() for text in (pair[0], *pair[1])):
        return True
    if request.content_type == "application/json":
        return b"\\u0000" in request.body or b"\0" in request.body
    return any(_NUL in text for pair in request.POST.lists() for text in (pair[0], *pair[1]))
