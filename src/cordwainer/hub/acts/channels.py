"""Where an account wants its codes and notices."""

from __future__ import annotations

from django.db import transaction

from cordwainer.core import Text, UserError
from cordwainer.hub.audit.chain import Fact, append
from cordwainer.hub.models.accounts import Account
from cordwainer.hub.models.notices import Channel
from cordwainer.hub.signin.delivery import DELIVERIES

WAYS = ("mail", "wecom", "dingtalk", "feishu")


@transaction.atomic
def choose(account: Account, way: str, to: str, secret: str) -> None:
    """Choose a way and an address, or none: the hub's own way is taken then.

    Raises
    ------
    UserError
        If there is no such way, or the address is none of it.
    """
    if not way:
        Channel.objects.filter(account=account).delete()
    elif way not in WAYS:
        raise UserError("unknown-way", Text("There is no such way.", "没有这种方式。"), Text("Choose one.", "请选择。"))
    else:
        if len(to) > 300 or len(secret) > 100:
            raise UserError(
                "long-address",
                Text("The address is too long.", "地址过长。"),
                Text("Copy it anew.", "请重新复制粘贴。"),
            )
        DELIVERIES[way].check(to)
        Channel.objects.update_or_create(account=account, defaults={"way": way, "to": to, "secret": secret})
    append(account.login, [Fact("channel", "account", str(account.pk), new=way)])


def channel_of(account: Account) -> tuple[str, str]:
    """Return way and address that an account chose; empty where it chose none."""
    found = Channel.objects.filter(account=account).first()
    return ("", "") if found is None else (found.way, found.to)
