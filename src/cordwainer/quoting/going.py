"""The going rate: what a pair costs to make at the middle of what makers ask, so that no price tells what one of them asks.

Docs: docs/algorithms/quoting.md, section Two faces.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from cordwainer.core import Text, UserError
from cordwainer.quoting.asked import Asking
from cordwainer.quoting.live import Live
from cordwainer.quoting.request import Request


@dataclass
class Going:
    """Going rates of kinds of shoes in fen a pair, worked out as they are asked for."""

    live: Live
    asking: Asking
    _known: dict[object, int] = field(default_factory=dict)

    def rate(self, request: Request) -> int:
        """Return what all stages of a pair cost at the middle of the makers, in fen, whomever the request names or bars.

        For each stage every maker counts once, with the line on which he would ask least, whether it is free or not.

        Raises
        ------
        UserError
            If a stage has fewer makers than policy ``quote_least_makers``: a price would be about one of them.
        """
        recipe = self.asking.recipe(request)
        shoe = recipe.style or (recipe.construction, recipe.category, recipe.tier)
        if shoe not in self._known:
            self._known[shoe] = sum(self._stages(request))
        return self._known[shoe]

    def _stages(self, request: Request) -> Iterator[int]:
        ground = self.live.ground
        least = int(ground.policies.of("quote_least_makers"))
        anybody = Request(
            request="-",
            buyer=request.buyer,
            style=request.style,
            construction=request.construction,
            category=request.category,
            tier=request.tier,
            last=request.last,
            pairs=1,
        )
        for c in self.asking.asked(self.live, anybody).stages:
            each = -(-c.m * ground.facts.ask[c.line] // 60_000_000) + c.piece
            firm = ground.lines.firm[c.line]
            cheapest = np.array([each[firm == f].min() for f in np.unique(firm)], np.int64)
            if len(cheapest) < least:
                raise UserError(
                    "too-few-makers",
                    Text(
                        f"Fewer than {least} makers do every stage of such shoes: a price would tell what one of them asks.",
                        f"此类鞋有工序不足 {least} 家厂可做，报价会泄露其中某家的工价。",
                    ),
                    Text(
                        "Set a list price (policy list_fen_pair) for it, or let the planner answer.",
                        "请设目录价（参数 list_fen_pair），或由计划员答复。",
                    ),
                )
            yield int(np.sort(cheapest)[len(cheapest) // 2])
