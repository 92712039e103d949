"""One-time codes to phones: six digits, ten minutes, five tries; only a keyed hash is kept."""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cordwainer.core import Language, Text
from cordwainer.hub.models.accounts import Account, SignInCode
from cordwainer.hub.signin.delivery import NotDelivered
from cordwainer.hub.signin.limits import count
from cordwainer.hub.signin.reaching import deliver

_log = logging.getLogger(__name__)
LASTS = timedelta(minutes=10)
_TRIES = 5
_SAID = Text("Your Cordwainer code is {code}, good for ten minutes.", "您的登录验证码是 {code}，十分钟内有效。")
_WIDE = str.maketrans("０１２３４５６７８９＋", "0123456789+")


def phone_of(said: str) -> str:
    """Return a phone number without blanks and signs, full-width digits made plain, without the country code of China."""
    digits = re.sub(r"[\s\-()（）]", "", said.translate(_WIDE))
    return re.sub(r"^(\+|00)86", "", digits)


def _digest(account: Account, code: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"{account.pk}:{code}".encode(), hashlib.sha256).hexdigest()


def send_code(phone: str, address: str) -> None:
    """Send a code to whoever has this phone number; an unknown number is passed over without a word.

    Raises
    ------
    UserError
        If too many codes were asked for, for this number or from this address.
    """
    count(f"code {phone}", 5, timedelta(hours=1))
    count(f"code from {address}", 20, timedelta(hours=1))
    account = Account.objects.filter(login=phone, active=True, role="maker").first()
    if account is None:
        return
    code = f"{secrets.randbelow(1_000_000):06d}"
    SignInCode.objects.update_or_create(
        account=account,
        defaults={"digest": _digest(account, code), "until": timezone.now() + LASTS, "tries_left": _TRIES},
    )
    language: Language = "en" if account.language == "en" else "zh"
    try:
        deliver(account, _SAID.format(code=code).in_(language))
    except NotDelivered:
        _log.exception("a code did not get through")


def account_with_code(phone: str, code: str) -> Account | None:
    """Return the account whose phone and code these are, and use the code up; None where they do not fit."""
    with transaction.atomic():
        kept = SignInCode.objects.select_for_update().filter(account__login=phone, account__active=True).first()
        if kept is None:
            return None
        kept.tries_left -= 1
        fits = kept.until > timezone.now() and hmac.compare_digest(kept.digest, _digest(kept.account, code))
        if fits or kept.tries_left <= 0:
            kept.delete()
        else:
            kept.save()
        return kept.account if fits else None
