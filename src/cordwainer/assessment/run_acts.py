"""What becomes of a frozen run: firms confirm or object, an officer decides, corrects and signs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from cordwainer.assessment.evaluation import Evaluation
from cordwainer.assessment.run import SIGNED, Answer, Change, Run, freeze
from cordwainer.cluster import Cluster
from cordwainer.core import Text, UserError


def confirm(run: Run, unit: str, day: date) -> Run:
    """Return the run in which a unit, or a firm that is merged into one, confirmed its figures; a second time changes nothing.

    Raises
    ------
    UserError
        If the run is signed, the days are over, there is no such unit, or an objection of it is open.
    """
    _open_for(run, unit, day)
    if any(a.unit == unit for a in run.open_objections):
        raise UserError(
            "objection-open",
            Text(f"{unit} has an objection that is not decided yet.", f"{unit} 还有待处理的异议。"),
            Text("Confirm once it is decided.", "请在处理后再确认。"),
        )
    if Answer(unit, day) in [replace(a, day=day) for a in run.answers]:
        return run
    return replace(run, answers=(*run.answers, Answer(unit, day)))


def object_to(
    run: Run, unit: str, figure: str, day: date, claimed: float | None = None, reason: str | None = None
) -> Run:
    """Return the run in which a unit objects to one of its figures, in place of what it said to that figure and is still open.

    A confirmation of before is taken back by it. Errors are those of `confirm`, or no such figure.
    """
    _open_for(run, unit, day)
    read = run.figures[run.unit(unit)["unit"]]
    if figure not in read:
        raise UserError(
            "unknown-figure",
            Text(f'The scheme does not read "{figure}".', f"该评价办法不使用指标“{figure}”。"),
            Text(f"Choose one of: {', '.join(read)}.", f"可选：{'、'.join(read)}。"),
        )
    kept = [a for a in run.answers if a.unit != unit or (a.figure and (a.figure != figure or a.decision != "open"))]
    return replace(run, answers=(*kept, Answer(unit, day, figure, claimed, reason)))


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
    if day <= run.last_day and not all(_confirmed(run, u["unit"]) for u in run.units):
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


def _confirmed(run: Run, unit: str) -> bool:
    """Whether a unit, or each of its firms, confirmed its figures."""
    said = {a.unit for a in run.answers if a.figure is None}
    members = run.members.get(unit)
    return unit in said or (members is not None and said.issuperset(members))


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


def correct(run: Run, cluster: Cluster, made: Evaluation, day: date, of: str | None = None) -> Run:
    """Return the next revision of a trial run from corrected data: every grade that changed, and why.

    Open objections to figures that changed are upheld by it. Confirmations of units whose figures did not change stand.

    Parameters
    ----------
    run
        What stood before.
    cluster, made
        The corrected cluster and its evaluation by the same scheme.
    day
        Day of the correction; the days to answer count anew.
    of
        Whose figure was corrected, where that is known: objections of other firms of the same unit stay open.

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
    moved_of = {u: {f for f, _, _ in _moved(run.figures.get(u, {}), fresh.figures[u])} for u in fresh.figures}
    return replace(fresh, revision=run.revision + 1, answers=tuple(_kept(run, moved_of, of)), changes=tuple(changes))


def _kept(run: Run, moved_of: Mapping[str, set[str]], of: str | None) -> Iterator[Answer]:
    """Yield what was answered as it stands after figures of units moved."""
    for a in run.answers:
        moved = moved_of.get(str(run.unit(a.unit)["unit"]), set())
        others = of is not None and of != a.unit and any(a.unit in firms for firms in run.members.values())
        if a.figure is None and not moved:
            yield a
        elif a.figure is not None:
            settled = a.decision == "open" and a.figure in moved and not others
            yield replace(a, decision="upheld") if settled else a


def _moved(
    before: Mapping[str, float | None], after: Mapping[str, float | None]
) -> list[tuple[str, float | None, float | None]]:
    return [(f, before.get(f), v) for f, v in after.items() if before.get(f) != v]
