"""Pass, fail or unknown: missing data never counts as a pass."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Verdict(Enum):
    """Outcome of a check."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"

    @staticmethod
    def all(verdicts: Iterable[Verdict]) -> Verdict:
        """Return fail if any fails, else unknown if any is unknown, else pass."""
        seen = set(verdicts)
        if Verdict.FAIL in seen:
            return Verdict.FAIL
        return Verdict.UNKNOWN if Verdict.UNKNOWN in seen else Verdict.PASS
