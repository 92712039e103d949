"""The audit finds out whatever was done behind its back, and its table cannot be rewritten by mistake."""

import csv
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from cordwainer.hub import export_audit, faults_of_audit
from cordwainer.hub.audit.verify import faults
from cordwainer.hub.models import AuditEntry

pytestmark = pytest.mark.usefixtures("town")


def _behind_its_back(statement: str) -> list[str]:
    """Run a statement with the guards of the audit taken off, and return what is found."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER hub_auditentry_no_update")
        cursor.execute("DROP TRIGGER hub_auditentry_no_delete")
        cursor.execute(statement)
    return [fault.en for fault in faults()]


def test_what_nobody_touched_is_whole() -> None:
    count, found = faults_of_audit()
    assert found == []
    assert count == AuditEntry.objects.count() > 4


@pytest.mark.parametrize("verb", ["UPDATE hub_auditentry SET new = 'x'", "DELETE FROM hub_auditentry"])
def test_entries_can_neither_be_changed_nor_deleted(verb: str) -> None:
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb)


@pytest.mark.parametrize("column", ["at", "account", "action", '"table"', '"row"', '"column"', "old", "new", "digest"])
def test_an_altered_entry_is_found(column: str) -> None:
    found = _behind_its_back(f"UPDATE hub_auditentry SET {column} = 'forged' WHERE seq = 2")  # noqa: S608
    assert "Entry 2 was altered." in found


def test_a_missing_entry_is_found() -> None:
    assert "Entries 2 to 2 are missing." in _behind_its_back("DELETE FROM hub_auditentry WHERE seq = 2")


def test_entries_missing_at_the_end_are_found() -> None:
    last = AuditEntry.objects.count()
    found = _behind_its_back(f"DELETE FROM hub_auditentry WHERE seq = {last}")  # noqa: S608
    assert found == ["Entries are missing at the end."]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE t_line_statement SET fen_pair = 1 WHERE line = 'L05cu'",
        "DELETE FROM t_line_statement WHERE line = 'L05cu'",
        "UPDATE t_promise SET hub_until = hub_since WHERE lot = 'O000-1'",
    ],
)
def test_rows_altered_past_the_audit_are_found(statement: str) -> None:
    found = _behind_its_back(statement)
    table = statement.split("t_")[1].split(" ", maxsplit=1)[0]
    assert any(f"Rows of table {table} " in fault for fault in found)


def test_the_export_holds_every_entry(tmp_path: Path) -> None:
    count = export_audit(tmp_path / "audit.csv")
    with (tmp_path / "audit.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == count == AuditEntry.objects.count()
    assert rows[-1]["digest"] == AuditEntry.objects.order_by("-seq").values_list("digest", flat=True)[0]
