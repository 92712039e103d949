"""How codes and notices reach people: adapters of one shape, by name. No notice ever holds a price."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import smtplib
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, Protocol
from urllib.error import URLError
from urllib.parse import quote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from cordwainer.core import Text, UserError

_WAIT_S = 10
_MOST_BYTES = 10_000


class NotDelivered(Exception):
    """It did not get through; the text says why, for the operator."""


class Delivery(Protocol):
    """A way to reach a person."""

    def check(self, to: str) -> None:
        """Refuse an address that this way cannot have."""

    def send(self, to: str, said: str, secret: str = "") -> None:
        """Send a short text to a phone number, a name, a mail address or a webhook."""


class Console:
    """Writes to the error output of the server: for trying out, and for desks that ring people up."""

    def check(self, to: str) -> None:
        """Take any address."""

    def send(self, to: str, said: str, secret: str = "") -> None:  # noqa: ARG002 (of one shape with the others)
        """Write who is to get what."""
        sys.stderr.write(f"[{to}] {said}\n")
        sys.stderr.flush()


class Mail:
    """Sends an e-mail through the server of CORDWAINER_HUB_SMTP."""

    def check(self, to: str) -> None:
        """Refuse what is no mail address.

        Raises
        ------
        UserError
            If it is none.
        """
        name, at, host = to.rpartition("@")
        if not (name and at and "." in host) or any(c.isspace() or c in '<>,;"' for c in to):
            raise _bad_address(Text("This is no mail address.", "邮箱地址不正确。"))

    def send(self, to: str, said: str, secret: str = "") -> None:  # noqa: ARG002
        """Send it.

        Raises
        ------
        NotDelivered
            If the server cannot be reached or does not take it.
        """
        subject = said.splitlines()[0][:60]
        try:
            message = EmailMessage(subject, said, settings.DEFAULT_FROM_EMAIL, [to], connection=get_connection())
            message.send()
        except (OSError, smtplib.SMTPException) as error:
            raise NotDelivered(str(error)[:200]) from error


@dataclass(frozen=True)
class Robot:
    """Posts to the robot of a group chat.

    Parameters
    ----------
    host
        The only host that its webhooks may have.
    body
        Shape of the message, of text, secret and time in seconds.
    signed
        Address with what signs it, of address, secret and time in seconds.
    answer
        Name of the number in the answer that is 0 where it was taken.
    """

    host: str
    body: Callable[[str, str, int], Mapping[str, Any]]
    signed: Callable[[str, str, int], str]
    answer: str
    scheme: str = "https"

    def check(self, to: str) -> None:
        """Refuse a webhook of another host: the hub calls no address that somebody thought up.

        Raises
        ------
        UserError
            If it is one.
        """
        parts = urlsplit(to)
        if (parts.scheme, parts.netloc) != (self.scheme, self.host):
            raise _bad_address(
                Text(
                    f"A webhook here begins with https://{self.host}/.", f"Webhook 地址应以 https://{self.host}/ 开头。"
                )
            )

    def send(self, to: str, said: str, secret: str = "") -> None:
        """Post it.

        Raises
        ------
        NotDelivered
            If the robot cannot be reached or does not take it.
        """
        self.check(to)
        now = int(time.time())
        data = json.dumps(self.body(said, secret, now), ensure_ascii=False).encode()
        request = Request(self.signed(to, secret, now), data, {"Content-Type": "application/json"})  # noqa: S310 (checked)
        try:
            with build_opener(_Stay).open(request, timeout=_WAIT_S) as answer:
                told = json.loads(answer.read(_MOST_BYTES))
        except (URLError, HTTPException, OSError, ValueError) as error:
            raise NotDelivered(str(error)[:200]) from error
        if not isinstance(told, dict) or told.get(self.answer) != 0:
            raise NotDelivered(str(told)[:200])


class _Stay(HTTPRedirectHandler):
    """Follows no redirect: it could lead anywhere."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Lead nowhere."""


def _bad_address(what: Text) -> UserError:
    return UserError("bad-address", what, Text("Copy it anew.", "请重新复制粘贴。"))


def _mac(key: str, message: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), message.encode(), hashlib.sha256).digest()).decode()


def _plain(text: str, secret: str, now: int) -> Mapping[str, Any]:  # noqa: ARG001 (of one shape with the others)
    return {"msgtype": "text", "text": {"content": text}}


def _feishu(text: str, secret: str, now: int) -> Mapping[str, Any]:
    """Return a message of Feishu: time and key are the key of a digest of nothing (open.feishu.cn, custom bot guide)."""
    signed = {"timestamp": str(now), "sign": _mac(f"{now}\n{secret}", "")} if secret else {}
    return {**signed, "msg_type": "text", "content": {"text": text}}


def _unsigned(to: str, secret: str, now: int) -> str:  # noqa: ARG001
    return to


def _dingtalk(to: str, secret: str, now: int) -> str:
    """Return a webhook of DingTalk with milliseconds and their digest (open.dingtalk.com, custom robot security settings)."""
    if not secret:
        return to
    ms = now * 1000
    return f"{to}&timestamp={ms}&sign={quote(_mac(secret, f'{ms}' + chr(10) + secret), safe='')}"


DELIVERIES: dict[str, Delivery] = {
    "console": Console(),
    "mail": Mail(),
    "wecom": Robot("qyapi.weixin.qq.com", _plain, _unsigned, "errcode"),
    "dingtalk": Robot("oapi.dingtalk.com", _plain, _dingtalk, "errcode"),
    "feishu": Robot("open.feishu.cn", _feishu, _unsigned, "code"),
}
"""Known ways by name; setting CORDWAINER_HUB_DELIVERY chooses the one for codes and for accounts that chose none."""
