"""A page: which roles it is for, and how it is answered."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from cordwainer.core import CordwainerError
from cordwainer.hub.access.viewer import ROLES
from cordwainer.hub.web.outage import is_outage

Handler = Callable[..., Any]
WANTED = "wanted"
"""Cookie with the address of the paper that a square code led to."""
PAPERS = "/papers/"


def page(*roles: str, methods: tuple[str, ...] = ("GET",)) -> Callable[[Handler], Handler]:
    """Return a decorator for a page that only some roles may open.

    Whoever is not signed in is sent to the sign-in; whoever is of another role is told that there is no such page. Errors of
    this software that escape are shown with their remedy.
    """
    strange = set(roles) - set(ROLES)
    if strange:
        raise ValueError(f"no such role: {strange}")

    def decorate(handler: Handler) -> Handler:
        @wraps(handler)
        def answer(request: Any, *args: str, **kwargs: str) -> Any:  # noqa: ANN401 (Django carries no types)
            role = request.visit.viewer.role
            if role not in roles:
                if role == "public":
                    return _to_sign_in(request)
                raise Http404
            try:
                return handler(request, *args, **kwargs)
            except CordwainerError as error:
                if is_outage(error):
                    raise
                return shown(request, "error.html", status=422, error=error)

        answer.roles, answer.methods = frozenset(roles), methods  # type: ignore[attr-defined]
        return require_http_methods([*methods, "HEAD"])(answer)

    return decorate


def _to_sign_in(request: Any) -> Any:  # noqa: ANN401
    """Send to the sign-in; whoever came by the square code of a paper is led to it afterwards."""
    response = redirect("sign-in")
    if request.path.startswith(PAPERS):
        response.set_cookie(WANTED, request.path, max_age=1800, httponly=True, samesite="Lax", secure=settings.HTTPS)
    return response


def wanted(request: Any) -> str:  # noqa: ANN401
    """Return the paper that a visit wanted before it signed in; empty where it wanted none."""
    found = str(request.COOKIES.get(WANTED, ""))
    safe = found.startswith(PAPERS) and url_has_allowed_host_and_scheme(found, allowed_hosts=None)
    return found if safe else ""


def shown(request: Any, template: str, status: int = 200, **values: Any) -> Any:  # noqa: ANN401
    """Return a template filled in for the visit."""
    visit = request.visit
    context = {"t": visit.t, "language": visit.language, "visit": visit, "here": request.get_full_path(), **values}
    return render(request, template, context, status=status)
