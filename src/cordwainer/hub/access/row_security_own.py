"""The second lock on the hub's own tables that hold what firms keep from each other: rules by role, for PostgreSQL.

A page or call that only reads carries its viewer's name (`store.viewing.named`), and the database shows it the rows listed here
and no others. Whatever writes is the hub itself at work and carries none; it asks the acts, which check.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from cordwainer.hub.access.ownership import listed
from cordwainer.hub.access.viewer import OFFICES, ROLES

_ROLE = "coalesce(current_setting('hub.role', true), '')"
_OWN = "firm = current_setting('hub.firm', true)"
_FIRMS = {"buyer": _OWN, "maker": _OWN, "supplier": _OWN}
_PLANNER = {"planner": "true"}

RULES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "hub_enquiry": {**_PLANNER, "buyer": _OWN, "maker": "id IN (SELECT id FROM hub_asked_enquiries())"},
        "hub_option": {
            **_PLANNER,
            "buyer": "enquiry_id IN (SELECT id FROM hub_own_enquiries())",
            "maker": "id IN (SELECT id FROM hub_asked_options())",
        },
        "hub_part": {**_PLANNER, "maker": _OWN},
        "hub_reply": {**_PLANNER, **_FIRMS},
        "hub_pay": {**_PLANNER, **_FIRMS},
        "hub_reason": _PLANNER,
        "hub_batch": _PLANNER,
        "hub_spelling": _PLANNER,
        "hub_consent": {**_FIRMS, **{role: f"role = '{role}'" for role in OFFICES}},
    }
)
"""By table and role: the condition on a row; a role that is not named reads none."""
OPEN: Mapping[str, str] = MappingProxyType({row["table"]: row["why"] for row in listed("unlocked")})
"""Tables of the hub without such a lock, and why: the list unlocked.csv."""
_FUNCTIONS = {
    "hub_own_enquiries()": "SELECT e.id FROM hub_enquiry e WHERE e.firm = current_setting('hub.firm', true)",
    "hub_asked_options()": "SELECT p.option_id FROM hub_part p WHERE p.firm = current_setting('hub.firm', true)",
    "hub_asked_enquiries()": (
        "SELECT o.enquiry_id FROM hub_option o JOIN hub_part p ON p.option_id = o.id "
        "WHERE p.firm = current_setting('hub.firm', true)"
    ),
}


def functions() -> Iterator[tuple[str, str, str]]:
    """Yield head, columns and query of the functions that rules ask: they read all rows, whoever calls them."""
    for head, query in _FUNCTIONS.items():
        yield head, "id bigint", query


def policies(whole: str) -> Iterator[str]:
    """Yield the statements that put the lock on, whether or not it was on before."""
    for table, rules in RULES.items():
        cases = [f"WHEN '{whole}' THEN true", "WHEN '' THEN true"]
        cases += [f"WHEN '{role}' THEN {rules.get(role, 'false')}" for role in ROLES]
        yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
        yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
        yield f"DROP POLICY IF EXISTS by_viewer ON {table}"
        yield (
            f"CREATE POLICY by_viewer ON {table} USING (CASE {_ROLE} {' '.join(cases)} ELSE false END) "
            f"WITH CHECK ({_ROLE} IN ('', '{whole}'))"
        )
