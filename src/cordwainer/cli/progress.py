"""Progress of long work on standard error, and a gentle stop on Ctrl-C."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from cordwainer.cli.screen import Screen
from cordwainer.core import Text

if TYPE_CHECKING:
    from cordwainer.planning import Progress

_SECONDS_BETWEEN_LINES = 5.0


class Gentle:
    """Tells how far a work is, and remembers whether to stop: on a terminal one line that is written over, else a line now and then.

    Parameters
    ----------
    screen
        Where to tell it.
    stopping
        What is said at the first Ctrl-C.
    """

    def __init__(self, screen: Screen, stopping: Text) -> None:
        self.screen, self._stopping = screen, stopping
        self.stopped = False
        self._shown_at = -_SECONDS_BETWEEN_LINES
        self._width = 0

    def tell(self, elapsed_s: float, told: Text) -> None:
        """Show where the work stands."""
        if sys.stderr.isatty():
            self._overwrite(told.in_(self.screen.language))
        elif elapsed_s - self._shown_at >= _SECONDS_BETWEEN_LINES:
            self._shown_at = elapsed_s
            self.screen.note(told)

    def _overwrite(self, line: str) -> None:
        sys.stderr.write("\r" + line.ljust(self._width))
        sys.stderr.flush()
        self._width = len(line)

    def finish(self) -> None:
        """End the line that was written over."""
        if self._width:
            sys.stderr.write("\n")

    def _interrupted(self, number: int, frame: FrameType | None) -> None:
        """Ask the work to stop; a second interrupt ends it at once."""
        del number, frame
        if self.stopped:
            raise KeyboardInterrupt
        self.stopped = True
        self.screen.note(self._stopping)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Take over Ctrl-C and the signal to terminate while the block runs."""
        before = {s: signal.signal(s, self._interrupted) for s in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            self.finish()


class Watch(Gentle):
    """Shows progress of a plan and has plans kept; an instance is the listener of a plan."""

    def __init__(self, screen: Screen, keep: Callable[[Progress], None]) -> None:
        super().__init__(
            screen, Text("\nStopping: the best plan so far will be written.", "\n正在停止：将写出当前最好的计划。")
        )
        self._keep = keep

    def __call__(self, progress: Progress) -> bool:
        """Show where the planning stands; return False when it is to stop."""
        self.tell(progress.elapsed_s, _told(progress))
        if not self.stopped:
            self._keep(progress)
        return not self.stopped


def _yuan(fen: int | None) -> str:
    return "–" if fen is None else f"{fen / 100:,.0f}"


def _told(p: Progress) -> Text:
    gap = "–" if p.net_gap is None else f"{100 * p.net_gap:.2f} %"
    faults = len(p.faults)
    return Text(
        f"{p.elapsed_s:6.1f} s  {p.phase.en}: contribution {_yuan(p.contribution_fen)}, "
        f"bound {_yuan(p.bound_fen)} yuan, net gap {gap}" + (f", solver faults {faults}" if faults else ""),
        f"{p.elapsed_s:6.1f} 秒  {p.phase.zh}：贡献额 {_yuan(p.contribution_fen)} 元，"
        f"上界 {_yuan(p.bound_fen)} 元，净差距 {gap}" + (f"，求解器故障 {faults} 次" if faults else ""),
    )
