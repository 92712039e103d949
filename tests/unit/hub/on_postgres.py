"""What holds on PostgreSQL alone: the lock on rows. Run by test_postgres.py against a server of its own."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Any

import polars as pl
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.models import Q

from cordwainer.cluster import dictionary
from cordwainer.hub.access import gate as gates
from cordwainer.hub.access.gate import Gate
from cordwainer.hub.access.reach import Reach
from cordwainer.hub.access.row_security_own import OPEN, RULES
from cordwainer.hub.access.second import second_lock
from cordwainer.hub.access.viewer import OFFICES, ROLES, Viewer
from cordwainer.hub.audit.chain import Fact, append
from cordwainer.hub.models import AuditEntry, Consent, Part, Pay, Reason, Reply, Spelling
from cordwainer.hub.pages import firm as firm_pages
from cordwainer.hub.store.frames import read_keys
from cordwainer.hub.store.plans import plan_of
from cordwainer.hub.store.tables import MODELS
from cordwainer.hub.store.versions import cluster_at, head, holding
from cordwainer.hub.store.viewing import name_reader, reading_as, unnamed_afterwards, whole
from tests.unit.hub.worlds import COMPETITOR, PARTNER, Town
from tests.unit.hub.worlds import ROLES as FIRM_OF


def viewers() -> list[Viewer]:
    """Return one viewer of each role, an office also with consents."""
    plain = [Viewer(role, FIRM_OF.get(role, "")) for role in ROLES]
    consents = frozenset({("F00", "lines"), (PARTNER, "happened"), ("B1", "trade")})
    return [*plain, Viewer("inspector", consents=consents), Viewer("maker", PARTNER), Viewer("maker", COMPETITOR)]


def keys_of(viewer: Viewer, table: str, run: int) -> set[tuple[object, ...]]:
    """Return the keys of the rows that the database shows to a viewer."""
    where = Q(run=run) if dictionary.tables()[table].family == "plan" else holding(head())
    with reading_as(viewer.role, viewer.firm, viewer.consents, head(), run):
        return set(read_keys(table, where).rows())


def test_the_database_shows_each_viewer_the_rows_that_the_gate_shows(town: Town) -> None:
    differ = []
    for viewer in viewers():
        gate = Gate(viewer, cluster_at(head()), plan_of(town.run.pk))
        for name, spec in dictionary.tables().items():
            key = [c.name for c in spec.columns if c.key]
            if keys_of(viewer, name, town.run.pk) != set(gate.rows(name).select(key).rows()):
                differ.append((viewer.role, viewer.firm, name))
    assert differ == []


def test_whoever_reads_without_a_name_reads_nothing(town: Town) -> None:
    for name, model in MODELS.items():
        assert model.objects.count() == 0, name
    with whole():
        assert MODELS["line_statement"].objects.count() > 0
    assert MODELS["line_statement"].objects.count() == 0, "the name stands no longer than it is needed"


@pytest.fixture
def named() -> Iterator[None]:
    """Take back a name that a test carried."""
    with unnamed_afterwards():
        yield


OWN_TABLES = {m._meta.db_table: m for m in apps.get_app_config("hub").get_models()}


def test_every_table_of_the_hub_is_locked_or_open_for_a_reason() -> None:
    assert set(OWN_TABLES) <= set(RULES) | set(OPEN)
    assert not set(RULES) & set(OPEN)


def belongs(viewer: Viewer, table: str, row: Any) -> bool:
    """Say whether a viewer may read a row of the hub's own, as the access layer has it."""
    if viewer.role == "planner":
        return table != "hub_consent"
    if table == "hub_consent" and viewer.role in OFFICES:
        return bool(row.role == viewer.role)
    if table == "hub_enquiry" and viewer.role == "maker":
        return bool(Part.objects.filter(option__enquiry=row, firm=viewer.firm).exists())
    if table == "hub_option":
        asked = viewer.role == "maker" and Part.objects.filter(option=row, firm=viewer.firm).exists()
        return bool(asked or (viewer.role == "buyer" and row.enquiry.firm == viewer.firm))
    if table in ("hub_spelling", "hub_batch") or (table == "hub_part" and viewer.role != "maker"):
        return False
    return viewer.is_firm and getattr(row, "firm", "") == viewer.firm


