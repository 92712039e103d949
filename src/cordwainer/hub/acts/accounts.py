"""Accounts as the operator makes them."""

from __future__ import annotations

from django.db import transaction

from cordwainer.core import Text, UserError
from cordwainer.hub.audit.chain import Fact, append
from cordwainer.hub.models.accounts import FIRM_ROLES, ROLES, Account
from cordwainer.hub.store.versions import live

SHORTEST = 10


@transaction.atomic
def make(login: str, name: str, role: str, firm: str, password: str) -> Account:
    """Make an account, or change the one there is. Makers sign in by phone and need no password.

    Raises
    ------
    UserError
        If there is no such role, the firm does not go with it, or the password is short.
    """
    if role not in ROLES:
        raise UserError(
            "unknown-role",
            Text(f'There is no role "{role}".', f"没有“{role}”这个角色。"),
            Text(f"Choose one of: {', '.join(ROLES)}.", f"可选：{'、'.join(ROLES)}。"),
        )
    if (role in FIRM_ROLES) != bool(firm):
        raise UserError(
            "firm-and-role",
            Text(
                "Buyers, makers and suppliers act for a firm, the others for none.",
                "客户、厂家、供应商须指定企业，其他角色不须。",
            ),
            Text("Give the firm, or leave it out.", "请填写或去掉企业。"),
        )
    if firm:
        live().require("firm", firm)
    if role != "maker" and len(password) < SHORTEST:
        raise UserError(
            "short-password",
            Text(f"The password has fewer than {SHORTEST} characters.", f"密码少于 {SHORTEST} 位。"),
            Text("Choose a longer one.", "请换一个更长的密码。"),
        )
    account = Account.objects.filter(login=login).first() or Account(login=login)
    account.name, account.role, account.firm = name, role, firm
    if password:
        account.set_password(password)
    account.save()
    append("", [Fact("account", "account", login, new=f"{role} {firm}")])
    return account
