"""Reach an account by the way it chose, else by the hub's own."""

from __future__ import annotations

from django.conf import settings

from cordwainer.hub.models.accounts import Account
from cordwainer.hub.models.notices import Channel
from cordwainer.hub.signin.delivery import DELIVERIES


def deliver(account: Account, words: str) -> None:
    """Send words to an account by the way it chose, else by the hub's own.

    Raises
    ------
    NotDelivered
        If they do not get through.
    """
    channel = Channel.objects.filter(account=account).first()
    if channel is None:
        DELIVERIES[settings.DELIVERY].send(account.login, words)
    else:
        DELIVERIES[channel.way].send(channel.to or account.login, words, channel.secret)
