"""Faults of solvers: the group that was worked out stays as it was, and the plan says that one happened."""

from __future__ import annotations

from cordwainer.core import CordwainerError, Text


class SolverFault(CordwainerError):
    """A solver broke off, stalled or returned nonsense: leave what it was asked about as it is."""

    def __init__(self, told: Text) -> None:
        super().__init__("solver-fault", told, Text("What was worked out stays as it was.", "所涉部分保持原样。"))


class Faults:
    """What solvers did wrong while one plan was made."""

    def __init__(self) -> None:
        self.told: list[Text] = []

    @property
    def first(self) -> Text | None:
        """What the first was; None where there was none."""
        return self.told[0] if self.told else None

    def head(self) -> dict[str, object]:
        """Return the columns of table ``plan`` that tell of them."""
        first = self.first
        return {
            "solver_faults": len(self.told),
            "fault_en": None if first is None else first.en,
            "fault_zh": None if first is None else first.zh,
        }
