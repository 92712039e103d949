"""Notices: who is told what, once and without a price; the ways they take, spoken to over real sockets; ways that fail."""

import base64
import hashlib
import hmac
import json
import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings

from cordwainer.hub.jobs.queue import ask, finish, take
from cordwainer.hub.models import Account, Channel, Notice, Option, Part
from cordwainer.hub.notices import MOST_TRIES, find, said, send_due
from cordwainer.hub.signin.delivery import DELIVERIES, NotDelivered, Robot
from cordwainer.hub.signin.reaching import deliver
from cordwainer.hub.web import visit
from tests.unit.hub.desk_world import Clock
from tests.unit.hub.worlds import Town

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Kept:
    """A way that keeps what it is given."""

    def __init__(self) -> None:
        self.sent = list[tuple[str, str]]()

    def check(self, to: str) -> None:
        """Take any address."""

    def send(self, to: str, said: str, secret: str = "") -> None:
        """Keep it."""
        self.sent.append((to, said + secret))


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Kept:
    way = Kept()
    monkeypatch.setitem(DELIVERIES, "console", way)
    return way


@pytest.fixture
def told_town(town: Town) -> Town:
    """Give a town whose plan was published a moment ago."""
    town.run.published_at = NOW - timedelta(minutes=1)
    town.run.save()
    Part.objects.filter(firm="F00").update(answer="")
    return town


def test_makers_are_told_once_of_their_offers_and_of_what_they_are_asked(told_town: Town, kept: Kept) -> None:
    assert find(NOW) == 2
    assert find(NOW + timedelta(minutes=5)) == 0
    assert send_due(NOW) == 2
    assert send_due(NOW + timedelta(hours=1)) == 0
    words = [words for to, words in kept.sent if to == "maker"]
    assert len(words) == 2
    assert re.search(r"有 \d+ 个批次等您答复，最迟 2026-03-04", words[0])
    assert "能否承接" in words[1]


def test_no_notice_holds_a_price(told_town: Town, kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever stands in a notice is one of a few plain values; none of them is money."""
    monkeypatch.setattr(settings, "ADDRESS", "https://hub.example")
    for language in ("en", "zh"):
        Account.objects.update(language=language)
        Notice.objects.all().delete()
        job = ask(told_town.accounts["planner"], "plan", {})
        held = take()
        assert held is not None
        assert held.pk == job.pk
        finish(held, "done", {"run": 1})
        type(job).objects.filter(pk=job.pk).update(ended_at=NOW)
        find(NOW)
        assert {n.kind for n in Notice.objects.all()} == {"offers", "asked", "job"}
        for notice in Notice.objects.select_related("account"):
            assert set(notice.values) <= {"n", "day", "job", "status"}
            assert not re.search(r"元|yuan|¥|\d[.,]\d|fen|分钱", said(notice)), said(notice)
            assert said(notice).endswith("\nhttps://hub.example")


def test_a_way_that_fails_is_tried_again_later_and_given_up_in_the_end(
    told_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(Kept):
        def send(self, to: str, said: str, secret: str = "") -> None:
            super().send(to, said, secret)
            raise NotDelivered("no line")

    way, now = Broken(), NOW
    monkeypatch.setitem(DELIVERIES, "console", way)
    Part.objects.all().delete()
    assert find(now) == 1
    for tries in range(1, MOST_TRIES + 1):
        assert send_due(now) == 0
        assert len(way.sent) == tries
        send_due(now)
        assert len(way.sent) == tries, "not before its time"
        now += timedelta(days=1)
    assert send_due(now) == 0
    assert len(way.sent) == MOST_TRIES
    assert Notice.objects.get().fault == "no line"


def test_offers_that_were_answered_and_options_that_are_over_are_told_no_more(told_town: Town) -> None:
    Option.objects.update(status="released")
    later = datetime(2026, 3, 9, tzinfo=UTC)
    told_town.run.published_at = later
    told_town.run.save()
    assert find(later) == 0, "the time to answer is over"


@contextmanager
def robot(answer: dict[str, Any], status: int = 200) -> Iterator[tuple[str, list[tuple[str, dict[str, Any]]]]]:
    """Serve a robot's webhook on this machine."""
    got = list[tuple[str, dict[str, Any]]]()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            got.append((self.path, body))
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Hook)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}", got
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def here(way: str, host: str) -> Robot:
    """Return a robot's adapter that speaks to this machine."""
    found = DELIVERIES[way]
    assert isinstance(found, Robot)
    return replace(found, host=host, scheme="http")


