"""A grading in the hub: an officer freezes it, firms confirm or object, the officer decides, corrects and signs."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.db import transaction

from cordwainer.assessment import (
    Run,
    confirm,
    correct,
    decide,
    evaluate,
    figures,
    freeze,
    object_to,
    scheme_of,
    shipped_file,
    sign,
)
from cordwainer.cluster import polars_schema
from cordwainer.core import Text, UserError, digits
from cordwainer.hub.access.assessed import official
from cordwainer.hub.audit.chain import Fact, append, hold
from cordwainer.hub.models.accounts import Account
from cordwainer.hub.models.gradings import GradingAnswer, GradingCorrection, GradingRun
from cordwainer.hub.store.gradings import Standing, corrected, in_place, keep_answers, keep_revision, standing
from cordwainer.hub.store.versions import cluster_at, commit, head, live

_RUN = "grading run"
_LONGEST = 500


@transaction.atomic
def freeze_run(account: Account, scheme: str, day: date) -> GradingRun:
    """Freeze a trial of the last year of the figures, by a scheme that is shipped, with data and open objections as they are now.

    Raises
    ------
    UserError
        If there are no official figures.
    """
    hold()
    version, text = head(), shipped_file(scheme)
    data = official(cluster_at(version))
    made = evaluate(data, scheme_of(text, f"{scheme}.toml"))
    year = made.facts.years[-1]
    row = GradingRun.objects.create(
        scheme=scheme, scheme_file=text.decode("utf-8"), version=version, year=year, status="trial"
    )
    run = freeze(str(row.pk), data, made, year, day)
    keep_revision(account, row, run)
    keep_answers(account, standing(row), run.answers)
    append(account.login, [Fact("freeze", _RUN, str(row.pk), scheme, run.data_hash, run.fingerprint)])
    return row


@transaction.atomic
def confirm_figures(account: Account, number: int, day: date) -> None:
    """Write down that the account's firm confirms its figures; errors are those of `confirm`."""
    now = _held(number)
    after = confirm(now.run, account.firm, day)
    if after == now.run:
        return
    keep_answers(account, now, after.answers)
    append(account.login, [Fact("confirm", _RUN, str(number), account.firm, new=str(day))])


@transaction.atomic
def object_figure(account: Account, number: int, figure: str, claimed: float | None, reason: str, day: date) -> None:
    """Write down that the account's firm objects to one of its figures, in the run and in tables figure and objection.

    Raises
    ------
    UserError
        Those of `object_to`; if the figure is worked out from other tables; if it is what the firm claims already.
    """
    now = _held(number)
    _stored(figure)
    said = _tidy(reason) or None
    after = object_to(now.run, account.firm, figure, day, claimed, said)
    keep_answers(account, now, after.answers)
    answer = GradingAnswer.objects.filter(run=now.row, unit=account.firm, figure=figure, decision="open").latest("pk")
    row = {"objection": f"R{number}-{answer.pk}", "unit": account.firm, "year": now.row.year, "indicator": figure}
    table = _objections({**row, "claimed": claimed, "filed": day, "reason": said, "decision": "open"})
    _write(account, now, "objection", _marked(now, [account.firm], [figure], "objected", day), table)
    claim = None if claimed is None else digits(claimed)
    append(account.login, [Fact("object", _RUN, str(number), f"{account.firm}.{figure}", new=claim)])


@transaction.atomic
def refuse_objection(account: Account, number: int, unit: str, figure: str, why: str, day: date) -> None:
    """Refuse an open objection; the figure stands. Errors are those of `decide`."""
    now = _held(number)
    after = decide(now.run, unit, figure, upheld=False)
    keep_answers(account, now, after.answers, _tidy(why))
    _write(
        account,
        now,
        "objection",
        _marked(now, [unit], [figure], "drawn", day),
        _decided(now, unit, figure, "refused", day),
    )
    append(account.login, [Fact("refuse", _RUN, str(number), f"{unit}.{figure}", new=_tidy(why) or None)])


