"""Tokens for programs: drawn at random, shown once, kept as a digest, good for a year at most, taken back any day."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from cordwainer.core import Text, UserError
from cordwainer.hub.audit.chain import Fact, append
from cordwainer.hub.models.accounts import Account
from cordwainer.hub.models.tokens import Token

LASTS = timedelta(days=365)
_MOST = 10
_PREFIX = "cw_"


def digest_of(token: str) -> str:
    """Return the digest that is kept of a token: it holds 256 random bits, so that a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make_token(account: Account, name: str) -> str:
    """Make a token of an account, and return it: it is never shown again.

    Raises
    ------
    UserError
        If it has no name, or the account has many already.
    """
    name = name.strip()[:60]
    if not name:
        raise UserError(
            "token-without-name",
            Text("The token has no name.", "令牌没有名称。"),
            Text("Say what it is for.", "请写明用途。"),
        )
    if len(tokens_of(account)) >= _MOST:
        raise UserError(
            "many-tokens",
            Text(f"There are {_MOST} tokens already.", f"已有 {_MOST} 个令牌。"),
            Text("Take one back first.", "请先收回一个。"),
        )
    token = _PREFIX + secrets.token_urlsafe(32)
    now = timezone.now()
    made = Token.objects.create(account=account, name=name, digest=digest_of(token), made_at=now, until=now + LASTS)
    append(account.login, [Fact("token", "token", str(made.pk), new=name)])
    return token


def tokens_of(account: Account) -> list[Token]:
    """Return the tokens of an account that are good now."""
    return list(Token.objects.filter(account=account, revoked_at=None, until__gt=timezone.now()).order_by("pk"))


@transaction.atomic
def revoke_token(account: Account, number: int) -> None:
    """Take a token of an account back; one that is gone already stays so."""
    if Token.objects.filter(account=account, pk=number, revoked_at=None).update(revoked_at=timezone.now()):
        append(account.login, [Fact("token", "token", str(number), new=None)])


def account_of(token: str) -> Account | None:
    """Return the account whose token this is; None where it is none that is good."""
    found = (
        Token.objects.select_related("account")
        .filter(digest=digest_of(token), revoked_at=None, until__gt=timezone.now(), account__active=True)
        .first()
    )
    return None if found is None else found.account