def mac(key: str, message: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), message.encode(), hashlib.sha256).digest()).decode()


def test_wecom_and_dingtalk_get_text_and_dingtalk_its_sign() -> None:
    with robot({"errcode": 0}) as (host, got):
        here("wecom", host).send(f"http://{host}/cgi-bin/webhook/send?key=k", "您好")
        here("dingtalk", host).send(f"http://{host}/robot/send?access_token=t", "您好", "SEC1")
    text = {"msgtype": "text", "text": {"content": "您好"}}
    assert got[0] == ("/cgi-bin/webhook/send?key=k", text)
    asked = {k: v[0] for k, v in parse_qs(urlsplit(got[1][0]).query).items()}
    assert asked["sign"] == mac("SEC1", f"{asked['timestamp']}\nSEC1")
    assert got[1][1] == text


def test_feishu_gets_its_sign_in_the_message() -> None:
    with robot({"code": 0}) as (host, got):
        here("feishu", host).send(f"http://{host}/open-apis/bot/v2/hook/x", "您好", "S")
        here("feishu", host).send(f"http://{host}/open-apis/bot/v2/hook/x", "您好")
    signed = got[0][1]
    assert signed["sign"] == mac(f"{signed['timestamp']}\nS", "")
    assert got[1][1] == {"msg_type": "text", "content": {"text": "您好"}}


@pytest.mark.parametrize(
    ("answer", "status"), [({"errcode": 93000}, 200), ({"errcode": 0}, 500), ({"errcode": 0}, 302)]
)
def test_a_robot_that_refuses_or_leads_elsewhere_is_not_believed(answer: dict[str, Any], status: int) -> None:
    with robot(answer, status) as (host, _), pytest.raises(NotDelivered):
        here("wecom", host).send(f"http://{host}/x", "您好")


@contextmanager
def mail_server() -> Iterator[tuple[int, list[str]]]:
    """Serve as much of SMTP as a mail needs (RFC 5321)."""
    got = list[str]()

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            while line := self.rfile.readline():
                word = line[:4].upper()
                if word == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    body = b""
                    while not body.endswith(b"\r\n.\r\n"):
                        body += self.rfile.readline()
                    got.append(body.decode())
                self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_address[1], got
        server.shutdown()
        thread.join()


def test_a_mail_reaches_its_server(monkeypatch: pytest.MonkeyPatch) -> None:
    with mail_server() as (port, got):
        monkeypatch.setattr(settings, "EMAIL_PORT", port)
        monkeypatch.setattr(settings, "EMAIL_HOST", "127.0.0.1")
        DELIVERIES["mail"].send("a@b.cn", "There is work.")
    assert "To: a@b.cn" in got[0]
    assert "There is work." in got[0]
    with pytest.raises(NotDelivered):
        DELIVERIES["mail"].send("a@b.cn", "There is work.")


def test_an_account_chooses_its_way_and_tries_it(town: Town, kept: Kept, clock: Clock) -> None:
    maker, account = town.client("maker"), town.accounts["maker"]
    for way, to in (
        ("mail", "no address"),
        ("wecom", "https://elsewhere.example/x"),
        ("pigeon", "x"),
        ("mail", "a@b.cn\nBcc: c@d.cn"),
    ):
        assert maker.post("/notices/", {"way": way, "to": to}).status_code == 422
    assert maker.post("/notices/", {"step": "try"}).status_code == 200
    assert kept.sent[0][0] == "maker"
    assert maker.post("/notices/", {"way": "mail", "to": "a@b.cn"}).status_code == 302
    assert 'value="a@b.cn"' in maker.get("/notices/").content.decode()
    assert maker.post("/notices/", {"step": "try"}).status_code == 422, "no mail server listens"
    assert (
        maker.post(
            "/notices/", {"way": "dingtalk", "to": "https://oapi.dingtalk.com/robot/send?a=1", "secret": "SEC"}
        ).status_code
        == 302
    )
    assert "SEC" not in maker.get("/notices/").content.decode().replace("SECRET", "")
    assert maker.post("/notices/", {"way": "mail", "to": "x" * 301}).status_code == 422
    assert maker.post("/notices/", {"way": ""}).status_code == 302
    assert not Channel.objects.exists()
    deliver(account, "again by the way of the hub")
    assert visit.today() == date(2026, 3, 2)
    assert len(kept.sent) == 2
