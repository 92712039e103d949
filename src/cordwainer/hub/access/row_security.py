"""The second lock: rules by which PostgreSQL itself shows rows, made from the dictionary's purpose and secrecy.

Each table of the dictionary has one rule. It follows the gate's: a row is shown where a viewer may read its whole key, by
`reach` and by the lists owners.csv and partners.csv. Whoever reads without a name sees nothing; only ``whole`` writes.
The hub's own tables have rules of their own: row_security_own.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connections

from cordwainer.cluster import dictionary
from cordwainer.cluster.dictionary import Table
from cordwainer.hub.access.ownership import LIVE, listed
from cordwainer.hub.access.reach import Reach, reach
from cordwainer.hub.access.row_security_own import functions, policies
from cordwainer.hub.access.viewer import ROLES, Viewer
from cordwainer.hub.store.viewing import WHOLE

_ROLE = "current_setting('hub.role', true)"
_MINE = "current_setting('hub.firm', true)"
_AMONG = {
    "lots": "SELECT lot FROM hub_together() WHERE firm = {me}",
    "orders": "SELECT ordered FROM hub_together() WHERE firm = {me}",
    "styles": 'SELECT o.style FROM t_order o JOIN hub_together() t ON o."order" = t.ordered WHERE t.firm = {me} AND {o}',
    "firms": "SELECT b.firm FROM hub_together() a JOIN hub_together() b ON a.lot = b.lot WHERE a.firm = {me}",
}


def put_on(using: str) -> None:
    """Put the lock on in a database that knows of such locks."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for statement in statements():
                cursor.execute(statement)


def statements() -> Iterator[str]:
    """Yield the statements that put the lock on, whether or not it was on before."""
    for table in _owned_tables():
        yield _function(f"hub_owners_{table.name}()", "key text, firm text", _owners(table))
    yield _function("hub_together()", "lot text, firm text, ordered text", _together())
    for name, query in _AMONG.items():
        said = query.format(me=_MINE, o=_holds("o"))
        yield _function(f"hub_partner_{name}()", "id text", said)
    for table in dictionary.tables().values():
        rule = _rule(table)
        name = f"t_{table.name}"
        yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
        yield f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY"
        yield f"DROP POLICY IF EXISTS by_the_dictionary ON {name}"
        yield f"CREATE POLICY by_the_dictionary ON {name} USING ({rule}) WITH CHECK ({_ROLE} = '{WHOLE}')"
    yield from (_function(*function) for function in functions())
    yield from policies(WHOLE)


def _function(head: str, columns: str, query: str) -> str:
    """Return a function that reads all rows, whoever calls it: rules are decided by rows that the viewer does not see.

    PostgreSQL lets no plain role fix a setting of its own to a function; so it is set and set back in the body.
    """
    return (
        f"CREATE OR REPLACE FUNCTION {head} RETURNS TABLE ({columns}) LANGUAGE plpgsql STABLE AS $body$ "
        f"#variable_conflict use_column\nDECLARE before text := coalesce({_ROLE}, ''); "
        f"BEGIN PERFORM set_config('hub.role', '{WHOLE}', true); RETURN QUERY {query}; "
        f"PERFORM set_config('hub.role', before, true); END $body$"
    )


def _holds(alias: str) -> str:
    """Return the condition that a row of a cluster's table holds in the version that is read."""
    version = "coalesce(nullif(current_setting('hub.version', true), ''), '0')::bigint"
    return f"{alias}.hub_since <= {version} AND ({alias}.hub_until IS NULL OR {alias}.hub_until > {version})"


def _current(table: Table, alias: str) -> str:
    if table.family == "plan":
        return f"{alias}.hub_run = coalesce(nullif(current_setting('hub.run', true), ''), '0')::bigint"
    return _holds(alias)


def _owned_tables() -> Iterator[Table]:
    """Yield tables that others refer to for their owners, those first on which others build."""
    tables, done = dictionary.tables(), {"firm"}
    wanted = {row["of"] for row in listed("owners")} | {"line", "order"}
    while left := [t for t in tables.values() if t.name in wanted and t.name not in done]:
        ready = [t for t in left if {r["of"] for r in listed("owners") if r["table"] == t.name} <= done]
        for table in ready:
            done.add(table.name)
            yield table


def _owners(table: Table) -> str:
    key, name = table.key[0], f"t_{table.name}"
    parts = []
    for row in listed("owners"):
        if row["table"] != table.name:
            continue
        if row["of"] == "firm":
            parts.append(f'SELECT r."{key}", r."{row["column"]}" FROM {name} r WHERE {_current(table, "r")}')
        else:
            parts.append(
                f'SELECT r."{key}", o.firm FROM {name} r JOIN hub_owners_{row["of"]}() o ON r."{row["column"]}" = o.key '
                f"WHERE {_current(table, 'r')}"
            )
    return " UNION ".join(parts)


def _together() -> str:
    live = ", ".join(f"'{status}'" for status in LIVE)
    promises = f'SELECT p.lot, p."order" FROM t_promise p WHERE p.status IN ({live}) AND {_holds("p")}'
    return (
        f'SELECT x.lot, o.firm, x."order" FROM ({promises}) x JOIN t_promise_line l ON l.lot = x.lot AND {_holds("l")} '
        'JOIN hub_owners_line() o ON o.key = l.line UNION SELECT x.lot, o.firm, x."order" '
        f'FROM ({promises}) x JOIN hub_owners_order() o ON o.key = x."order"'
    )


def _rule(table: Table) -> str:
    """Return the condition on a row by role."""
    cases = [f"WHEN '{WHOLE}' THEN true"]
    for role in ROLES:
        viewer = Viewer(role, "x" if Viewer(role).is_firm else "")
        reached = {reach(viewer, table_column) for table_column in table.columns if table_column.key}
        conditions = [_condition(table, how) for how in sorted(reached, key=lambda r: r.value)]
        cases.append(f"WHEN '{role}' THEN {' AND '.join(f'({c})' for c in conditions)}")
    return f"CASE {_ROLE} {' '.join(cases)} ELSE false END"


def _condition(table: Table, how: Reach) -> str:
    match how:
        case Reach.ALL:
            return "true"
        case Reach.OWN:
            return _owned(table, f"SELECT {_MINE}")
        case Reach.PARTNERS:
            among = [
                f'"{row["column"]}" IN (SELECT id FROM hub_partner_{row["among"]}())'
                for row in listed("partners")
                if row["table"] == table.name
            ]
            return " OR ".join([_owned(table, f"SELECT {_MINE}"), *among])
        case Reach.CONSENTED:
            told = "unnest(string_to_array(current_setting('hub.consents', true), ',')) c"
            of_family = f"WHERE split_part(c, ':', 2) = '{table.family}'"
            return _owned(table, f"SELECT split_part(c, ':', 1) FROM {told} {of_family}")
        case Reach.NONE:
            return "false"


def _owned(table: Table, firms: str) -> str:
    """Return the condition that a row belongs to one of the firms that a query gives."""
    found = []
    for row in listed("owners"):
        if row["table"] != table.name:
            continue
        ids = firms if row["of"] == "firm" else f"SELECT key FROM hub_owners_{row['of']}() WHERE firm IN ({firms})"
        only = "kind = 'line' AND " if table.name == "price" else ""
        found.append(f'{only}coalesce("{row["column"]}" IN ({ids}), false)')
    return " OR ".join(f"({f})" for f in found) or "false"
