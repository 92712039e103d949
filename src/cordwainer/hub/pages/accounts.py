"""Sign in and out, and choose the language."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from cordwainer.hub.access.viewer import ROLES
from cordwainer.hub.audit.chain import Fact, append
from cordwainer.hub.models import Account
from cordwainer.hub.models.accounts import TWO_FACTOR_ROLES
from cordwainer.hub.signin import totp
from cordwainer.hub.signin.codes import account_with_code, phone_of, send_code
from cordwainer.hub.signin.limits import count, forget
from cordwainer.hub.web.page import WANTED, page, shown, wanted
from cordwainer.hub.web.visit import ACCOUNT, COOKIE

_PHONE, _FIRST = "phone", "first factor"
_QUARTER = timedelta(minutes=15)
HOMES = {"planner": "plan", "inspector": "office", "officer": "office"}


def address_of(request: Any) -> str:  # noqa: ANN401 (Django carries no types)
    """Return the address that a request came from."""
    return str(request.META.get("REMOTE_ADDR", ""))


def enter(request: Any, account: Account) -> Any:  # noqa: ANN401
    """Sign an account in, under a session number that nobody knew before, and lead it to the paper it came for, or its first page."""
    with transaction.atomic():
        append(account.login, [Fact("sign-in", "account", str(account.pk))])
    request.session.flush()
    rotate_token(request)
    request.session[ACCOUNT] = account.pk
    response = redirect(wanted(request) or HOMES.get(account.role, "firm"))
    response.delete_cookie(WANTED, samesite="Lax")
    return response


@page(*ROLES, methods=("GET", "POST"))
def sign_in(request: Any) -> Any:  # noqa: ANN401
    """Ask for a phone number, or a name and a password."""
    if request.method == "GET":
        return shown(request, "sign_in.html", wrong=False)
    if "phone" in request.POST:
        phone = phone_of(request.POST["phone"])[:32]
        send_code(phone, address_of(request))
        request.session[_PHONE] = phone
        return redirect("sign-in-code")
    login = request.POST.get("login", "")[:64]
    key = f"password {login}"
    count(f"password from {address_of(request)}", 50, _QUARTER)
    count(key, 10, _QUARTER)
    account = Account.objects.filter(login=login, active=True).exclude(role="maker").first()
    if not (account or Account()).has_password(request.POST.get("password", "")) or account is None:
        return shown(request, "sign_in.html", status=403, wrong=True)
    forget(key)
    if account.role not in TWO_FACTOR_ROLES:
        return enter(request, account)
    request.session.cycle_key()
    request.session[_FIRST] = account.pk
    return redirect("sign-in-second")


@page(*ROLES, methods=("GET", "POST"))
def code(request: Any) -> Any:  # noqa: ANN401
    """Ask for the code that was sent to the phone."""
    phone = request.session.get(_PHONE)
    if not phone:
        return redirect("sign-in")
    if request.method == "GET":
        return shown(request, "code.html", phone=phone, wrong=False)
    count(f"code tried from {address_of(request)}", 50, _QUARTER)
    account = account_with_code(phone, request.POST.get("code", "").strip())
    if account is None:
        return shown(request, "code.html", status=403, phone=phone, wrong=True)
    return enter(request, account)


@page(*ROLES, methods=("GET", "POST"))
def second(request: Any) -> Any:  # noqa: ANN401
    """Ask for the second factor; at the first sign-in it is set up."""
    account = Account.objects.filter(pk=request.session.get(_FIRST, 0), active=True).first()
    if account is None:
        return redirect("sign-in")
    fresh = not account.totp_secret
    secret = account.totp_secret or request.session.setdefault("totp", totp.new_secret())
    values: dict[str, Any] = {
        "secret": secret if fresh else "",
        "link": totp.address(secret, account.login) if fresh else "",
    }
    if request.method == "GET":
        return shown(request, "second.html", wrong=False, **values)
    count(f"second {account.login}", 10, _QUARTER)
    step = totp.step_of(secret, request.POST.get("code", "").strip(), account.totp_step)
    unused = Account.objects.filter(pk=account.pk, totp_secret=account.totp_secret, totp_step__lt=step or 0)
    if step is None or not unused.update(totp_secret=secret, totp_step=step):
        return shown(request, "second.html", status=403, wrong=True, **values)
    return enter(request, account)


@page(*ROLES, methods=("POST",))
def sign_out(request: Any) -> Any:  # noqa: ANN401
    """End the session."""
    request.session.flush()
    return redirect("home")


@page(*ROLES, methods=("POST",))
def language(request: Any) -> Any:  # noqa: ANN401
    """Keep the language that was chosen, and lead back."""
    chosen = "en" if request.POST.get("language") == "en" else "zh"
    back = request.POST.get("back", "/")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/")
    response = redirect(back if safe else "/")
    response.set_cookie(COOKIE, chosen, max_age=31_536_000, httponly=True, samesite="Lax")
    if request.visit.account is not None:
        Account.objects.filter(pk=request.visit.account.pk).update(language=chosen)
    return response
