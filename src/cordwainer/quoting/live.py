"""The live plan: what is free of everything, in arrays, changed in place as offers are held, accepted and let go.

Base = the lots of the plan and the offers accepted since. Held = offers that take room for a while. Room = limits less both.
Money is counted against the base alone, so that what an accepted offer adds is exactly what it was said to add.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from cordwainer.cluster import Plan
from cordwainer.planning import Net, Prices, Room, Scratch
from cordwainer.quoting.ground import Ground
from cordwainer.quoting.lines import Flags, Ints


@dataclass
class Live:
    """Free room, stock and prices beside a plan.

    ``load`` (L x T) is that of the base, ``bought`` what it buys by row of the offers (milli units), ``slack`` (M x T, micro
    units) what is left over of stock and purchases up to and with each period. ``held_bought`` is what held offers buy, and
    ``taken`` (M x T) what they take of the common stock beyond that. ``open_`` says which purchases can still be made.
    ``accept`` are the pairs of a lot that the owner of each line takes unasked today, ``nameable`` the firms that brands may be
    told the names of.
    ``free`` are prices without scarcity, ``shadow`` those of the plan.
    """

    ground: Ground
    plan: Plan
    today: date
    load: Ints
    slack: Ints
    bought: Ints
    taken: Ints
    held_bought: Ints
    accept: Ints
    nameable: frozenset[str]
    open_: Flags
    room: Room
    unit_price: Ints
    free: Prices
    shadow: Prices
    scratch: Scratch
    net: Net

    def take(self, use: SparseUse, sign: int, *, base: bool) -> None:
        """Take (1) or give back (-1) what an offer uses, of the base or of what is held."""
        lines, periods, minutes = use.load
        np.subtract.at(self.room.line, (lines, periods), sign * minutes)
        np.subtract.at(self.room.regular, (lines, periods), sign * minutes)
        if base:
            np.add.at(self.load, (lines, periods), sign * minutes)
        for (rows, when, amounts), room in ((use.skill, self.room.skill), (use.tool, self.room.tool)):
            np.subtract.at(room, (rows, when), sign * amounts)
        np.subtract.at(self.room.cap, use.cap[0], sign * use.cap[1])
        for m, t, amount in zip(*use.need, strict=True):
            self.room.material[m, t:] -= sign * amount
        for m, lack in self._lacks(use).items():
            if base:
                self.slack[m] -= sign * lack
            else:
                self.taken[m] += sign * np.maximum(0, lack)
        bought, offers = (self.bought if base else self.held_bought), self.ground.offers
        for row, quantity in use.bought.items():
            bought[row] += sign * quantity
            if not self.open_[row]:  # bought before today: nobody can buy it any more, but it comes
                self.room.material[offers.material[row], offers.usable[row] :] += 1000 * sign * quantity

    def _lacks(self, use: SparseUse) -> dict[int, Ints]:
        """Return need less own purchases up to and with each period, by material, micro units."""
        offers, lacks = self.ground.offers, dict[int, Ints]()
        for m, t, amount in zip(*use.need, strict=True):
            lacks.setdefault(int(m), np.zeros(self.slack.shape[1], np.int64))[t:] += amount
        for row, quantity in use.bought.items():
            m = int(offers.material[row])
            lacks.setdefault(m, np.zeros(self.slack.shape[1], np.int64))[offers.usable[row] :] -= 1000 * quantity
        return lacks

    def relied_on(self, use: SparseUse) -> bool:
        """Return whether other offers count on goods that an accepted offer bought."""
        for m, lack in self._lacks(use).items():
            left = self.slack[m] - self.taken[m]
            if (left + lack < np.minimum(0, left)).any():
                return True
        return False

    def fits(self, use: SparseUse) -> bool:
        """Return whether there is room for what an offer uses."""
        room = self.room
        cells = ((room.line, use.load), (room.skill, use.skill), (room.tool, use.tool))
        for table, (rows, when, amounts) in cells:
            wanted: dict[tuple[int, int], int] = {}
            for key, amount in zip(zip(rows.tolist(), when.tolist(), strict=True), amounts.tolist(), strict=True):
                wanted[key] = wanted.get(key, 0) + amount
            if any(table[key] < amount for key, amount in wanted.items()):
                return False
        if (room.cap[use.cap[0]] < use.cap[1]).any():
            return False
        need: dict[int, Ints] = {}
        for m, t, amount in zip(*use.need, strict=True):
            need.setdefault(int(m), np.zeros(self.slack.shape[1], np.int64))[t:] += amount
        return all(bool((room.material[m] >= own)[own > 0].all()) for m, own in need.items())

    def over(self) -> list[str]:
        """Return what is used beyond its limit, as ``kind id`` (frozen lots of the plan may be)."""
        g, r = self.ground, self.room
        found = [f"line {g.lines.ids[i]}" for i in np.flatnonzero((r.line < 0).any(axis=1))]
        found += [f"material {g.materials[i]}" for i in np.flatnonzero((r.material < 0).any(axis=1))]
        found += [f"skill {'|'.join(g.limits.skill_ids[i])}" for i in np.flatnonzero((r.skill < 0).any(axis=1))]
        found += [f"tool {g.limits.tool_ids[i]}" for i in np.flatnonzero((r.tool < 0).any(axis=1))]
        return found + [f"cap {g.limits.cap_ids[i]}" for i in np.flatnonzero(r.cap < 0)]


_Cells = tuple[Ints, Ints, Ints]


@dataclass(frozen=True)
class SparseUse:
    """What one offer uses: (row, period, amount) of lines, materials, skills and tools, (row, amount) of caps, purchases."""

    load: _Cells
    need: _Cells
    skill: _Cells
    tool: _Cells
    cap: tuple[Ints, Ints]
    bought: dict[int, int]
