"""A buffer: a share of every line's minutes that the search leaves free, so that a plan holds when minutes and hands are not as planned."""

from __future__ import annotations

import numpy as np

from cordwainer.planning.problem import Net
from cordwainer.planning.state import State


def keep_free(net: Net, state: State, share: float) -> None:
    """Take a share of the minutes of every line and period off the room of a state; prices and bound know nothing of it."""
    if share > 0:
        state.room.line[:] -= np.floor(net.most * share).astype(np.int64)
        state.room.regular[:] -= np.floor(net.regular * share).astype(np.int64)
