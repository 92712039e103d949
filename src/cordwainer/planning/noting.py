"""Placing that survives its solver: a group whose solver fails stays as it is, and the plan tells of it."""

from __future__ import annotations

from cordwainer.planning.faults import Faults, SolverFault
from cordwainer.planning.guide import Guide
from cordwainer.planning.placing import Placer, Task
from cordwainer.planning.pricing import Prices, Scratch
from cordwainer.planning.problem import Net
from cordwainer.planning.regroup import Lots
from cordwainer.planning.state import State


class NotingPlacer(Placer):
    """Places groups anew; a group whose solver fails stays as it is, and the fault is noted in ``faults``."""

    def __init__(self, net: Net, state: State, guide: Guide, most_lots: int, threads: int) -> None:
        super().__init__(net, state, guide, most_lots, threads)
        self.faults = Faults()

    def _solve(self, task: Task, memory: Scratch, levels: list[Prices], seconds: float) -> dict[int, Lots] | None:
        try:
            return super()._solve(task, memory, levels, seconds)
        except SolverFault as fault:
            self.faults.told.append(fault.message)
            return None
