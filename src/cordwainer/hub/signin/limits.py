"""How often something may be tried: counted in the database, by account and by address."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from cordwainer.core import Text, UserError
from cordwainer.hub.models.accounts import Attempt

_KEPT = timedelta(days=1)


def count(key: str, most: int, within: timedelta) -> None:
    """Count one try, and refuse it where too many came before.

    Parameters
    ----------
    key
        What is limited, such as ``password 203.0.113.7``.
    most
        Tries allowed.
    within
        In a time as long as this.

    Raises
    ------
    UserError
        If there were as many already.
    """
    now = timezone.now()
    with transaction.atomic():
        Attempt.objects.filter(at__lt=now - _KEPT).delete()
        if Attempt.objects.filter(key=key, at__gt=now - within).count() >= most:
            minutes = max(1, int(within.total_seconds()) // 60)
            raise UserError(
                "too-many-tries",
                Text("Too many tries.", "尝试次数过多。"),
                Text(f"Wait {minutes} minutes and try again.", f"请等待 {minutes} 分钟后再试。"),
            )
        Attempt.objects.create(key=key, at=now)


def forget(key: str) -> None:
    """Forget the tries of a key, after one that went well."""
    Attempt.objects.filter(key=key).delete()
