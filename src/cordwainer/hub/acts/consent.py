"""A firm lets an office read what it entered for trade, and takes that back."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from cordwainer.cluster import dictionary
from cordwainer.core import Text, UserError
from cordwainer.hub.access.viewer import OFFICES
from cordwainer.hub.audit.chain import Fact, append
from cordwainer.hub.models.accounts import Account
from cordwainer.hub.models.consent import Consent

FAMILIES = ("lines", "trade", "happened")
"""Families of tables that hold what firms enter for trade."""


@transaction.atomic
def consent(account: Account, role: str, family: str, day: date, *, given: bool) -> None:
    """Give or take back a consent from a day on; what is so already stays so.

    Raises
    ------
    UserError
        If there is no such office or family of tables.
    """
    if role not in OFFICES or family not in FAMILIES or family not in dictionary.FAMILIES:
        raise UserError(
            "unknown-consent", Text("There is no such consent.", "没有这项授权。"), Text("Go back.", "请返回。")
        )
    standing = Consent.objects.filter(firm=account.firm, role=role, family=family, revoked_on=None)
    if standing.exists() == given:
        return
    if given:
        Consent.objects.create(firm=account.firm, role=role, family=family, given_on=day, account=account.pk)
    else:
        standing.update(revoked_on=day)
    append(account.login, [Fact("consent", "consent", account.firm, f"{role}.{family}", new=f"{given} {day}")])
