"""Who may do what: candidate lines for every job, in lists shared by all jobs that the same lines can do at the same cost.

First the lines that may do a stage for a kind of shoe, a tier and what an order asks; then, with the minutes of a style, lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import polars as pl

from cordwainer.cluster import Cluster, places
from cordwainer.core import Period
from cordwainer.planning.carbon import carbon_mfen
from cordwainer.planning.conditions import Asked, Requests, approvals, certificates
from cordwainer.planning.jobs import Jobs
from cordwainer.planning.problem import Flags, Ints, Small, numbered
from cordwainer.planning.styles import StyleArrays

Kind = tuple[str, str, str]
"""Stage, construction, category."""


@dataclass(frozen=True)
class Candidates:
    """Lists of candidates; see `Net` for the meaning of the arrays."""

    job_list: Small
    ptr: Ints
    line: Small
    m: Ints
    base: Ints
    mask: Small
    masks: Flags


@dataclass(frozen=True)
class Carbon:
    """Carbon that is priced in fen per tonne, milligrams per pair: ``line`` L, ``flow`` style-stage x defect class."""

    line: Ints
    flow: Ints
    price: Fraction


@dataclass(frozen=True)
class Able:
    """Lines that may do something, in the order of their numbers: efficiency in 1/10,000, piece price in fen, period mask."""

    line: Ints
    efficiency: Ints
    piece: Ints
    mask: Small


class Eligibility:
    """Finds the lines that may do a stage of an order; lines that may do so in the same periods have the same mask."""

    def __init__(self, cluster: Cluster, periods: Sequence[Period], makes: pl.DataFrame) -> None:
        self._makes = _makes(cluster, makes)
        lines = line_columns(cluster)
        self._tier = lines["tier"].to_numpy()
        self._firm = places(lines["firm"], cluster["firm"]["firm"])
        self._site = places(lines["site"], cluster["site"]["site"])
        self._firm_no = {firm: i for i, firm in enumerate(cluster["firm"]["firm"])}
        self._certificates = certificates(cluster, periods)
        self._approvals = approvals(cluster, periods)
        self._periods = len(periods)
        always = np.ones(len(periods), np.bool_)
        self._masks = {always.tobytes(): 0}

    @property
    def masks(self) -> Flags:
        """Return the periods of every mask found so far; mask 0 holds in all of them."""
        return np.frombuffer(bytearray().join(self._masks), np.bool_).reshape(-1, self._periods)

    def able(self, kind: Kind, tier: int, asked: Asked) -> Able:
        """Return the lines that may do a stage for an order of a tier that asks something, in at least one period."""
        line, efficiency, piece = self._makes.get(kind, _NOBODY)
        keep = self._tier[line] >= tier
        if asked.named:
            keep &= self._among(asked.named)[self._firm[line]]
        if asked.barred:
            keep &= ~self._among(asked.barred)[self._firm[line]]
        at = np.flatnonzero(keep)
        if not asked.standards and asked.buyer is None:
            return Able(line[at], efficiency[at], piece[at], np.zeros(len(at), np.int32))
        when = self._when(line[at], kind[0], asked)
        may = when.any(axis=1)
        at = at[may]
        return Able(line[at], efficiency[at], piece[at], self._numbered(when[may]))

    def _among(self, firms: Sequence[str]) -> Flags:
        """Return which firms are among those named."""
        found = np.zeros(len(self._firm_no), np.bool_)
        found[[self._firm_no[f] for f in firms]] = True
        return found

    def _when(self, line: Ints, stage: str, asked: Asked) -> Flags:
        """Return in which periods certificates and approval hold, lines x T."""
        when = np.ones((len(line), self._periods), np.bool_)
        for standard in asked.standards:
            when &= self._certificates.when(standard, stage)[self._firm[line]]
        if asked.buyer is not None:
            when &= self._approvals.when(asked.buyer, stage)[self._site[line]]
        return when

    def _numbered(self, when: Flags) -> Small:
        mask = np.zeros(len(when), np.int32)
        for i in np.flatnonzero(~when.all(axis=1)):
            mask[i] = self._masks.setdefault(when[i].tobytes(), len(self._masks))
        return mask


_NOBODY = (np.zeros(0, np.int64), np.ones(0, np.int64), np.zeros(0, np.int64))


def _makes(cluster: Cluster, makes: pl.DataFrame) -> dict[Kind, tuple[Ints, Ints, Ints]]:
    """Return which lines make what: line, efficiency in 1/10,000 and piece price in fen by stage and kind of shoe."""
    rows = makes.join(cluster["line"].select("line", "stage").with_row_index("number"), on="line").sort("number")
    return {
        (str(stage), str(construction), str(category)): (
            part["number"].cast(pl.Int64).to_numpy(),
            part["efficiency_e4"].to_numpy(),
            part["extra_fen_pair"].to_numpy(),
        )
        for (stage, construction, category), part in rows.group_by(
            "stage", "construction", "category", maintain_order=True
        )
    }


def candidates(
    cluster: Cluster,
    periods: Sequence[Period],
    styles: StyleArrays,
    jobs: Jobs,
    defect_e4: Ints,
    defect_class: Small,
    carbon: Carbon | None,
    makes: pl.DataFrame,
) -> Candidates:
    """Return the candidate lists of all jobs, numbered in the order in which jobs first need them.

    Defects of lines are given as share in 1/10,000 and as class; no ``carbon`` where it is not priced; ``makes`` are the
    efficiencies of the cluster on the first day.
    """
    eligibility = Eligibility(cluster, periods, makes)
    job_able, able = _able(cluster, eligibility, styles, jobs)
    flow_no = _distinct_rows(carbon.flow) if carbon else np.zeros(len(styles.stage), np.int64)
    job_list, first = numbered(job_able, styles.centi[jobs.sj], flow_no[jobs.sj])
    ptr = np.concatenate([[0], np.cumsum([len(able[i].line) for i in job_able[first]])]).astype(np.int64)
    line, mask = np.zeros(ptr[-1], np.int32), np.zeros(ptr[-1], np.int32)
    m, base = np.zeros(ptr[-1], np.int64), np.zeros(ptr[-1], np.int64)
    minus = [-10 * (10_000 + defect_e4[who.line]) for who in able]
    piece = [1000 * who.piece for who in able]
    for i, (a, sj) in enumerate(zip(job_able[first].tolist(), jobs.sj[first].tolist(), strict=True)):
        who, c = able[a], slice(ptr[i], ptr[i + 1])
        line[c], mask[c], base[c] = who.line, who.mask, piece[a]
        np.multiply(minus[a], styles.centi[sj], out=m[c])
        np.floor_divide(m[c], who.efficiency, out=m[c])
        if carbon:
            milligrams = carbon.line[who.line] + carbon.flow[sj, defect_class[who.line]]
            base[c] += carbon_mfen(milligrams, carbon.price)
    np.negative(m, out=m)
    return Candidates(job_list.astype(np.int32), ptr, line, m, base, mask, eligibility.masks)


def _able(cluster: Cluster, eligibility: Eligibility, styles: StyleArrays, jobs: Jobs) -> tuple[Ints, list[Able]]:
    """Return the lines that may do each job, as a number, and the lines of each number."""
    requests = Requests(cluster)
    asks = requests.number[jobs.order]
    case, first = numbered(_tasks(styles)[jobs.sj], asks)
    by_request: dict[tuple[Kind, int, Asked], int] = {}
    by_lines: dict[tuple[Kind, bytes, bytes], int] = {}
    able: list[Able] = []
    of_case = np.zeros(len(first), np.int64)
    for i, j in enumerate(first):
        sj = jobs.sj[j]
        construction, category, tier = styles.shoe[styles.style[sj]]
        kind = (styles.stage[sj], construction, category)
        request = (kind, tier, requests.at(asks[j], kind[0], last=bool(styles.after[sj] < 0)))
        if request not in by_request:
            who = eligibility.able(*request)
            found = by_lines.setdefault((kind, who.line.tobytes(), who.mask.tobytes()), len(able))
            by_request[request] = found
            if found == len(able):
                able.append(who)
        of_case[i] = by_request[request]
    return of_case[case], able


def _tasks(styles: StyleArrays) -> Ints:
    """Return a number for each style-stage, the same for one stage, kind of shoe, tier and end of the routing."""
    known: dict[tuple[str, tuple[str, str, int], bool], int] = {}
    each = zip(styles.stage, styles.style.tolist(), (styles.after < 0).tolist(), strict=True)
    return np.array([known.setdefault((t, styles.shoe[s], last), len(known)) for t, s, last in each], np.int64)


def _distinct_rows(table: Ints) -> Ints:
    """Return a number for each row of a table, the same for equal rows."""
    known: dict[bytes, int] = {}
    return np.array([known.setdefault(row.tobytes(), len(known)) for row in table], np.int64)


def line_columns(cluster: Cluster) -> pl.DataFrame:
    """Return lines with firm and district of their site, in table order."""
    site = cluster["site"].select("site", "firm", "district")
    return cluster["line"].join(site, on="site", how="left", maintain_order="left")