def test_the_hubs_own_tables_show_each_viewer_what_is_its_own(town: Town, named: None) -> None:
    """Replies, pay, enquiries, options, parts, consents, files, reasons: each role sees its own rows and no other's."""
    for firm in ("F00", PARTNER, COMPETITOR):
        Reply.objects.create(
            run=town.run, lot="O000-1", firm=firm, answer="accept", reason="", account=1, at=town.run.published_at
        )
        for role in OFFICES:
            Consent.objects.create(firm=firm, role=role, family="lines", given_on=date(2026, 3, 1), account=1)
    Reason.objects.create(run=town.run, order="O000", en="late", zh="晚")
    Spelling.objects.create(spelling="x", firm="F00", same=True, account=1, at=town.run.published_at)
    rows = {t: list(OWN_TABLES[t].objects.all()) for t in RULES}
    assert all(rows.values())
    wanted = {v: {t: {r.pk for r in rows[t] if belongs(v, t, r)} for t in RULES} for v in viewers()}
    for viewer, own in wanted.items():
        name_reader(viewer.role, viewer.firm, viewer.consents)
        assert {t: {r.pk for r in OWN_TABLES[t].objects.all()} for t in RULES} == own, viewer
    assert wanted[Viewer("maker", "F00")]["hub_pay"]


def test_whoever_only_reads_writes_nothing_of_the_hubs_own(town: Town, named: None) -> None:
    name_reader("maker", "F00", frozenset())
    with pytest.raises(DatabaseError), transaction.atomic():
        Reply.objects.create(
            run=town.run, lot="O000-1", firm="F00", answer="accept", reason="", account=1, at=town.run.published_at
        )


def test_a_page_that_reads_past_the_permission_layer_gets_its_viewers_rows_alone(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[set[str]] = []

    def careless(*_: Any) -> list[Any]:
        seen.append(set(Pay.objects.values_list("firm", flat=True)))
        return []

    monkeypatch.setattr(firm_pages, "waiting_for", careless)
    assert town.client("maker").get("/firm/").status_code == 200
    assert seen == [{"F00"}]
    assert set(Pay.objects.values_list("firm", flat=True)) > {"F00"}, "the name stands no longer than the page"


@pytest.mark.parametrize("role", ROLES)
def test_only_the_hub_itself_writes(town: Town, role: str) -> None:
    firm = "F00" if Viewer(role).is_firm else ""
    with pytest.raises(DatabaseError), transaction.atomic(), reading_as(role, firm, version=head()):
        MODELS["firm_role"].objects.create(since=1, c_firm="F00", c_role="brand")
    with suppress(DatabaseError), transaction.atomic(), reading_as(role, firm, version=head()):
        assert MODELS["line_statement"].objects.update(c_fen_pair=1) == 0
    with whole():
        assert not MODELS["line_statement"].objects.filter(c_fen_pair=1).exists()


def test_a_hole_in_the_gate_lets_nothing_through(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    maker, version, run = Viewer("maker", "F00"), head(), town.run.pk
    monkeypatch.setattr(gates, "reach", lambda *_: Reach.ALL)
    open_gate = Gate(maker, cluster_at(version), plan_of(run))
    assert open_gate.rows("line_statement").height > 10
    guarded = Gate(maker, cluster_at(version), plan_of(run), second_lock(maker, version, run))
    assert set(guarded.rows("line_statement")["line"].str.slice(0, 3)) == {"L00"}
    assert guarded.rows("figure").is_empty()
    assert guarded.rows("price").filter(pl.col("kind") != "line").is_empty()


def test_the_audit_only_grows_here_too(town: Town) -> None:
    append("", [Fact("test")])
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
        AuditEntry.objects.update(account="x")
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
        AuditEntry.objects.all()._raw_delete("default")
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE hub_auditentry")
