"""The page on which an account says where codes and notices reach it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.shortcuts import redirect

from cordwainer.core import Text, UserError
from cordwainer.hub.access.viewer import FIRMS, OFFICES
from cordwainer.hub.acts.channels import WAYS, channel_of, choose
from cordwainer.hub.signin.delivery import NotDelivered
from cordwainer.hub.signin.limits import count
from cordwainer.hub.signin.reaching import deliver
from cordwainer.hub.web.page import page, shown


@page(*FIRMS, "planner", *OFFICES, methods=("GET", "POST"))
def notices(request: Any) -> Any:  # noqa: ANN401 (Django carries no types)
    """Show where notices go; a form changes that, or sends one for trial."""
    account = request.visit.account
    if account is None:
        return redirect("sign-in")
    tried = False
    if request.method == "POST":
        post = request.POST
        if post.get("step") == "try":
            _try(request)
            tried = True
        else:
            choose(account, post.get("way", ""), post.get("to", "").strip(), post.get("secret", "").strip())
            return redirect("notices")
    way, to = channel_of(account)
    return shown(request, "notices.html", way=way, to=to, ways=WAYS, tried=tried)


def _try(request: Any) -> None:  # noqa: ANN401
    count(f"notice {request.visit.account.pk}", 10, timedelta(hours=1))
    try:
        deliver(request.visit.account, request.visit.t("notice_trial"))
    except NotDelivered as error:
        raise UserError(
            "not-delivered",
            Text("The notice did not get through.", "通知没有送达。"),
            Text("Look whether address and secret are right.", "请检查地址和密钥是否正确。"),
        ) from error
