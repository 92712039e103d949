"""Who visits, in which language: worked out once for each request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from cordwainer.core import Language, Text
from cordwainer.hub.access.viewer import OFFICES, PUBLIC, Viewer
from cordwainer.hub.models import Account, Consent
from cordwainer.hub.store.viewing import name_reader, unnamed_afterwards, whole
from cordwainer.hub.web.texts import text

ACCOUNT = "account"
OFFER = "offer"
"""Session key of a signed link: number of the account and the one lot that it opens."""
COOKIE = "language"


@dataclass(frozen=True)
class Visit:
    """A visit: the account (None: not signed in), what it may see, and its language."""

    account: Account | None
    viewer: Viewer
    language: Language

    def t(self, key: str | Text, **values: object) -> str:
        """Return a text in the language of the visit."""
        found = key.format(**values) if isinstance(key, Text) and values else key
        return (found if isinstance(found, Text) else text(found, **values)).in_(self.language)


def day_of(moment: datetime) -> date:
    """Return the day of a moment where the cluster works."""
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def today() -> date:
    """Return the day it is where the cluster works."""
    return day_of(now())


def now() -> datetime:
    """Return the moment it is."""
    return datetime.now(UTC)


def viewer_of(account: Account | None) -> Viewer:
    """Return what an account may see today."""
    if account is None:
        return PUBLIC
    consents: frozenset[tuple[str, str]] = frozenset()
    if account.role in OFFICES:
        with whole():
            given = Consent.objects.filter(role=account.role, given_on__lte=today(), revoked_on=None)
            consents = frozenset(given.values_list("firm", "family"))
    return Viewer(account.role, account.firm, consents)


def _language(request: Any, account: Account | None) -> Language:  # noqa: ANN401 (Django carries no types)
    """Return the language chosen, else that of the account, else that of the browser, else Chinese."""
    chosen = request.COOKIES.get(COOKIE) or (account.language if account else "")
    if chosen in ("en", "zh"):
        return "zh" if chosen == "zh" else "en"
    return "en" if request.headers.get("Accept-Language", "").lower().startswith("en") else "zh"


def visit_of(request: Any, account: Account | None) -> Visit:  # noqa: ANN401
    """Return the visit of an account; None for whoever is not signed in."""
    return Visit(account, viewer_of(account), _language(request, account))


def read_in_name_of(request: Any) -> None:  # noqa: ANN401
    """Let the database itself show a visit that only reads no more than its viewer's rows, where it has such a lock."""
    if request.method in ("GET", "HEAD"):
        viewer = request.visit.viewer
        name_reader(viewer.role, viewer.firm, viewer.consents)


class Visiting:
    """Middleware that puts the visit on the request."""

    def __init__(self, get_response: Callable[[Any], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> Any:  # noqa: ANN401
        """Answer a visit."""
        number = request.session.get(ACCOUNT)
        account = Account.objects.filter(pk=number, active=True).first() if number else None
        request.visit = visit_of(request, account)
        with unnamed_afterwards():
            read_in_name_of(request)
            return self.get_response(request)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: dict[str, Any]) -> None:  # noqa: ANN401, ARG002
        """Let a signed link open the page of its one offer, and nothing else."""
        number, lot = request.session.get(OFFER, (0, ""))
        opened = request.resolver_match.url_name
        if request.visit.account is None and lot and opened == "offer" and kwargs.get("lot") == lot:
            account = Account.objects.filter(pk=number, active=True).first()
            request.visit = visit_of(request, account)
            read_in_name_of(request)
