"""A workshop states a line with six answers; what it is not asked is assumed and marked so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl
from django.db import transaction

from cordwainer.cluster import Cluster, dictionary, polars_schema
from cordwainer.core import Text, UserError
from cordwainer.hub.audit.chain import hold
from cordwainer.hub.models.accounts import Account
from cordwainer.hub.models.changes import Change
from cordwainer.hub.store.versions import commit, live

GOOD_FOR = timedelta(days=90)


@dataclass(frozen=True)
class SixAnswers:
    """Stage, people, hours a day, kinds of shoe as (construction, category), pairs a day, price of a pair in fen."""

    stage: str
    people: int
    hours_day: float
    kinds: tuple[tuple[str, str], ...]
    pairs_day: int
    fen_pair: int


Rows = dict[str, Sequence[dict[str, Any]]]


def _tables(cluster: Cluster, rows: Rows) -> dict[str, pl.DataFrame]:
    """Return tables with rows added, in place of those of the same key; what is not given has its default."""
    made = {}
    for name, new in rows.items():
        spec, there = dictionary.tables()[name], cluster[name]
        defaults = {c.name: _default(c) for c in spec.columns}
        frame = pl.DataFrame([{**defaults, **row} for row in new], schema=polars_schema(name))
        same = there.join(frame, on=list(spec.key), how="anti")
        made[name] = pl.concat([same, frame])
    return made


def _makes(cluster: Cluster, line: str, kinds: Sequence[tuple[str, str]]) -> pl.DataFrame:
    """Return table line_makes with these kinds for a line; a kind that stays keeps what else is known of it."""
    there = cluster["line_makes"]
    wanted = pl.DataFrame(kinds, schema=["construction", "category"], orient="row")
    kept = there.filter(line=line).join(wanted, on=wanted.columns, how="semi")
    new = wanted.join(kept, on=wanted.columns, how="anti").to_dicts()
    others = {**cluster.frames, "line_makes": pl.concat([there.filter(pl.col("line") != line), kept])}
    return _tables(Cluster(others), {"line_makes": [{"line": line, **kind} for kind in new]})["line_makes"]


def _default(column: dictionary.Column) -> Any:  # noqa: ANN401 (as wide as a cell)
    if not column.default:
        return None
    match column.type:
        case "int" | "fen":
            return int(column.default)
        case "number" | "share":
            return float(column.default)
        case "bool":
            return column.default == "yes"
        case _:
            return column.default


def _free(taken: Sequence[str], stem: str) -> str:
    used = set(taken)
    return next(name for k in range(1, len(used) + 2) if (name := f"{stem}{k}") not in used)


def _site(cluster: Cluster, firm: str) -> str:
    sites = cluster["site"].filter(firm=firm)["site"].sort()
    if not len(sites):
        raise UserError(
            "no-site",
            Text("Your firm has no site yet.", "贵企业还没有登记厂区。"),
            Text("Ask the planning desk to enter it.", "请联系排产中心登记。"),
        )
    return str(sites[0])


@transaction.atomic
def state_line(account: Account, said: SixAnswers, today: date, line: str = "") -> tuple[str, Change | None]:
    """Enter a line of the account's firm, or what one of its lines does from today on, and return its id.

    Raises
    ------
    UserError
        If no kind of shoe is named, the firm has no site, or the line is another firm's.
    DataErrors
        If an answer is outside what the dictionary allows.
    """
    hold()
    cluster = live()
    if not said.kinds:
        raise UserError(
            "no-kind",
            Text("No kind of shoe is chosen.", "没有选择能做的鞋。"),
            Text("Choose at least one.", "请至少选择一种。"),
        )
    sites = cluster["site"].filter(firm=account.firm)["site"].to_list()
    rows: Rows = {}
    if line:
        own = cluster["line"].filter(pl.col("site").is_in(sites) & (pl.col("line") == line))
        if own.is_empty():
            raise UserError(
                "unknown-line", Text("There is no such line.", "没有这条产线。"), Text("Go back.", "请返回。")
            )
    else:
        line = _free(cluster["line"]["line"].to_list(), f"{account.firm}-{said.stage[:2]}")
        rows["line"] = [{"line": line, "site": _site(cluster, account.firm), "stage": said.stage}]
    construction, category = said.kinds[0]
    rows["line_statement"] = [
        {
            "line": line,
            "valid_from": today,
            "people": said.people,
            "hours_day": said.hours_day,
            "reference_construction": construction,
            "reference_category": category,
            "pairs_day": said.pairs_day,
            "fen_pair": said.fen_pair,
            "basis": "stated",
            "confirmed_on": today,
            "valid_until": today + GOOD_FOR,
        }
    ]
    frames = {**_tables(cluster, rows), "line_makes": _makes(cluster, line, said.kinds)}
    change = commit(account, "six answers", line, frames)
    return line, change


@transaction.atomic
def admit(account: Account | None, phone: str, name: str, district: str) -> Account:
    """Enter a workshop with one site, and an account that signs in with a phone number.

    Raises
    ------
    UserError
        If the number has an account already.
    DataErrors
        If name or district are not such as the dictionary allows.
    """
    hold()
    if Account.objects.filter(login=phone).exists():
        raise UserError(
            "known-phone",
            Text("This phone number has an account already.", "该手机号已有账户。"),
            Text("Give another number.", "请填写其他号码。"),
        )
    cluster = live()
    firm = _free(cluster["firm"]["firm"].to_list(), "W")
    site = _free(cluster["site"]["site"].to_list(), f"{firm}-")
    rows: Rows = {
        "firm": [{"firm": firm, "name_zh": name, "name_en": name, "district": district}],
        "firm_role": [{"firm": firm, "role": "workshop"}],
        "site": [{"site": site, "firm": firm, "district": district}],
    }
    commit(account, "admit", firm, _tables(cluster, rows))
    return Account.objects.create(login=phone, name=name, role="maker", firm=firm)
