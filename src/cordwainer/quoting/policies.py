"""What a planner may set about quoting: rows of table ``policy``, else the defaults of ``policies.csv``."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from cordwainer.cluster import Cluster
from cordwainer.core import Text, UserError, exact


@cache
def defaults() -> Mapping[tuple[str, str], str]:
    """Return the default of each policy of quoting as text; empty where there is none."""
    text = (files("cordwainer.quoting") / "policies.csv").read_text(encoding="utf-8")
    return MappingProxyType({(r["name"], r["key"]): r["default"] for r in csv.DictReader(text.splitlines())})


class Policies:
    """The policies of a cluster that quoting reads, and those of the plan (VAT, exchange rates)."""

    def __init__(self, cluster: Cluster) -> None:
        self._given = {
            (name, key): value for name, key, value in cluster["policy"].select("name", "key", "value").iter_rows()
        }
        self._cluster = cluster
        self._known: dict[tuple[str, str], Fraction | None] = {}
        self._plan: dict[tuple[str, str], Fraction] = {}

    def known(self, name: str, key: str = "-") -> Fraction | None:
        """Return a value, None where neither a row nor a default gives one."""
        if (name, key) not in self._known:
            value = self._given.get((name, key))
            if value is None:
                text = defaults().get((name, key), "")
                value = float(text) if text else None
            self._known[name, key] = None if value is None else exact(value, 6)
        return self._known[name, key]

    def of(self, name: str, key: str = "-") -> Fraction:
        """Return a value.

        Raises
        ------
        UserError
            If neither a row nor a default gives one.
        """
        value = self.known(name, key)
        if value is None:
            raise UserError(
                "policy-missing",
                Text(f"Policy {name} / {key} has no value.", f"参数 {name} / {key} 没有数值。"),
                Text("Add a row to table policy.", "请在“参数”表（policy）中添加一行。"),
            )
        return value

    def plan(self, name: str, key: str = "-") -> Fraction:
        """Return a policy of the plan."""
        if (name, key) not in self._plan:
            self._plan[name, key] = exact(self._cluster.policy(name, key), 6)
        return self._plan[name, key]
