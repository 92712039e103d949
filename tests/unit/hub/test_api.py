"""The API: every call with every role, writes that are done once, two worlds that look the same, and whatever else is sent."""

import csv
import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.conf import settings as django_settings
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from cordwainer.cluster import Cluster
from cordwainer.hub.api.app import api
from cordwainer.hub.api.calls import act_key
from cordwainer.hub.audit.verify import faults
from cordwainer.hub.models import Deed, Enquiry, Option, Part, Reply, Token
from cordwainer.hub.pages import world
from cordwainer.hub.signin.tokens import make_token
from cordwainer.hub.store.desk import forget_desks
from tests.unit.hub.desk_world import Clock
from tests.unit.hub.figures import graded_cluster
from tests.unit.hub.floor_world import leave_floor, left_of
from tests.unit.hub.test_routes import ALL_ROLES, NAMED, RELATIONS
from tests.unit.hub.test_twin_worlds import other
from tests.unit.hub.worlds import PARTNER, Town, publish_small

TABLE = Path(__file__).with_name("api_routes.csv")
ROOT = Path(__file__).resolve().parents[3]
YES = '{"answer": "yes"}'
BODIES = {
    "ask": '{"style": "Z9", "pairs": 100}',
    "answer_asked": YES,
    "answer_offer": YES,
    "finished": '{"lot": "O000-1", "stage": "cutting", "date": "2026-03-10", "pairs": 1}',
    "hand_over": '{"lot": "O000-1", "stage": "sole", "counts": [{"good": 1}]}',
    "answer_claim": '{"word": "refused"}',
    "pay": '{"amount": 1, "date": "2026-03-10"}',
    "name_terms": '{"prices": [{"stage": "cutting", "line": "L00cu", "fen_pair": 90}], "pairs": 300}',
    "decide_terms": '{"decision": "refuse"}',
}
TABLES = ("order", "promise", "line_statement", "lot", "price", "figure", "stock", "handover", "statement", "none")


def calls() -> Iterator[tuple[str, str, str]]:
    """Yield method, path and name of every call."""
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, described in methods.items():
            yield method.upper(), path, described["operationId"]


def filled(path: str) -> list[str]:
    """Return a path for what is the account's own, a partner's, a competitor's and nobody's."""
    enquiries = [*Enquiry.objects.order_by("pk").values_list("pk", flat=True), 10**9]
    values: dict[str, Any] = {
        "number": enquiries,
        "offer": NAMED["offer"],
        "lot": NAMED["lot"],
        "name": ("order",) * 3 + ("none",),
    }
    if path.startswith(("/api/v1/handovers/", "/api/v1/claims/")):
        values["number"] = left_of("handover" if "handovers" in path else "claim")
    if path.startswith("/api/v1/terms/"):
        values["number"] = [10**9] * 4  # nobody named any
    if path.startswith("/api/v1/statements/"):
        values["name"] = NAMED["statement"]
    return [re.sub(r"\{(\w+)\}", lambda m, k=k: str(values[m[1]][k]), path) for k in range(len(RELATIONS))]  # type: ignore[misc]