@transaction.atomic
def correct_figure(
    account: Account, number: int, unit: str, figure: str, value: float | None, source: str, day: date
) -> Run:
    """Correct a figure in the run and in table figure, and return the next revision, with every grade that changed and why.

    Parameters
    ----------
    account
        The officer.
    number
        Number of the run.
    unit
        Firm, group or parcel of table figure.
    figure, value
        What is corrected, and what it is; None: it is unknown.
    source
        Where the value comes from.
    day
        Day of the correction; the days to answer count anew.

    Raises
    ------
    UserError
        Those of `correct`; if the figure is worked out from other tables, no source is given, or nothing changes.
    """
    now, told = _held(number), _tidy(source)
    _stored(figure)
    at = now.run.unit(unit)["unit"]
    if figure not in now.run.figures[at] or not told:
        raise UserError(
            "bad-correction",
            Text("Figure or source is missing.", "缺少指标或数据来源。"),
            Text(
                "Choose a figure that the scheme reads, and say where the value comes from.",
                "请选择该办法使用的指标，并填写数据来源。",
            ),
        )
    frozen = official(cluster_at(now.row.version))
    old = _value(corrected(frozen, now.row)["figure"], unit, now.row.year, figure)
    GradingCorrection.objects.create(
        run=now.row,
        revision=now.run.revision + 1,
        unit=unit,
        figure=figure,
        old=old,
        new=value,
        source=told,
        day=day,
        account=account.pk,
    )
    data = corrected(frozen, now.row)
    made = evaluate(data, scheme_of(now.row.scheme_file.encode("utf-8"), f"{now.row.scheme}.toml"))
    after = correct(now.run, data, made, day, unit)
    if after.figures == now.run.figures:
        raise UserError(
            "no-change",
            Text("The figure is that already.", "该指标已是此数值。"),
            Text("Give another value, or refuse the objection.", "请填写其他数值，或不支持该异议。"),
        )
    keep_revision(account, now.row, after)
    keep_answers(account, now, after.answers, told)
    new: dict[str, object] = {"unit": unit, "year": now.row.year, "indicator": figure, "value": value}
    table = in_place(live()["figure"], [{**new, "source": told, "status": "corrected", "date": day}])
    _write(account, now, "correction", table, _decided(now, unit, figure, "upheld", day))
    facts = [Fact("correct", _RUN, str(number), f"{unit}.{figure}", _said(old), _said(value))]
    facts += [Fact("grade", _RUN, str(number), c.unit, c.before, c.after) for c in after.changes]
    append(account.login, facts)
    return after


@transaction.atomic
def sign_run(account: Account, number: int, day: date) -> None:
    """Sign a run: it stands, and figures that firms confirmed are marked so. Errors are those of `sign`."""
    now = _held(number)
    signed = sign(now.run, account.name, day)
    now.row.status, now.row.signed_by, now.row.signed_on = signed.status, account.name, day
    now.row.save()
    firms = [a.unit for a in signed.answers if a.figure is None]
    _write(account, now, "signing", _marked(now, firms, sorted(_read(signed)), "confirmed", day, only="drawn"), None)
    append(account.login, [Fact("sign", _RUN, str(number), new=signed.fingerprint)])


def _held(number: int) -> Standing:
    """Return a run as it stands, while nobody else writes."""
    hold()
    row = GradingRun.objects.filter(pk=number).first()
    if row is None:
        raise UserError("unknown-run", Text("There is no such run.", "没有这次评价。"), Text("Go back.", "请返回。"))
    return standing(row)


def _stored(figure: str) -> None:
    """Refuse a figure that is not in table figure but worked out."""
    known = figures().get(figure)
    if known is None or known.merge == "computed":
        raise UserError(
            "no-figure",
            Text("This is not a figure that can be objected to.", "该项不是可提出异议的指标。"),
            Text("Ask the office to mend the table that it follows from.", "请联系主管部门更正其依据的登记信息。"),
        )


def _read(run: Run) -> set[str]:
    return {f for told in run.figures.values() for f in told}


def _tidy(said: str) -> str:
    return " ".join(said.split())[:_LONGEST]


def _said(value: float | None) -> str | None:
    return None if value is None else digits(value)


def _value(table: pl.DataFrame, unit: str, year: int, figure: str) -> float | None:
    found = table.filter(unit=unit, year=year, indicator=figure)["value"].to_list()
    return found[0] if found else None


def _marked(
    now: Standing, units: list[str], names: list[str], status: str, day: date, only: str | None = None
) -> pl.DataFrame:
    """Return table figure with another status of some figures in the year of the run."""
    table = live()["figure"]
    those = pl.col("unit").is_in(units) & pl.col("indicator").is_in(names) & (pl.col("year") == now.row.year)
    if only:
        those &= pl.col("status") == only
    return table.with_columns(
        status=pl.when(those).then(pl.lit(status)).otherwise("status"), date=pl.when(those).then(day).otherwise("date")
    )


def _objections(row: dict[str, object]) -> pl.DataFrame:
    """Return table objection with a row, in place of one to the same figure that is open."""
    new = pl.DataFrame([row], schema=polars_schema("objection"))
    same = ["unit", "year", "indicator", "decision"]
    return pl.concat([live()["objection"].join(new, on=same, how="anti"), new])


def _decided(now: Standing, unit: str, figure: str, decision: str, day: date) -> pl.DataFrame:
    """Return table objection with the open ones to a figure decided."""
    table = live()["objection"]
    mine = (pl.col("unit") == unit) & (pl.col("indicator") == figure) & (pl.col("year") == now.row.year)
    those = mine & (pl.col("decision") == "open")
    return table.with_columns(
        decision=pl.when(those).then(pl.lit(decision)).otherwise("decision"),
        decided=pl.when(those).then(day).otherwise("decided"),
    )


def _write(account: Account, now: Standing, kind: str, table: pl.DataFrame, objections: pl.DataFrame | None) -> None:
    frames = {"figure": table} | ({} if objections is None else {"objection": objections})
    commit(account, kind, f"{_RUN} {now.row.pk}", frames)
