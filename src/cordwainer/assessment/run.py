"""A frozen run: data and scheme as they were, grades, what firms answered; trial until an officer signs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from cordwainer.assessment.definitions import indicators
from cordwainer.assessment.evaluation import Evaluation
from cordwainer.cluster import Cluster, dictionary, hash_of
from cordwainer.core import Text, UserError

TRIAL, SIGNED = "trial", "signed"
_READ = ("firm", "firm_role", "site", "figure", "parcel", "group_member")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a unit said: it confirms (no figure), or objects to a figure; ``decision`` is open, upheld or refused."""

    unit: str
    day: date
    figure: str | None = None
    claimed: float | None = None
    reason: str | None = None
    decision: str = "open"


@dataclass(frozen=True, slots=True)
class Change:
    """A unit whose grade a correction changed, and why.

    ``why`` is ``own``: its figures changed, listed with their values before and after; ``others``: those of others did, and its
    place moved.
    """

    unit: str
    before: str | None
    after: str | None
    why: str
    figures: tuple[tuple[str, float | None, float | None], ...]


@dataclass(frozen=True)
class Run:
    """A frozen run of one year. ``units`` holds a record for each unit, ``figures`` the figures that were read for it."""

    name: str
    scheme: str
    version: str
    fingerprint: str
    year: int
    data_hash: str
    made_on: date
    days_to_object: int
    status: str
    signed_by: str | None
    signed_on: date | None
    revision: int
    units: tuple[Mapping[str, Any], ...]
    figures: Mapping[str, Mapping[str, float | None]]
    answers: tuple[Answer, ...]
    changes: tuple[Change, ...]

    @property
    def last_day(self) -> date:
        """Last day on which firms may confirm or object."""
        return self.made_on + timedelta(days=self.days_to_object)

    @property
    def open_objections(self) -> tuple[Answer, ...]:
        """Objections that were not decided yet."""
        return tuple(a for a in self.answers if a.figure is not None and a.decision == "open")

    def unit(self, unit: str) -> Mapping[str, Any]:
        """Return the record of a unit.

        Raises
        ------
        UserError
            If the run has no such unit.
        """
        found = next((u for u in self.units if u["unit"] == unit), None)
        if found is None:
            raise UserError(
                "unknown-unit",
                Text(f'Run {self.name} has no unit "{unit}".', f"评价 {self.name} 中没有单元“{unit}”。"),
                Text("Look it up in the list of the run.", "请在评价名单中查找。"),
            )
        return found


def data_hash(cluster: Cluster) -> str:
    """Return the fingerprint of the tables that an evaluation reads."""
    return hash_of([t for t in dictionary.cluster_tables() if t.name in _READ], cluster.frames)


def freeze(name: str, cluster: Cluster, made: Evaluation, year: int, day: date) -> Run:
    """Return a trial run of a year: what was graded, by what, from what.

    Parameters
    ----------
    name
        Short name of the run.
    cluster
        What was evaluated.
    made
        Its evaluation, which holds the year.
    year
        Year of the figures.
    day
        Day on which firms are told; their days to answer count from it.
    """
    return Run(
        name=name,
        scheme=made.scheme.name,
        version=made.scheme.version,
        fingerprint=made.scheme.fingerprint,
        year=year,
        data_hash=data_hash(cluster),
        made_on=day,
        days_to_object=made.scheme.days_to_object,
        status=TRIAL,
        signed_by=None,
        signed_on=None,
        revision=1,
        units=tuple(made.frame(year).to_dicts()),
        figures=_figures_read(made, year),
        answers=(),
        changes=(),
    )


def figures_of(made: Evaluation) -> list[str]:
    """Return the figures that a scheme reads, in order, each once."""
    scheme = made.scheme
    names = [f for i in scheme.indicators for f in (indicators()[i].above, indicators()[i].below) if f]
    for roster in scheme.lists:
        names += [c.figure for c in (*roster.when, *roster.any_of)]
    names += [a.figure for a in scheme.adjusts] + [v.figure for v in scheme.vetoes]
    names += [e.condition.figure for e in scheme.exempts]
    return list(dict.fromkeys(names))


def _figures_read(made: Evaluation, year: int) -> dict[str, dict[str, float | None]]:
    t, span = made.facts.years.index(year), len(made.facts.years)
    names = figures_of(made)
    values = np.array([made.facts.value(n)[t::span] for n in names])
    alive = made.facts.alive[t::span]
    return {
        unit: {n: None if np.isnan(values[k, u]) else float(values[k, u]) for k, n in enumerate(names)}
        for u, unit in enumerate(made.facts.unit)
        if alive[u]
    }


def confirm(run: Run, unit: str, day: date) -> Run:
    """Return the run in which a unit confirmed its figures.

    Raises
    ------
    UserError
        If the run is signed, the days are over or there is no such unit.
    """
    _open_for(run, unit, day)
    return replace(run, answers=(*run.answers, Answer(unit, day)))


