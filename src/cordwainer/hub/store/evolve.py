"""Bring the tables of the dictionary up to date in the database: new tables and new columns; nothing is ever dropped."""

from __future__ import annotations

from typing import Any

from django.db import connections

from cordwainer.cluster import dictionary
from cordwainer.core import Text, UserError
from cordwainer.hub.store.tables import MODELS, field_name

_APPENDED = ("hub_auditentry",)


def evolve(using: str) -> None:
    """Add what the dictionary has and the database has not, and the guards of the audit.

    Raises
    ------
    UserError
        If a new column must not be empty and has no default, so that older rows would have no value.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        columns = {
            name: {c.name for c in connection.introspection.get_table_description(cursor, f"t_{name}")}
            for name in MODELS
            if f"t_{name}" in there
        }
    with connection.schema_editor() as editor:
        for name, model in MODELS.items():
            if name not in columns:
                editor.create_model(model)
                continue
            for column in dictionary.tables()[name].columns:
                if column.name not in columns[name]:
                    _add(editor, model, column)
    for table in _APPENDED:
        _only_grows(connection, table)


def _add(editor: Any, model: Any, column: dictionary.Column) -> None:  # noqa: ANN401 (Django carries no types)
    """Add a column; older rows have its default, else nothing where they may have nothing."""
    field = model._meta.get_field(field_name(column.name)).clone()  # noqa: SLF001 (Django's own way)
    field.set_attributes_from_name(field_name(column.name))
    field.model = model
    if column.default:
        field.default = (column.default == "yes") if column.type == "bool" else field.to_python(column.default)
    elif not column.nullable:
        raise UserError(
            "column-without-default",
            Text(
                f"Column {column.table}.{column.name} is new, must not be empty and has no default.",
                f"新增列 {column.table}.{column.name} 不能为空，却没有默认值。",
            ),
            Text("Give it a default in the dictionary, or let it be empty.", "请在数据字典中给出默认值，或允许为空。"),
        )
    editor.add_field(model, field)


def _only_grows(connection: Any, table: str) -> None:  # noqa: ANN401
    """Forbid in the database itself that rows of a table are changed or deleted."""
    refusal = f"{table} is only ever added to"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {table}_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
                f"$body$ BEGIN RAISE EXCEPTION '{refusal}'; END $body$"
            )
            cursor.execute(
                f"CREATE OR REPLACE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_only_grows()"
            )
            return
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_no_{verb.lower()}"
            cursor.execute(
                f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
            )
