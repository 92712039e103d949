"""Database tables made from the dictionary: one for each of its tables, with the same columns."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.db import models

from cordwainer.cluster import dictionary
from cordwainer.cluster.dictionary import Column, Table

PREFIX = "c_"
"""Of the attributes that stand for dictionary columns, so that none can hide one of Django's own."""


def field_name(column: str) -> str:
    """Return the name of the attribute that holds a column."""
    return f"{PREFIX}{column}"


def _field(column: Column) -> Any:  # noqa: ANN401 (Django carries no types)
    settings = {"null": column.nullable, "db_column": column.name}
    match column.type:
        case "id" | "text" | "choice":
            return models.TextField(**settings)
        case "int" | "fen":
            return models.BigIntegerField(**settings)
        case "number" | "share":
            return models.FloatField(**settings)
        case "date":
            return models.DateField(**settings)
        case "bool":
            return models.BooleanField(**settings)
    raise ValueError(f"unknown column type {column.type!r} of {column.table}.{column.name}")


def _constraint(table: Table) -> Any:  # noqa: ANN401
    key = [field_name(name) for name in table.key]
    if table.family == "plan":
        return models.UniqueConstraint(fields=["run", *key], name=f"one_{table.name}")
    return models.UniqueConstraint(fields=key, condition=models.Q(until=None), name=f"one_{table.name}")


def _model(table: Table) -> Any:  # noqa: ANN401
    """Return the model of a table.

    Rows of a cluster's table hold from the change ``since`` up to the change ``until`` (null: they still do);
    rows of a plan's table belong to a ``run``.
    """
    own: dict[str, Any] = {"row_no": models.BigAutoField(primary_key=True)}
    if table.family == "plan":
        own["run"] = models.BigIntegerField(db_column="hub_run")
    else:
        own["since"] = models.BigIntegerField(db_column="hub_since", db_index=True)
        own["until"] = models.BigIntegerField(db_column="hub_until", null=True, db_index=True)
    meta = type(
        "Meta",
        (),
        {
            "app_label": "dictionary",  # of no application: Django's migrations leave it alone
            "db_table": f"t_{table.name}",
            "managed": False,
            "constraints": [_constraint(table)],
        },
    )
    fields = {field_name(c.name): _field(c) for c in table.columns}
    return type(f"Row_{table.name}", (models.Model,), {**own, **fields, "Meta": meta, "__module__": __name__})


MODELS: Mapping[str, Any] = MappingProxyType({name: _model(table) for name, table in dictionary.tables().items()})
"""Model of every table of the dictionary, by its name."""
