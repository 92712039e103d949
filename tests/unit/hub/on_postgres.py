"""What holds on PostgreSQL alone: the lock on rows. Run by test_postgres.py against a server of its own."""

from contextlib import suppress

import polars as pl
import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Q

from cordwainer.cluster import dictionary
from cordwainer.hub.access import gate as gates
from cordwainer.hub.access.gate import Gate
from cordwainer.hub.access.reach import Reach
from cordwainer.hub.access.second import second_lock
from cordwainer.hub.access.viewer import ROLES, Viewer
from cordwainer.hub.audit.chain import Fact, append
from cordwainer.hub.models import AuditEntry
from cordwainer.hub.store.frames import read_keys
from cordwainer.hub.store.plans import plan_of
from cordwainer.hub.store.tables import MODELS
from cordwainer.hub.store.versions import cluster_at, head, holding
from cordwainer.hub.store.viewing import reading_as, whole
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
