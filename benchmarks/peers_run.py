"""Plan one cluster with the engine or a peer in a process of its own: ``python -m benchmarks.peers_run highs S 60``."""

from __future__ import annotations

import argparse
import importlib
import json
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from benchmarks import peers
from benchmarks.office import Desk, office_state
from benchmarks.planning_run import peak_mib, warm_up
from benchmarks.whole_model import Whole, whole_model
from cordwainer.cluster import Cluster, Plan, SampleSize
from cordwainer.cluster.sample import sample
from cordwainer.planning import Settings, plan
from cordwainer.planning.resume import resume
from cordwainer.planning.state import State, new_state
from cordwainer.referee import judge

SEED = 1
SMALL = SampleSize(20, 24, 8)
"""A cluster small enough for a solver to get somewhere with the whole model."""
METHODS = ("engine", "office", "highs", "highs-from-plan", "cp-sat", "cp-sat-from-plan")
MEMORY = 8 * 2**30
"""Memory that a method may have, bytes."""
NO_MEMORY = 3
"""Exit code where that does not suffice."""
THREADS = 2


@dataclass(frozen=True)
class Reached:
    """What one method came to.

    Parameters
    ----------
    contribution_fen
        Z of its plan, as the referee recomputes it; None where there is no plan.
    bound_fen
        What no plan exceeds: the engine's is proven, a solver's is on its word; None where there is none.
    without_lots_fen
        Z0 of the cluster, fen.
    built_s, seconds
        Time to build the model, and to plan, s.
    peak_mib
        Largest memory of the process, MiB.
    violations
        What the referee found (count).
    note
        Size of the model.
    """

    contribution_fen: int | None
    bound_fen: int | None
    without_lots_fen: int
    built_s: float
    seconds: float
    peak_mib: float
    violations: int
    note: str = ""


def reached(method: str, cluster: Cluster, seconds: float) -> Reached:
    """Plan a cluster.

    Parameters
    ----------
    method
        One of `METHODS`.
    cluster
        What to plan.
    seconds
        Time, s; building a model is not counted.

    Returns
    -------
    Reached
        What it came to; compiling is not counted.
    """
    began = time.perf_counter()
    if method == "engine":
        made = plan(cluster, Settings(time_s=seconds, threads=THREADS))
        return _judged(cluster, made, int(made.head["bound_fen"]), 0.0, time.perf_counter() - began)
    desk = Desk.of(cluster, Settings(threads=THREADS))
    if method == "office":
        made = desk.plan(cluster, office_state(cluster, desk))
        return _judged(cluster, made, None, 0.0, time.perf_counter() - began)
    whole = whole_model(desk.problem, desk.offers, desk.arriving, desk.pricer.largest)
    start = None
    if method.endswith("-from-plan"):
        start = peers.into(whole, desk.problem, _first_plan(cluster, desk))
    # on its own, for not every version of one solver library bears the other in the same process
    peer = importlib.import_module(
        "benchmarks.peers_highs" if method.startswith("highs") else "benchmarks.peers_cp_sat"
    )
    built = time.perf_counter() - began
    began = time.perf_counter()
    found: peers.Found = peer.solve(whole, seconds, THREADS, start)
    took = time.perf_counter() - began
    bound = None if found.bound is None else round(found.bound / peers.FEN)
    theirs = None
    if found.values is not None:
        theirs = desk.plan(cluster, peers.out_of(whole, desk.problem, found.values, desk.pricer.unit_price))
    return _judged(cluster, theirs, bound, built, took, _size(whole), desk)


def _size(whole: Whole) -> str:
    b = whole.built
    return f"{b.rows:,} rows, {b.columns:,} columns, {sum(len(e[0]) for e in b.entries):,} entries"


def _first_plan(cluster: Cluster, desk: Desk) -> State:
    """Return the engine's first plan, as it is before it is improved."""
    first = plan(cluster, Settings(work=0, time_s=None, threads=THREADS))
    state = new_state(desk.problem.net, desk.problem.most_lots, desk.pricer.unit_price.copy())
    resume(desk.problem, first, state, np.zeros(len(desk.problem.net.pairs), np.int64))
    return state


def _judged(
    cluster: Cluster,
    made: Plan | None,
    bound: int | None,
    built: float,
    took: float,
    note: str = "",
    desk: Desk | None = None,
) -> Reached:
    peak = peak_mib()
    if made is None:
        assert desk is not None
        empty = new_state(desk.problem.net, desk.problem.most_lots, desk.pricer.unit_price)
        zero = int(desk.plan(cluster, empty).head["without_lots_fen"])
        return Reached(None, bound, zero, built, took, peak, 0, note)
    found = judge(cluster, made)
    worth = found.recomputed.contribution_fen if found.recomputed else None
    zero = int(made.head["without_lots_fen"])
    return Reached(worth, bound, zero, built, took, peak, found.violations.height, note)


def cluster_of(size: str) -> Cluster:
    """Return the sample of a size.

    Parameters
    ----------
    size
        S, M, L, or ``small`` for `SMALL`.

    Returns
    -------
    Cluster
        Of seed 1.
    """
    return sample(SMALL if size == "small" else size, SEED)


def main(argv: Sequence[str] | None = None) -> None:
    """Print what a method came to, as JSON in the last line.

    Parameters
    ----------
    argv
        Arguments without the program's name.
    """
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("method", choices=METHODS)
    parser.add_argument("size", choices=("small", "S", "M", "L"))
    parser.add_argument("seconds", type=float)
    asked = parser.parse_args(argv)
    warm_up()
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    try:
        found = reached(asked.method, cluster_of(asked.size), asked.seconds)
    except MemoryError:
        sys.exit(NO_MEMORY)
    print(json.dumps(asdict(found)))


if __name__ == "__main__":
    main()
