"""Keep the best plan so far while planning goes on, so that a kill loses little of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from cordwainer.core import Text, UserError

if TYPE_CHECKING:
    from cordwainer.cli.screen import Screen
    from cordwainer.cluster import Plan
    from cordwainer.planning import Progress

SECONDS_BETWEEN, MOST_SHARE = 10.0, 0.05
"""A plan is written at most every so many seconds, and writing takes at most this share of the time."""


class Keeper:
    """Writes the first plan at once, and later ones now and then where they are better; a failure is told and harmless."""

    def __init__(
        self,
        write: Callable[[Plan], None],
        screen: Screen,
        between: float = SECONDS_BETWEEN,
        share: float = MOST_SHARE,
    ) -> None:
        self._write, self._screen, self._between, self._share = write, screen, between, share
        self._best: int | None = None
        self._next = 0.0
        self._told = False

    def __call__(self, progress: Progress) -> None:
        """Write the plan so far if it is time to."""
        found, now = progress.contribution_fen, time.monotonic()
        if progress.so_far is None or found is None or now < self._next:
            return
        if self._best is not None and found <= self._best:
            return
        try:
            self._write(progress.so_far())
            self._best = found
        except UserError as error:
            self._tell(error)
        took = time.monotonic() - now
        self._next = now + max(self._between, took / self._share)

    def _tell(self, error: UserError) -> None:
        if not self._told:
            self._told = True
            self._screen.note(
                Text(
                    f"The plan so far could not be kept; planning goes on. {error.say('en')}",
                    f"未能保存当前计划，排产继续进行。{error.say('zh')}",
                )
            )
