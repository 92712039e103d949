"""How a call is let in and answered: token, role, errors, pages, and writes that are done once however often they are sent."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from ninja.errors import HttpError
from ninja.security import HttpBearer

from cordwainer.core import CordwainerError, Text, UserError
from cordwainer.hub.access.viewer import ROLES
from cordwainer.hub.audit.chain import hold
from cordwainer.hub.models.accounts import Account
from cordwainer.hub.models.tokens import Deed
from cordwainer.hub.signin.limits import count
from cordwainer.hub.signin.tokens import account_of
from cordwainer.hub.web.visit import read_in_name_of, visit_of

MOST_ROWS = 500
_KEPT = timedelta(days=30)
_ACT_KEY = 64
"""Most characters of the key of an act."""
_NOT_FOR_YOU = UserError(
    "not-for-this-role",
    Text("This call is not for accounts of this role.", "该接口不对此角色开放。"),
    Text("Use the token of another account.", "请使用其他账户的令牌。"),
)
_NO_KEY = UserError(
    "no-idempotency-key",
    Text(
        "Header Idempotency-Key is missing or longer than 64 characters.",
        "缺少 Idempotency-Key 请求头，或超过 64 个字符。",
    ),
    Text(
        "Send a key of your own with every write, the same when you repeat it.",
        "每次写入都要带一个自定的键，重试时用同一个键。",
    ),
)
_OTHER = UserError(
    "key-used",
    Text("This Idempotency-Key was used for another call.", "该 Idempotency-Key 已用于其他请求。"),
    Text("Draw a new key for a new call.", "新的请求请用新的键。"),
)


class Bearer(HttpBearer):
    """Lets in whoever sends the token of an account of some roles; a session of the browser does not count here.

    Parameters
    ----------
    roles
        Roles that the call is for.
    """

    def __init__(self, *roles: str) -> None:
        if strange := set(roles) - set(ROLES):
            raise ValueError(f"no such role: {strange}")
        super().__init__()
        self.roles = frozenset(roles)

    def authenticate(self, request: Any, token: str) -> Account | None:  # noqa: ANN401 (Django carries no types)
        """Put the visit of the token's account on the request, and return the account.

        Raises
        ------
        HttpError
            If the account is of another role.
        """
        account = account_of(token)
        if account is None:
            count(f"token from {request.META.get('REMOTE_ADDR', '')}", 60, timedelta(minutes=15))
            return None
        request.visit = visit_of(request, account)
        read_in_name_of(request)
        if account.role not in self.roles:
            raise HttpError(403, _NOT_FOR_YOU.code)
        return account


def told(request: Any, error: CordwainerError) -> dict[str, str]:  # noqa: ANN401
    """Return an error of this software in the language of the visit."""
    language = request.visit.language
    message = error.message.in_(language)
    for problem in getattr(error, "problems", ())[:20]:
        message += f" {problem.message.in_(language)}"
    return {"code": error.code, "message": message, "remedy": error.remedy.in_(language)}


def denied(request: Any) -> dict[str, str]:  # noqa: ANN401
    """Return what is told to an account of another role."""
    return told(request, _NOT_FOR_YOU)


def paged(rows: Sequence[Any], page: int, per_page: int) -> dict[str, Any]:
    """Return one page of rows with how many there are."""
    start = (page - 1) * per_page
    return {"total": len(rows), "page": page, "per_page": per_page, "rows": list(rows[start : start + per_page])}


def once(request: Any, act: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:  # noqa: ANN401
    """Do a write and keep its answer under the key that was sent; where the key is known, answer as then.

    What ends in an error is not kept: sent again, it is tried again.

    Raises
    ------
    UserError
        If there is no key, or it was used for another call.
    """
    key, account = request.headers.get("Idempotency-Key", ""), request.visit.account
    if not 0 < len(key) <= 64:
        raise _NO_KEY
    asked = hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.body).hexdigest()
    with transaction.atomic():
        hold()
        before = Deed.objects.filter(account=account.pk, key=key).first()
        if before is not None and before.asked != asked:
            raise _OTHER
        if before is not None:
            answer: Mapping[str, Any] = before.answer
            return answer
        answer = act()
        now = timezone.now()
        Deed.objects.filter(at__lt=now - _KEPT).delete()
        Deed.objects.create(account=account.pk, key=key, asked=asked, answer=answer, at=now)
        return answer


def found(thing: Any) -> Any:  # noqa: ANN401
    """Return a thing that is there.

    Raises
    ------
    Http404
        If it is not there for this visit.
    """
    if thing is None:
        raise Http404
    return thing


def act_key(key: str) -> str:
    """Return the key under which an act counts once that a program asks for: none that a page's form has, at most 64 characters."""
    whole = f"api {key}"
    return whole if len(whole) <= _ACT_KEY else f"api {hashlib.sha256(key.encode()).hexdigest()}"[:_ACT_KEY]
