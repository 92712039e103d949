"""Who may sign in, and what is remembered of tries to."""

from __future__ import annotations

import secrets
from functools import cache

from django.contrib.auth.hashers import check_password, make_password
from django.db import models

ROLES = ("planner", "buyer", "maker", "supplier", "inspector", "officer")
FIRM_ROLES = ("buyer", "maker", "supplier")
TWO_FACTOR_ROLES = ("planner", "inspector")


class Account(models.Model):
    """A person. ``login`` is a phone number for makers, a name for the others; ``firm`` is given for those of firms."""

    login = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=16)
    firm = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=2, default="zh")
    password = models.CharField(max_length=200, blank=True)
    totp_secret = models.CharField(max_length=64, blank=True)
    totp_step = models.BigIntegerField(default=0)
    active = models.BooleanField(default=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Every role but those of firms is without one."""

        constraints = (
            models.CheckConstraint(
                name="firm_goes_with_role",
                condition=(models.Q(role__in=FIRM_ROLES) & ~models.Q(firm=""))
                | (~models.Q(role__in=FIRM_ROLES) & models.Q(firm="")),
            ),
        )

    def __str__(self) -> str:
        return self.login

    def set_password(self, password: str) -> None:
        """Keep the Argon2id hash of a password."""
        self.password = make_password(password)

    def has_password(self, password: str) -> bool:
        """Say whether this is the password; takes as long where the account has none."""
        return check_password(password, self.password or _nobodys())


@cache
def _nobodys() -> str:
    """Return a hash that fits no password, made once, so that an unknown name takes as long as a known one."""
    return make_password(secrets.token_hex(16))


class SignInCode(models.Model):
    """A one-time code sent to a phone; only its keyed hash is kept."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE)
    digest = models.CharField(max_length=64)
    until = models.DateTimeField()
    tries_left = models.IntegerField()


class Attempt(models.Model):
    """One try at something that is limited by time, such as a sign-in from an address."""

    key = models.CharField(max_length=128)
    at = models.DateTimeField()

    class Meta:
        """Looked up by key and time."""

        indexes = (models.Index(fields=["key", "at"], name="attempt_key_at"),)