def object_to(
    run: Run, unit: str, figure: str, day: date, claimed: float | None = None, reason: str | None = None
) -> Run:
    """Return the run in which a unit objects to one of its figures; errors are those of `confirm`, or no such figure."""
    _open_for(run, unit, day)
    if figure not in run.figures[unit]:
        raise UserError(
            "unknown-figure",
            Text(f'The scheme does not read "{figure}".', f"该评价办法不使用指标“{figure}”。"),
            Text(f"Choose one of: {', '.join(run.figures[unit])}.", f"可选：{'、'.join(run.figures[unit])}。"),
        )
    return replace(run, answers=(*run.answers, Answer(unit, day, figure, claimed, reason)))


def decide(run: Run, unit: str, figure: str, *, upheld: bool) -> Run:
    """Return the run in which an objection is decided.

    Raises
    ------
    UserError
        If there is no such objection that is open.
    """
    wanted = [a for a in run.open_objections if a.unit == unit and a.figure == figure]
    if not wanted:
        raise UserError(
            "no-objection",
            Text(f"{unit} has no open objection to {figure}.", f"{unit} 对 {figure} 没有待处理的异议。"),
            Text("Look up the open ones in the run.", "请查看该评价中待处理的异议。"),
        )
    decision = "upheld" if upheld else "refused"
    return replace(run, answers=tuple(replace(a, decision=decision) if a in wanted else a for a in run.answers))


def sign(run: Run, officer: str, day: date) -> Run:
    """Return the signed run.

    Raises
    ------
    UserError
        If it is signed, firms may still answer, or an objection is open.
    """
    _unsigned(run)
    answered = {a.unit for a in run.answers if a.figure is None}
    if day <= run.last_day and not {u["unit"] for u in run.units} <= answered:
        raise UserError(
            "days-not-over",
            Text(f"Firms may answer until {run.last_day}.", f"企业可在 {run.last_day} 前确认或提出异议。"),
            Text("Sign it after that day.", "请在该日之后签发。"),
        )
    if run.open_objections:
        raise UserError(
            "objections-open",
            Text(f"{len(run.open_objections)} objections are open.", f"还有 {len(run.open_objections)} 项异议待处理。"),
            Text("Decide them first.", "请先处理。"),
        )
    return replace(run, status=SIGNED, signed_by=officer, signed_on=day)


def _unsigned(run: Run) -> None:
    if run.status == SIGNED:
        raise UserError(
            "signed",
            Text(
                f"Run {run.name} was signed on {run.signed_on} and stands.",
                f"评价 {run.name} 已于 {run.signed_on} 签发。",
            ),
            Text("Make a new run.", "请新建一次评价。"),
        )


def _open_for(run: Run, unit: str, day: date) -> None:
    _unsigned(run)
    run.unit(unit)
    if day > run.last_day:
        raise UserError(
            "too-late",
            Text(f"Answers were due by {run.last_day}.", f"确认或异议的截止日为 {run.last_day}。"),
            Text("Ask the officer.", "请联系主管人员。"),
        )


def correct(run: Run, cluster: Cluster, made: Evaluation, day: date) -> Run:
    """Return the next revision of a trial run from corrected data: every grade that changed, and why.

    Open objections to figures that changed are upheld by it.

    Parameters
    ----------
    run
        What stood before.
    cluster, made
        The corrected cluster and its evaluation by the same scheme.
    day
        Day of the correction; the days to answer count anew.

    Raises
    ------
    UserError
        If the run is signed, or the scheme is another one than that of the run.
    """
    _unsigned(run)
    if made.scheme.fingerprint != run.fingerprint:
        raise UserError(
            "other-scheme",
            Text("The scheme has changed since the run was made.", "评价办法在该次评价之后有改动。"),
            Text("Use the scheme of the run, or make a new run.", "请使用原评价办法，或新建一次评价。"),
        )
    fresh = freeze(run.name, cluster, made, run.year, day)
    before = {u["unit"]: u for u in run.units}
    changes = []
    for unit in fresh.units:
        name = unit["unit"]
        old = before.get(name)
        was = old["grade"] if old else None
        if old is None or (was, old["outcome"]) != (unit["grade"], unit["outcome"]):
            moved = tuple(_moved(run.figures.get(name, {}), fresh.figures[name]))
            changes.append(Change(name, was, unit["grade"], "own" if moved else "others", moved))
    changed = {(u, f) for u in fresh.figures for f, _, _ in _moved(run.figures.get(u, {}), fresh.figures[u])}
    answers = tuple(
        replace(a, decision="upheld") if a.decision == "open" and (a.unit, a.figure) in changed else a
        for a in run.answers
        if a.figure is not None
    )
    return replace(fresh, revision=run.revision + 1, answers=answers, changes=tuple(changes))


def _moved(
    before: Mapping[str, float | None], after: Mapping[str, float | None]
) -> list[tuple[str, float | None, float | None]]:
    return [(f, before.get(f), v) for f, v in after.items() if before.get(f) != v]
