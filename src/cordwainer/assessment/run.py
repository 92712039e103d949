"""A frozen run: data and scheme as they were, grades, what firms answered; trial until an officer signs it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from cordwainer.assessment.definitions import indicators
from cordwainer.assessment.evaluation import Evaluation
from cordwainer.cluster import Cluster, dictionary, hash_of
from cordwainer.core import Text, UserError

TRIAL, SIGNED = "trial", "signed"
_READ = ("firm", "firm_role", "site", "figure", "parcel", "group_member", "objection")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a unit, or a firm that is merged into one, said: it confirms (no figure), or objects to a figure.

    ``decision`` is open, upheld or refused.
    """

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
    """A frozen run of one year.

    ``units`` holds a record for each unit, ``figures`` the figures that were read for it, ``members`` the firms of units that are
    more than one.
    """

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
    members: Mapping[str, tuple[str, ...]]
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
        """Return the record of a unit, or of the one that a firm is merged into.

        Raises
        ------
        UserError
            If the run has no such unit.
        """
        merged = next((u for u, firms in self.members.items() if unit in firms), unit)
        found = next((u for u in self.units if u["unit"] == merged), None)
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
    """Return a trial run of a year: what was graded, by what, from what, with the objections that are open already.

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
    read, members = _figures_read(made, year), _members(made, year)
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
        figures=read,
        members=members,
        answers=tuple(_open_already(cluster, year, read, members)),
        changes=(),
    )


def figures_of(made: Evaluation) -> list[str]:
    """Return the figures that a scheme reads, in order, each once."""
    scheme = made.scheme
    names = [f for i in scheme.indicators for f in (indicators()[i].above, indicators()[i].below) if f]
    for roster in scheme.lists:
        names += [c.figure for c in (*roster.when, *roster.any_of)]
    names += [a.figure for a in scheme.adjusts] + [v.figure for v in scheme.vetoes]
    names += [e.condition.figure for e in scheme.exempts] + [c.figure for c in scheme.consequences]
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


def _open_already(
    cluster: Cluster, year: int, read: Mapping[str, Mapping[str, float | None]], members: Mapping[str, tuple[str, ...]]
) -> Iterator[Answer]:
    """Yield what stands open in table objection against figures of the year that were read."""
    unit_of = {unit: unit for unit in read} | {firm: unit for unit, firms in members.items() for firm in firms}
    rows = cluster["objection"].filter(year=year, decision="open").sort("objection")
    for unit, figure, claimed, filed, reason in rows.select(
        "unit", "indicator", "claimed", "filed", "reason"
    ).iter_rows():
        if figure in read.get(unit_of.get(unit, ""), {}):
            yield Answer(unit, filed, figure, claimed, reason)


def _members(made: Evaluation, year: int) -> dict[str, tuple[str, ...]]:
    rows = made.facts.members.filter(year=year).sort("unit", "firm").group_by("unit", maintain_order=True).agg("firm")
    return {unit: tuple(firms) for unit, firms in rows.iter_rows()}
