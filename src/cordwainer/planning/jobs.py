"""Jobs: every stage of every order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cordwainer.planning.problem import Ints, Small
from cordwainer.planning.styles import StyleArrays


@dataclass(frozen=True)
class Jobs:
    """Jobs by order, earlier stages before later ones: ``ptr`` by order; order, style-stage and next job within the order (-1)."""

    ptr: Small
    order: Ints
    sj: Small
    next: Small


def jobs_of(styles: StyleArrays, order_style: Ints) -> Jobs:
    """Return the jobs of orders, given the number of each order's style."""
    count = np.diff(styles.ptr)[order_style]
    ptr = np.concatenate([[0], np.cumsum(count)])
    order = np.repeat(np.arange(len(order_style)), count)
    sj = styles.ptr[order_style[order]] + np.arange(ptr[-1]) - ptr[order]
    return Jobs(ptr.astype(np.int32), order, sj.astype(np.int32), styles.after[sj])
