"""Ways in: codes to phones, passwords with a second factor, signed links; tries are limited, sessions are new."""

from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from cordwainer.core import UserError
from cordwainer.hub.acts.accounts import make
from cordwainer.hub.models import Account, AuditEntry, SignInCode
from cordwainer.hub.signin import codes, links, totp
from cordwainer.hub.signin.delivery import DELIVERIES
from cordwainer.hub.signin.limits import count
from tests.unit.hub.worlds import Town

PASSWORD = "long enough to be one"
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


class Letters:
    """A delivery that keeps what it is given."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    def send(self, to: str, said: str) -> None:
        """Keep a text."""
        self.sent.append((to, said))


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> Letters:
    kept = Letters()
    monkeypatch.setitem(DELIVERIES, "console", kept)
    return kept


def phone_maker(town: Town) -> Account:
    maker = town.accounts["maker"]
    Account.objects.filter(pk=maker.pk).update(login="13800000001")
    return Account.objects.get(pk=maker.pk)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert totp.code_at(SECRET, seconds // 30) == code


def test_a_code_counts_once_and_for_a_step_either_way() -> None:
    now = 1111111111.0
    step = int(now) // 30
    assert totp.step_of(SECRET, totp.code_at(SECRET, step - 1), 0, now) == step - 1
    assert totp.step_of(SECRET, totp.code_at(SECRET, step + 1), 0, now) == step + 1
    assert totp.step_of(SECRET, totp.code_at(SECRET, step - 2), 0, now) is None
    assert totp.step_of(SECRET, totp.code_at(SECRET, step), step, now) is None


@pytest.mark.parametrize("said", ["+86 138-0000-0001", "138 0000 0001", "００８６13800000001", "１３８0000（0001）"])
def test_a_phone_number_is_known_however_it_is_typed(said: str) -> None:
    assert codes.phone_of(said) == "13800000001"


def test_a_maker_signs_in_with_the_code_sent_to_the_phone(town: Town, letters: Letters) -> None:
    phone_maker(town)
    client = town.client("public")
    assert client.post("/sign-in/", {"phone": "138 0000 0001"}).url == "/sign-in/code/"
    to, said = letters.sent[0]
    code = "".join(c for c in said if c.isdigit())[:6]
    assert to == "13800000001"
    before = client.session.session_key
    assert client.post("/sign-in/code/", {"code": code}).url == "/firm/"
    assert client.session.session_key != before
    assert client.get("/firm/").status_code == 200
    assert AuditEntry.objects.filter(action="sign-in", account="13800000001").count() == 1
    again = town.client("public")
    again.post("/sign-in/", {"phone": "13900000000"})
    assert again.post("/sign-in/code/", {"code": code}).status_code == 403


def test_only_a_keyed_hash_of_a_code_is_kept(town: Town, letters: Letters) -> None:
    phone_maker(town)
    codes.send_code("13800000001", "127.0.0.1")
    assert letters.sent[0][1].split("码是 ")[1][:6] not in str(SignInCode.objects.values().get())


def test_an_unknown_phone_is_answered_alike_and_sent_nothing(town: Town, letters: Letters) -> None:
    phone_maker(town)
    known, unknown = town.client("public"), town.client("public")
    for client, phone in ((known, "13800000001"), (unknown, "13900000000")):
        assert client.post("/sign-in/", {"phone": phone}).url == "/sign-in/code/"
    pages = [c.get("/sign-in/code/").content for c in (known, unknown)]
    assert len(pages[0]) == len(pages[1])
    assert [to for to, _ in letters.sent] == ["13800000001"]


def test_a_code_is_over_after_five_wrong_tries_or_ten_minutes(town: Town, letters: Letters) -> None:
    phone_maker(town)
    codes.send_code("13800000001", "127.0.0.1")
    code = letters.sent[-1][1].split("码是 ")[1][:6]
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    assert all(codes.account_with_code("13800000001", wrong) is None for _ in range(5))
    assert codes.account_with_code("13800000001", code) is None
    codes.send_code("13800000001", "127.0.0.1")
    code = letters.sent[-1][1].split("码是 ")[1][:6]
    SignInCode.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert codes.account_with_code("13800000001", code) is None


def test_tries_are_limited_in_time(town: Town) -> None:
    for _ in range(3):
        count("key", 3, timedelta(minutes=5))
    with pytest.raises(UserError) as caught:
        count("key", 3, timedelta(minutes=5))
    assert caught.value.code == "too-many-tries"
    count("another", 3, timedelta(minutes=5))


def test_codes_to_one_phone_are_limited(town: Town, letters: Letters) -> None:
    phone_maker(town)
    client = town.client("public")
    statuses = [client.post("/sign-in/", {"phone": "13800000001"}).status_code for _ in range(6)]
    assert statuses == [302] * 5 + [422]
    assert len(letters.sent) == 5


def test_a_planner_needs_password_and_second_factor(town: Town) -> None:
    make("chief", "Chief", "planner", "", PASSWORD)
    client = town.client("public")
    assert client.post("/sign-in/", {"login": "chief", "password": "wrong"}).status_code == 403
    assert client.post("/sign-in/", {"login": "chief", "password": PASSWORD}).url == "/sign-in/second/"
    assert client.get("/plan/").url == "/sign-in/"
    page = client.get("/sign-in/second/").content.decode()
    secret = page.split("<code>")[1].split("</code>")[0]
    assert client.post("/sign-in/second/", {"code": "000000"}).status_code == 403
    now = int(timezone.now().timestamp()) // totp.STEP_S
    code = totp.code_at(secret, now)
    assert client.post("/sign-in/second/", {"code": code}).url == "/plan/"
    assert client.get("/plan/").status_code == 200
    replay = town.client("public")
    replay.post("/sign-in/", {"login": "chief", "password": PASSWORD})
    assert secret not in replay.get("/sign-in/second/").content.decode()
    assert replay.post("/sign-in/second/", {"code": code}).status_code == 403


def test_a_buyer_signs_in_with_a_password_alone_and_out_again(town: Town) -> None:
    make("buyer", "Buyer", "buyer", "B1", PASSWORD)
    client = town.client("public")
    assert client.post("/sign-in/", {"login": "buyer", "password": PASSWORD}).url == "/firm/"
    assert client.get("/firm/").status_code == 200
    assert client.post("/sign-out/").url == "/"
    assert client.get("/firm/").url == "/sign-in/"


def test_passwords_are_kept_as_argon2id_hashes_and_wrong_ones_limited(town: Town) -> None:
    account = make("buyer", "Buyer", "buyer", "B1", PASSWORD)
    assert account.password.startswith("argon2$argon2id$")
    client = town.client("public")
    answers = [client.post("/sign-in/", {"login": "buyer", "password": "x"}).status_code for _ in range(11)]
    assert answers == [403] * 10 + [422]


def test_an_account_that_is_closed_is_out_at_once(town: Town) -> None:
    client = town.client("buyer")
    Account.objects.filter(login="buyer").update(active=False)
    assert client.get("/firm/").url == "/sign-in/"


@pytest.mark.parametrize(
    ("role", "firm", "password", "code"),
    [
        ("king", "", PASSWORD, "unknown-role"),
        ("buyer", "", PASSWORD, "firm-and-role"),
        ("planner", "B1", PASSWORD, "firm-and-role"),
        ("buyer", "none", PASSWORD, "unknown-id"),
        ("planner", "", "short", "short-password"),
    ],
)
def test_accounts_that_make_no_sense_are_refused(town: Town, role: str, firm: str, password: str, code: str) -> None:
    with pytest.raises(UserError) as caught:
        make("new", "New", role, firm, password)
    assert caught.value.code == code


def test_a_signed_link_opens_one_offer_and_nothing_else(town: Town) -> None:
    client = town.client("public")
    token = links.token(town.accounts["maker"].pk, town.run.pk, "O000-1")
    assert client.get(f"/link/{token}/").url == "/firm/offers/O000-1/"
    assert client.get("/firm/offers/O000-1/").status_code == 200
    for address in ("/firm/", "/firm/offers/", "/firm/offers/O010-1/", "/firm/data/", "/firm/money/"):
        assert client.get(address).url == "/sign-in/", address


def test_forged_and_old_links_open_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    token = links.token(town.accounts["maker"].pk, town.run.pk, "O000-1")
    assert Client().get(f"/link/{token[:-1]}x/").status_code == 404
    other = signing.dumps([town.accounts["maker"].pk, town.run.pk, "O000-1"], salt="another")
    assert Client().get(f"/link/{other}/").status_code == 404
    monkeypatch.setattr(links, "LASTS", timedelta(seconds=-1))
    assert Client().get(f"/link/{token}/").status_code == 404


def test_a_form_without_its_token_is_refused(town: Town) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/sign-in/", {"phone": "13800000001"}).status_code == 403


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_the_language_switch_leads_nowhere_else(town: Town, back: str) -> None:
    assert town.client("public").post("/language/", {"language": "en", "back": back}).url == "/"
