"""A request as a problem of one order: who may make it, when, and what a pair takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property

import numpy as np

from cordwainer.core import ceil_div, scaled
from cordwainer.planning import Net
from cordwainer.quoting.ground import Ground, judged
from cordwainer.quoting.lines import Flags, Ints, Small, numbered
from cordwainer.quoting.live import Live
from cordwainer.quoting.meant import Meant
from cordwainer.quoting.papers import Papers
from cordwainer.quoting.recipes import Recipe, Recipes
from cordwainer.quoting.request import Request

WHATEVER = -(2**58)
"""Worth of a pair that is not made: any price is better."""
GREEN = 100_000
"""Weight of a milligram of carbon against 1/1000 fen where carbon decides: no difference in money outweighs it."""


@dataclass(frozen=True)
class Candidates:
    """Lines for one stage: number, minutes a pair (1/1000), cost (1/1000 fen), piece price (fen), carbon (mg), open periods."""

    line: Small
    m: Ints
    base: Ints
    piece: Ints
    carbon: Ints
    open_: Flags


@dataclass(frozen=True)
class Asked:
    """A request with its arrays: ``net`` holds one order; its candidates stand stage by stage as in ``stages``.

    ``materials`` are all that it needs, ``material_of`` the number among them of each need.
    ``first`` and ``last`` are its window in periods; ``ready_from`` is the day before which cutting may not begin. ``again``:
    it is made where it was made before, so that neither sample nor tools are new.
    """

    request: Request
    recipe: Recipe
    net: Net
    stages: tuple[Candidates, ...]
    piece: Ints
    carbon: Ints
    materials: Ints
    material_of: Ints
    first: int
    last: int
    ready_from: date
    again: bool


class Asking:
    """Turns requests into problems; what several requests share is kept. ``lenient``: papers without an end hold."""

    def __init__(self, ground: Ground, *, lenient: bool = False) -> None:
        self.ground = ground
        self.recipes, self.papers, self.meant = Recipes(ground), Papers(ground, lenient=lenient), Meant(ground)
        self._kept: dict[tuple[object, ...], Candidates] = {}
        self._firms = numbered(ground.firms)
        self._plain = np.ones((1, len(ground.periods)), np.bool_)

    def recipe(self, request: Request) -> Recipe:
        """Return how the shoe asked for is made."""
        if request.style is not None:
            return self.recipes.of(request.style)
        return self.recipes.new(str(request.construction), str(request.category), request.tier, request.last)

    def refuse(self, request: Request) -> None:
        """Raise if a request cannot be meant here.

        Raises
        ------
        UserError
            If it names a style, firm, market, size or order that is not known, or repeats what it cannot.
        """
        self.meant.refuse_strangers(request)
        self.meant.refuse_sizes(request, self.recipe(request))

    def asked(
        self, live: Live, request: Request, shy: frozenset[str] = frozenset(), again: date | None = None
    ) -> Asked:
        """Return the problem of a request; makers who are ``shy`` are left out where they would have to be asked.

        ``again`` is the day from which makers who have made it before may begin without a new sample; None: a sample comes first.

        Raises
        ------
        UserError
            If it names a style or kind of shoe that is not known.
        """
        recipe = self.recipe(request)
        stages = tuple(self._candidates(live, recipe, request, s, shy) for s in range(len(recipe.stages)))
        ready = self._ready(live, request, again)
        first, last = self._window(request, ready)
        materials, of = np.unique(recipe.need_material, return_inverse=True)
        return Asked(
            request=request,
            recipe=recipe,
            net=self._net(live, request, recipe, stages, first, last),
            stages=stages,
            piece=np.concatenate([s.piece for s in stages]),
            carbon=np.concatenate([s.carbon for s in stages]),
            materials=materials.astype(np.int64),
            material_of=of.astype(np.int64),
            first=first,
            last=last,
            ready_from=ready,
            again=again is not None,
        )

    def _ready(self, live: Live, request: Request, again: date | None) -> date:
        """Return the day from which cutting may begin: the pre-production sample of what is not made again is approved first."""
        day = max(live.today, request.earliest or live.today)
        if again is not None:
            return max(day, again)
        return day + timedelta(days=int(self.ground.policies.of("sample_days")))

    def _window(self, request: Request, ready: date) -> tuple[int, int]:
        starts = [p.start for p in self.ground.periods]
        first = sum(s < ready for s in starts)
        last = len(starts) - 1
        if request.by is not None:
            last = sum(p.end <= request.by for p in self.ground.periods) - 1
        return first, last

    def _candidates(self, live: Live, recipe: Recipe, request: Request, s: int, shy: frozenset[str]) -> Candidates:
        stage, is_last = recipe.stages[s], recipe.after[s] < 0
        standards = tuple(sorted(x for x, at in request.standards if at == stage or (at is None and is_last)))
        named = tuple(sorted(request.named)) if is_last else ()
        buyer = request.buyer if request.approval_needed else None
        shoe = recipe.style or (recipe.construction, recipe.category, recipe.tier)
        key = (
            shoe,
            s,
            standards,
            named,
            tuple(sorted(request.barred)),
            buyer,
            shy,
            request.pairs if shy else 0,
            request.agreed,
        )
        if key not in self._kept:
            if len(self._kept) > 20_000:
                self._kept.clear()
            self._kept[key] = self._found(live, request, recipe, s, standards, named, buyer, shy)
        return self._kept[key]

    def _found(
        self,
        live: Live,
        request: Request,
        recipe: Recipe,
        s: int,
        standards: tuple[str, ...],
        named: tuple[str, ...],
        buyer: str | None,
        shy: frozenset[str],
    ) -> Candidates:
        g, stage = self.ground, recipe.stages[s]
        which, efficiency, piece = g.makes.get((stage, recipe.construction, recipe.category), _NOBODY)
        firm = g.lines.firm[which]
        keep = (g.lines.tier[which] >= recipe.tier) & judged(g, which)
        if shy:
            keep &= (live.accept[which] >= request.pairs) | ~np.isin(firm, [self._firms[f] for f in shy])
        if named:
            keep &= np.isin(firm, [self._firms[f] for f in named])
        if request.barred:
            keep &= ~np.isin(firm, [self._firms[f] for f in request.barred])
        open_ = np.ones((len(which), len(g.periods)), np.bool_)
        for standard in standards:
            open_ &= self.papers.certified(standard, stage)[firm]
        if buyer is not None:
            open_ &= self.papers.approved(buyer, stage)[g.lines.site[which]]
        keep &= open_.any(axis=1)
        which, efficiency, piece, open_ = which[keep], efficiency[keep], piece[keep], open_[keep]
        piece, open_ = self._agreed(request, which, piece, open_)
        d = g.lines.defect[which]
        carbon = g.line_flow[which, g.carbon_at] + recipe.flow[s, g.carbon_at, d]
        priced = _carbon_mfen(carbon, g.carbon_price)
        return Candidates(
            line=which.astype(np.int32),
            m=-((-10 * recipe.centi[s] * (10_000 + g.lines.defect_e4[d])) // efficiency),
            base=1000 * piece + priced,
            piece=piece,
            carbon=carbon,
            open_=open_,
        )

    def _agreed(self, request: Request, which: Ints, piece: Ints, open_: Flags) -> tuple[Ints, Flags]:
        """Return price by the pair and open periods, on lines with agreed terms as these say."""
        if not request.agreed:
            return piece, open_
        piece, open_, at = piece.copy(), open_.copy(), {line: k for k, line in enumerate(which.tolist())}
        for terms in request.agreed:
            k = at.get(self.ground.lines.number.get(terms.line, -1))
            if k is not None:
                piece[k] = terms.fen
                start = date.min if terms.start is None else date.fromisoformat(terms.start)
                end = date.max if terms.end is None else date.fromisoformat(terms.end)
                open_[k] &= [start <= p.start and p.end <= end for p in self.ground.periods]
        return piece, open_

    def _asks(self, live: Live, request: Request) -> Ints:
        """Return what an hour of each line asks; nothing on lines whose price by the pair was agreed."""
        if not request.agreed:
            return live.net.ask
        asks = live.net.ask.copy()
        asks[[self.ground.lines.number[x.line] for x in request.agreed if x.line in self.ground.lines.number]] = 0
        return asks

    def _net(
        self, live: Live, request: Request, recipe: Recipe, stages: tuple[Candidates, ...], first: int, last: int
    ) -> Net:
        g, jobs = self.ground, len(recipe.stages)
        sizes = [len(c.line) for c in stages]
        all_open = all(c.open_.all() for c in stages)
        tool_ptr, tool_row, tool_share = self._tools(request, recipe)
        skill = [-1 if k is None else g.limits.skill_names[k] for k in recipe.skill]
        return live.net._replace(
            ask=self._asks(live, request),
            pairs=np.array([request.pairs], np.int64),
            price=np.zeros(1, np.int64),
            first=np.array([first], np.int32),
            last=np.array([last], np.int32),
            theta=np.array([WHATEVER], np.int64),
            smallest=np.array([request.smallest_lot], np.int64),
            most_makers=np.array([request.most_makers], np.int32),
            late=np.zeros((1, len(g.periods)), np.int64),
            job_ptr=np.array([0, jobs], np.int32),
            job_next=recipe.after,
            job_list=np.arange(jobs, dtype=np.int32),
            job_sj=np.arange(jobs, dtype=np.int32),
            cand_ptr=np.cumsum([0, *sizes]).astype(np.int64),
            cand_line=np.concatenate([c.line for c in stages]),
            cand_m=np.concatenate([c.m for c in stages]),
            cand_base=np.concatenate([c.base for c in stages]),
            cand_mask=np.zeros(sum(sizes), np.int32) if all_open else np.arange(sum(sizes), dtype=np.int32),
            masks=self._plain if all_open else np.concatenate([c.open_ for c in stages]),
            move_carbon=_carbon_mfen(np.maximum(0, g.roads.carbon), g.carbon_price),
            sj_need_ptr=recipe.need_ptr,
            sj_need_material=recipe.need_material,
            sj_need=recipe.need,
            sj_skill=np.array(skill, np.int32),
            job_tool_ptr=tool_ptr,
            job_tool_row=tool_row,
            job_tool_share=tool_share,
            sj_flow=recipe.flow,
            out_ptr=np.zeros(2, np.int32),
        )

    def firms_with_dies(self, style: str | None) -> frozenset[str]:
        """Return the firms at whose sites dies of a style stand: lasts and moulds do for other styles too."""
        return frozenset(self._die_firms.get(str(style), ()))

    @cached_property
    def _die_firms(self) -> dict[str, set[str]]:
        cluster, found = self.ground.cluster, dict[str, set[str]]()
        site = dict(cluster["site"].select("site", "firm").iter_rows())
        for code, place in cluster["tool"].filter(kind="die").select("code", "site").drop_nulls().iter_rows():
            found.setdefault(code, set()).add(site[place])
        return found

    def _tools(self, request: Request, recipe: Recipe) -> tuple[Small, Small, Ints]:
        ptr, rows, shares = [0], [], []
        for stage in recipe.stages:
            for kind, code in tools_of(recipe).get(stage, ()):
                for size, row in self.ground.limits.tool_rows.get((kind, code), ()):
                    share = 1_000_000
                    if size:
                        share = ceil_div(1_000_000 * request.sizes.get(size, 0), request.pairs)
                    if share:
                        rows.append(row)
                        shares.append(share)
            ptr.append(len(rows))
        return np.array(ptr, np.int32), np.array(rows, np.int32), np.array(shares, np.int64)


def tools_of(recipe: Recipe) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return kind and code of the tool that each stage wants, where its code is known."""
    wants = (("lasting", "last", recipe.last), ("cutting", "die", recipe.style), ("sole", "mould", recipe.sole))
    return {stage: ((kind, code),) for stage, kind, code in wants if code is not None}


def green(net: Net, asked: Asked, road_carbon: Ints) -> Net:
    """Return the problem in which carbon decides, and money only between equals."""
    return net._replace(
        cand_base=net.cand_base + GREEN * asked.carbon,
        move_carbon=net.move_carbon + GREEN * np.maximum(0, road_carbon),
    )


def _carbon_mfen(milligrams: Ints, price: Fraction) -> Ints:
    """Return what carbon costs in 1/1000 fen, rounded down; ``price`` in fen per tonne."""
    if not price:
        return np.zeros(milligrams.shape, np.int64)
    wide = milligrams.astype(object) * price.numerator
    return np.array(wide // (price.denominator * 10**6), np.int64)


def milli(value: float) -> int:
    """Return a number of a table in thousandths."""
    return scaled(value, 3)


_NOBODY = (np.zeros(0, np.int64), np.ones(0, np.int64), np.zeros(0, np.int64))