def expected() -> dict[tuple[str, str], tuple[str, ...]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {(r["call"], r["role"]): tuple(r[x] for x in RELATIONS) for r in csv.DictReader(file)}


def answers(town: Town, role: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return what each call answers to an account of a role; the brand asks for a style that it has not."""
    leave_floor()
    program = town.program(role)
    return {
        (name, role): tuple(
            str(
                program.generic(
                    method, a, BODIES.get(name, "{}"), "application/json", HTTP_IDEMPOTENCY_KEY=f"{name}{k}"
                ).status_code
            )
            for k, a in enumerate(filled(path))
        )
        for method, path, name in calls()
    }


def test_the_table_has_every_call_and_role_and_no_other() -> None:
    assert set(expected()) == {(name, role) for _, _, name in calls() for role in ALL_ROLES}


@pytest.fixture
def own_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give a test a log of offers of its own."""
    monkeypatch.setattr(django_settings, "OFFERS_LOG", tmp_path / "offers.log")
    forget_desks()
    yield
    forget_desks()


@pytest.mark.parametrize("role", ALL_ROLES)
def test_answers_are_those_of_the_table(town: Town, role: str, own_log: None) -> None:
    assert answers(town, role) == {key: told for key, told in expected().items() if key[1] == role}


def test_a_browser_session_opens_nothing_and_tokens_end(town: Town) -> None:
    assert town.client("planner").get("/api/v1/me").status_code == 401
    account = town.accounts["buyer"]
    program = Client(headers={"Authorization": f"Bearer {make_token(account, 'one')}"})
    assert program.get("/api/v1/me").json() == {"login": "buyer", "role": "buyer", "firm": "B1"}
    Token.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert program.get("/api/v1/me").status_code == 401
    Token.objects.update(until=timezone.now() + timedelta(days=1))
    number = Token.objects.get().pk
    assert town.client("maker").post("/tokens/", {"revoke": number}).status_code == 302
    assert program.get("/api/v1/me").status_code == 200, "others' tokens cannot be taken back"
    town.client("buyer").post("/tokens/", {"revoke": number})
    assert program.get("/api/v1/me").json()["code"] == "no-token"
    assert program.get("/api/v1/me").headers["WWW-Authenticate"] == "Bearer"


def test_a_token_is_shown_once_and_needs_a_name(town: Town) -> None:
    client = town.client("maker", "zh")
    said = client.post("/tokens/", {"name": "我的程序"}).content.decode()
    token = re.findall(r"cw_[\w-]{43}", said)
    assert len(token) == 1
    assert token[0] not in client.get("/tokens/").content.decode()
    assert Client(headers={"Authorization": f"Bearer {token[0]}"}).get("/api/v1/me").json()["firm"] == "F00"
    assert client.post("/tokens/", {"name": " "}).status_code == 422
    assert client.post("/tokens/", {"revoke": "x"}).status_code == 422
    for k in range(9):
        client.post("/tokens/", {"name": str(k)})
    assert client.post("/tokens/", {"name": "one too many"}).status_code == 422


def test_tokens_are_not_guessed_at_leisure(town: Town) -> None:
    guesser = Client(headers={"Authorization": "Bearer cw_wrong"})
    codes = [guesser.get("/api/v1/me").status_code for _ in range(62)]
    assert codes == [401] * 60 + [429] * 2


def test_tables_are_read_through_the_gate_page_by_page(town: Town) -> None:
    buyer, maker, planner = (town.program(role) for role in ("buyer", "maker", "planner"))
    mine = buyer.get("/api/v1/tables/order", {"per_page": 2}).json()
    assert {row["order"] for row in mine["rows"]} < {
        r["order"] for r in buyer.get("/api/v1/tables/order").json()["rows"]
    }
    assert mine["total"] > 2
    seen = maker.get("/api/v1/tables/order").json()["rows"]
    assert seen
    assert {row["price"] for row in seen} == {None}, "a maker sees the order it works on, and not its price"
    asks = maker.get("/api/v1/tables/line_statement").json()["rows"]
    assert {row["line"][:3] for row in asks} == {"L00"}
    assert planner.get("/api/v1/tables/figure").json()["total"] == 0
    assert "figure" not in {t["name"] for t in planner.get("/api/v1/tables").json()}
    assert planner.get("/api/v1/tables/lot").json()["total"] > maker.get("/api/v1/tables/lot").json()["total"] > 0


def test_a_maker_answers_an_offer_once(town: Town, clock: Clock) -> None:
    maker = town.program("maker")
    lot = next(o["lot"] for o in maker.get("/api/v1/offers").json()["rows"] if o["open"])
    body = {"data": {"answer": "no", "reason": "full"}, "content_type": "application/json"}
    first = maker.post(f"/api/v1/offers/{lot}", headers={"Idempotency-Key": "k1"}, **body)
    assert (first.status_code, first.json()) == (200, {"status": "declined"})
    again = maker.post(f"/api/v1/offers/{lot}", headers={"Idempotency-Key": "k1"}, **body)
    assert (again.status_code, again.json()) == (200, {"status": "declined"})
    assert Reply.objects.filter(lot=lot).count() == 1
    other_call = maker.post(
        f"/api/v1/offers/{lot}", headers={"Idempotency-Key": "k1"}, **{**body, "data": {"answer": "yes"}}
    )
    assert (other_call.status_code, other_call.json()["code"]) == (422, "key-used")
    assert maker.post("/api/v1/offers/none", headers={"Idempotency-Key": "k2"}, **body).status_code == 404
    assert Deed.objects.count() == 1
    assert list(faults()) == []


def test_a_brand_asks_holds_orders_and_a_maker_says_yes(desk_town: Town) -> None:
    brand, maker = desk_town.program("buyer"), desk_town.program("maker")
    kind = "application/json"

    def sent(program: Client, path: str, key: str, body: dict[str, Any]) -> Any:
        answer = program.post(f"/api/v1/{path}", body, kind, headers={"Idempotency-Key": key})
        assert answer.status_code == 200, answer.content
        return answer.json()

    before = Enquiry.objects.count()
    asked = sent(brand, "enquiries", "a", {"style": "Y1", "pairs": 300})
    assert sent(brand, "enquiries", "a", {"style": "Y1", "pairs": 300})["number"] == asked["number"]
    assert Enquiry.objects.count() == before + 1
    offer = Part.objects.filter(firm="F00", option__enquiry=asked["number"]).order_by("pk")[0].option.offer
    path = f"enquiries/{asked['number']}/options/{offer}"
    assert sent(maker, f"asked/{offer}", "m", {"answer": "yes"}) == {"status": "yes"}
    assert sent(brand, f"{path}/hold", "h", {}) == {"status": "held"}
    assert sent(brand, f"{path}/order", "o", {}) == {"status": "accepted"}
    assert sent(brand, f"{path}/order", "o", {}) == {"status": "accepted"}
    assert Option.objects.filter(status="accepted").count() == 1
    refused = brand.post("/api/v1/enquiries", {"style": "Z9", "pairs": 1}, kind, headers={"Idempotency-Key": "z"})
    assert refused.json()["code"] == "not-your-style"
    late = brand.post(f"/api/v1/{path}/release", {}, kind, headers={"Idempotency-Key": "r"})
    assert late.status_code == 422


def read_all(cluster: Cluster) -> dict[str, dict[str, bytes]]:
    """Return what programs of each role read of a world."""
    with transaction.atomic():
        town = publish_small(date(2026, 3, 1), cluster)
        leave_floor()
        seen: dict[str, dict[str, bytes]] = {}
        for role in ("maker", "buyer", "supplier", "inspector", "officer"):
            program, seen[role] = town.program(role), {}
            for method, path, _ in calls():
                for address in filled(path) if method == "GET" else ():
                    seen[role][address] = program.get(address).content
            for table in TABLES:
                seen[role][table] = program.get(f"/api/v1/tables/{table}", {"per_page": 500}).content
        transaction.set_rollback(True)
    world.forget()
    return seen


def test_secrets_of_others_show_nowhere_and_ones_own_do(database: None) -> None:
    here = read_all(graded_cluster())
    assert read_all(other(PARTNER)) == here
    assert read_all(other("F00"))["maker"]["line_statement"] != here["maker"]["line_statement"]


@pytest.fixture(scope="module")
def described() -> Iterator[Any]:
    """Load the description from the application itself; its connection stays open, as the test's writes are taken back on it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def tokens(town: Town) -> dict[str, str]:
    """Make a token for each role that writes, and for the planner."""
    return {role: make_token(town.accounts[role], "drawn") for role in ("buyer", "maker", "planner")}


@pytest.mark.parametrize("name", [name for _, _, name in calls()])
def test_no_call_ends_in_a_server_error(name: str, described: Any, tokens: dict[str, str], own_log: None) -> None:
    """What is drawn from the description is sent by a brand, a maker and the planner; answers must be as described.

    What has the right shape may still be refused: a brand cannot ask for the style of another.
    """
    operation = next(o.ok() for o in described.get_all_operations() if o.ok().definition.raw["operationId"] == name)

    @settings(max_examples=8, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy())
    def send(case: Any) -> None:
        for token in tokens.values():
            headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
            case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])

    send()


def test_the_description_is_public_and_names_every_fault(database: None) -> None:
    told = json.loads(Client().get("/api/v1/openapi.json").content)
    assert told["info"]["title"] == "Cordwainer"
    for path, methods in told["paths"].items():
        for method, described in methods.items():
            assert {"200", "401"} <= set(described["responses"]), path
            assert described["security"] == [{"Bearer": []}], path
            if method == "post":
                assert [p["name"] for p in described["parameters"] if p["in"] == "header"] == ["Idempotency-Key"], path


def test_long_keys_that_end_differently_are_keys_of_different_acts() -> None:
    keys = ["k", "k" * 60, "k" * 63 + "a", "k" * 63 + "b"]
    assert len({act_key(k) for k in keys}) == len(keys)
    assert max(len(act_key(k)) for k in keys) <= 64
