"""The page on which an account makes tokens for its programs, and takes them back."""

from __future__ import annotations

from typing import Any

from django.shortcuts import redirect

from cordwainer.core import Text, UserError
from cordwainer.hub.access.viewer import FIRMS, OFFICES
from cordwainer.hub.signin.tokens import make_token, revoke_token, tokens_of
from cordwainer.hub.web.page import page, shown


@page(*FIRMS, "planner", *OFFICES, methods=("GET", "POST"))
def tokens(request: Any) -> Any:  # noqa: ANN401 (Django carries no types)
    """List the account's tokens; a form makes one, which is shown once, or takes one back."""
    account, made = request.visit.account, ""
    if account is None:  # a signed link opens one offer and nothing of the account
        return redirect("sign-in")
    if request.method == "POST":
        number = request.POST.get("revoke", "")
        if number:
            if not number.isdecimal() or len(number) > 12:
                raise UserError(
                    "unknown-token", Text("There is no such token.", "没有这个令牌。"), Text("Go back.", "请返回。")
                )
            revoke_token(account, int(number))
            return redirect("tokens")
        made = make_token(account, request.POST.get("name", ""))
    return shown(request, "tokens.html", tokens=tokens_of(account), made=made)
