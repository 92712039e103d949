"""Phase-out: which lines to retire, merge or convert, and when, so that contribution, jobs and committed orders suffer least.

Predict, choose, plan again, correct: tangents at the prices of every plan made so far say what a choice would cost (`tangents`), the best
choice under all of them is planned again, its plan gives a new tangent and shows how near the target it comes; what is lacking is added
to what is asked of the next choice. In the end single actions are left out or exchanged as long as planning again shows a gain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from cordwainer.cluster import Cluster, Plan
from cordwainer.core import Text, UserError
from cordwainer.planning import Base, ReplanSettings, replan
from cordwainer.referee import judge
from cordwainer.upgrading.actions import Action, phased_out
from cordwainer.upgrading.arrays import Flags, Floats
from cordwainer.upgrading.candidates import LAND, LINES, Candidates, Target, candidates
from cordwainer.upgrading.measure import Catalogue
from cordwainer.upgrading.opportunities import opportunities
from cordwainer.upgrading.released import released
from cordwainer.upgrading.tangents import Tangent, chosen, market_of, most, slopes
from cordwainer.upgrading.who import line_table
from cordwainer.upgrading.work import people_short

_NEAR = 1e-9
_FEN = 100


@dataclass(frozen=True, slots=True)
class PhaseOutSettings:
    """How long to search.

    Parameters
    ----------
    work
        Steps of every replan.
    rounds
        Choices that are planned again at most.
    tries
        Single actions that are left out or exchanged at most, each planned again.
    seed, threads
        Of replans.
    """

    work: int = 2
    rounds: int = 6
    tries: int = 8
    seed: int = 1
    threads: int = 2


@dataclass(frozen=True)
class Tried:
    """A choice planned again: the cluster and the plan after it, how near it comes, and what it is worth beside the plan before.

    ``reached`` is in the unit of the target; ``people`` who lose their place, ``short`` how many people more the others need (both as full
    places); ``worth_fen`` the contribution of a year gained (below 0: lost) less what measures cost and net jobs lost count.
    """

    actions: tuple[Action, ...]
    cluster: Cluster
    plan: Plan
    reached: float
    people: int
    short: float
    worth_fen: float

    @property
    def contribution_fen(self) -> int:
        """Contribution over the plan."""
        return int(self.plan.head["contribution_fen"])

    @property
    def jobs_lost(self) -> float:
        """Places lost less those that the others need more of, not below 0."""
        return max(0.0, self.people - self.short)


@dataclass(frozen=True)
class PhaseOut:
    """The best choice found, the plan before it, the lowest grade first at the same target, and how sure all that is.

    ``bound_fen`` is what no choice is worth more than by the tangents of all plans made (an estimate, not a proof); ``course`` has what was
    reckoned and what planning again showed of each choice; ``certified`` whether the referee found nothing wrong with the plan after.
    ``lowest_first`` is None where closing all lines by grade does not reach the target.
    """

    target: Target
    before: Tried
    best: Tried
    lowest_first: Tried | None
    bound_fen: float
    course: tuple[tuple[float, float], ...]
    certified: bool
    unknown: int

    @property
    def gap(self) -> float:
        """By how much the choice may fall short of the best, as a share of the contribution of a year, by the tangents."""
        year = 365 / sum(p.days for p in self.before.plan.periods)
        return max(0.0, self.bound_fen - self.best.worth_fen) / max(1.0, abs(year * self.before.contribution_fen))


class Trial:
    """Plans choices again from one plan, each once."""

    def __init__(
        self, base: Base, known: Catalogue, target: Target, cands: Candidates, settings: PhaseOutSettings
    ) -> None:
        self.base, self.known, self.target, self.cands, self.settings = base, known, target, cands, settings
        self.year = 365 / sum(p.days for p in base.plan.periods)
        self.tried: dict[tuple[int, ...], Tried] = {}
        self.before = self._made(())
        self.flow_before = self._flow(self.before)
        self.tried[()] = self.before

    def _flow(self, one: Tried) -> float:
        return released(one.cluster, one.plan, self.target.kind).total if self.target.of_flow else 0.0

    def of(self, taken: Sequence[int]) -> Tried:
        """Return a choice planned again."""
        key = tuple(sorted(taken))
        if key not in self.tried:
            self.tried[key] = self._made(tuple(self.cands.actions[i] for i in key))
        return self.tried[key]

    def of_actions(self, actions: tuple[Action, ...]) -> Tried:
        """Return actions planned again that need not be among the candidates."""
        return self._made(actions)

    def _made(self, actions: tuple[Action, ...]) -> Tried:
        s, base = self.settings, self.base
        after = phased_out(base.cluster, self.known, actions, base.plan.periods) if actions else base.cluster
        again = ReplanSettings(move_fen=0, work=s.work, seed=s.seed, threads=s.threads)
        plan = replan(base, after, again).plan
        people = sum(a.people for a in actions)
        if not actions:
            return Tried((), after, plan, 0.0, 0, 0.0, 0.0)
        short = people_short(base.cluster, self.before.plan, plan, {x for a in actions if a.stops for x in a.lines})
        gained = self.year * (int(plan.head["contribution_fen"]) - self.before.contribution_fen)
        job = _FEN * self.known.leaving.job_yuan_year.value
        worth = gained - sum(a.cost_fen for a in actions) - job * max(0.0, people - short)
        found = Tried(actions, after, plan, 0.0, people, short, worth)
        return Tried(actions, after, plan, self._reached(found), people, short, worth)

    def _reached(self, one: Tried) -> float:
        gone = {line for a in one.actions if a.stops for line in a.lines}
        if self.target.of_flow:
            return self.flow_before - self._flow(one)
        if self.target.kind == LAND:
            land = self.cands.land
            return sum(land[f] for f in land if f in self.cands.lines_of and gone >= set(self.cands.lines_of[f]))
        lifted = {x for a in one.actions if not a.stops for x in self.cands.lines_of[a.firm]}
        return float(len((gone & self.bad_lines()) | lifted))

    def learn(self, taken: Sequence[int]) -> float:
        """Take in how near a choice came that was reckoned to come nearer; return by how much more is to be asked of the next one.

        What measures save on the same work is known; what lines that stop save is not, as others take their work over: that is corrected
        in proportion.
        """
        cands, made = self.cands, self.of(taken)
        stops = sum(cands.nearer[i] for i in taken if cands.actions[i].stops)
        sure = sum(cands.nearer[i] for i in taken if not cands.actions[i].stops)
        if not self.target.of_flow or stops < 0.01 * self.target.amount:
            return 1.1 * max(0.0, self.target.amount - made.reached)
        factor = min(1.0, max(0.05, (made.reached - sure) / stops))
        nearer = tuple(n * factor if a.stops else n for a, n in zip(cands.actions, cands.nearer, strict=True))
        self.cands = replace(cands, nearer=nearer)
        return 0.0

    def bad_lines(self) -> set[str]:
        """Return the lines of firms that are backward."""
        return {x for f in self.cands.backward for x in self.cands.lines_of.get(f, ())}


def phase_out(
    base: Base,
    known: Catalogue,
    target: Target,
    scheme: str,
    settings: PhaseOutSettings | None = None,
    among: Candidates | None = None,
) -> PhaseOut:
    """Return which lines to retire, merge or convert for a target, planned again, beside the lowest grade first.

    Parameters
    ----------
    scheme
        Scheme by whose grades offices would close.
    among
        What may be done; None: all that applies (`candidates`).

    Raises
    ------
    UserError
        If the target is not above 0, names no flow of the cluster, or cannot be reached: then the nearest that can is told.
    """
    if target.amount <= 0:
        raise UserError(
            "no-target",
            Text("Nothing is asked for: the target is not above 0.", "目标须大于 0。"),
            Text("Give an amount above 0.", "请给出大于 0 的数量。"),
        )
    s = settings or PhaseOutSettings()
    cands = among or candidates(base.cluster, base.plan, known, target, scheme)
    able, widest = most(cands, known, target)
    if able < target.amount - _NEAR and not (target.of_flow and widest):
        raise _too_far(target, able)
    trial = Trial(base, known, target, cands, s)
    found, tangents, course = _search(trial, s)
    if not found:
        wide = trial.of(widest)
        if wide.reached < target.amount - _NEAR:
            raise _too_far(target, max(0.0, *(t.reached for t in trial.tried.values())))
        found = [widest]
    best = max(found, key=lambda key: (trial.of(key).worth_fen, key))
    best = _exchanged(trial, best, tangents, s)
    final = chosen(trial.cands, known, target, target.amount, tangents, trial.year)
    return PhaseOut(
        target=target,
        before=trial.before,
        best=trial.of(best),
        lowest_first=lowest_first(trial),
        bound_fen=max(final.bound_fen, trial.of(best).worth_fen),
        course=tuple(course),
        certified=judge(trial.of(best).cluster, trial.of(best).plan).certified,
        unknown=cands.unknown,
    )


def _too_far(target: Target, able: float) -> UserError:
    return UserError(
        "no-phase-out",
        Text(
            f"The target of {target.amount:,.1f} cannot be reached; the nearest that can is {able:,.1f}.",
            f"目标 {target.amount:,.1f} 无法达到；最多可达到 {able:,.1f}。",
        ),
        Text("Ask for that or less, allow a later day, or add measures.", "请降低目标、推后期限或增加措施。"),
    )


def _search(
    trial: Trial, s: PhaseOutSettings
) -> tuple[list[tuple[int, ...]], list[Tangent], list[tuple[float, float]]]:
    """Return the choices that reach the target, the tangents of all plans made, and what was reckoned and found of each."""
    target, known = trial.target, trial.known
    gained = _gained(trial)
    tangents = [_tangent(trial, (), gained)]
    found: list[tuple[int, ...]] = []
    course: list[tuple[float, float]] = []
    need = target.amount
    for _ in range(s.rounds):
        choice = chosen(trial.cands, known, target, need, tangents, trial.year)
        if choice.taken is None or choice.taken in trial.tried:
            break
        made = trial.of(choice.taken)
        course.append((choice.worth_fen, made.worth_fen))
        tangents.append(_tangent(trial, choice.taken, gained))
        if made.reached >= target.amount - _NEAR:
            found.append(choice.taken)
        else:
            need += trial.learn(choice.taken)
    return found, tangents, course


def _tangent(trial: Trial, taken: tuple[int, ...], gained: Floats) -> Tangent:
    made = trial.of(taken)
    at = market_of(trial.base, made.plan, taken, trial.cands)
    flags: Flags = np.zeros(len(trial.cands.actions), np.bool_)
    flags[list(taken)] = True
    return Tangent(flags, made.contribution_fen, slopes(trial.base, at, trial.cands, gained))


def _gained(trial: Trial) -> Floats:
    """Return what the measure of each action brings the cluster over the plan, fen."""
    cands, names = trial.cands, {a.measure for a in trial.cands.actions if a.measure}
    if not names:
        return np.zeros(len(cands.actions))
    some = Catalogue(
        {n: m for n, m in trial.known.measures.items() if n in names}, {}, trial.known.assumptions, trial.known.leaving
    )
    at = market_of(trial.base, trial.base.plan, (), cands)
    table = opportunities([at], some)
    worth = {(f, m): v / trial.year for f, m, v in table.select("firm", "measure", "cluster_fen").iter_rows()}
    return np.array([worth.get((a.firm, a.measure), 0.0) if a.measure else 0.0 for a in cands.actions])


def _exchanged(
    trial: Trial, best: tuple[int, ...], tangents: Sequence[Tangent], s: PhaseOutSettings
) -> tuple[int, ...]:
    """Return a choice in which nothing more can be left out or exchanged to a gain, as far as it was tried."""
    tried: list[tuple[int, ...]] = list(trial.tried)
    for _ in range(s.tries):
        choice = chosen(trial.cands, trial.known, trial.target, _need(trial, best), tangents, trial.year, tried)
        if choice.taken is None:
            break
        tried.append(choice.taken)
        made = trial.of(choice.taken)
        if made.reached >= trial.target.amount - _NEAR and made.worth_fen > trial.of(best).worth_fen:
            best = choice.taken
    return best


def _need(trial: Trial, best: tuple[int, ...]) -> float:
    """Return what is asked of choices beside the best one: what that one was reckoned to reach for what it reaches, in proportion."""
    if not trial.target.of_flow:
        return trial.target.amount
    reckoned = sum(trial.cands.nearer[i] for i in best)
    return trial.target.amount * min(1.5, max(0.5, reckoned / max(_NEAR, trial.of(best).reached)))


def lowest_first(trial: Trial) -> Tried | None:
    """Return what offices do: all lines of the firms of the lowest grade are closed, until the target is reached; planned again."""
    cands, target = trial.cands, trial.target
    firms = [f for f in cands.grade_rank if target.kind != LINES or f in cands.backward]
    latest = max((a.day for a in cands.actions if a.stops), default=trial.base.plan.periods[0].start)
    people = dict(line_table(trial.base.cluster, trial.base.plan.periods[0].start).select("line", "people").iter_rows())

    def closed(count: int) -> tuple[Action, ...]:
        return tuple(
            Action("retire", f, (line,), latest, people=people[line])
            for f in firms[:count]
            for line in cands.lines_of[f]
        )

    low, high, made = 0, len(firms), None
    if target.of_flow:
        while high - low > 1:
            middle = (low + high) // 2
            one = trial.of_actions(closed(middle))
            low, high, made = (low, middle, one) if one.reached >= target.amount else (middle, high, made)
    else:
        for high in range(1, len(firms) + 1):
            lines = closed(high)
            if _counted(trial, lines) >= target.amount - _NEAR:
                break
    made = made if made is not None and target.of_flow else trial.of_actions(closed(high)) if firms else None
    return made if made is not None and made.reached >= target.amount - _NEAR else None


def _counted(trial: Trial, actions: Sequence[Action]) -> float:
    """Return how near actions come to a target of lines or land, which needs no plan."""
    gone = {line for a in actions for line in a.lines}
    if trial.target.kind == LAND:
        land = trial.cands.land
        return sum(land[f] for f in {a.firm for a in actions} if f in land and gone >= set(trial.cands.lines_of[f]))
    return float(len(gone & trial.bad_lines()))
