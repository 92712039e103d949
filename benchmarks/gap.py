"""Read generalised-assignment instances and compare an assignment and a bound with the best known.

Every job goes to exactly one agent, within the agents' capacities, at least cost.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.registry import Row

FEN_PER_COST = 100
WORST_GAP = 0.01
"""Cost may exceed the best known by at most this share."""


@dataclass(frozen=True)
class Instance:
    """One instance of the generalised assignment problem.

    Parameters
    ----------
    name
        The file's name.
    costs, weights
        int64 arrays of shape (agents, jobs).
    capacities
        int64 array of shape (agents,), in the unit of the weights.
    best
        Cost of the best solution known; None when unknown.
    optimum
        Cost proven to be the least; None when open.
    """

    name: str
    costs: npt.NDArray[np.int64]
    weights: npt.NDArray[np.int64]
    capacities: npt.NDArray[np.int64]
    best: int | None = None
    optimum: int | None = None


def parse(name: str, text: str, best: int | None = None, optimum: int | None = None) -> Instance:
    """Read an instance: ``m n``, then m × n costs, m × n weights, m capacities.

    Parameters
    ----------
    name
        Name of the instance.
    text
        Content of its file.
    best, optimum
        Known costs.

    Returns
    -------
    Instance
        With m agents and n jobs.

    Raises
    ------
    ValueError
        When the text does not hold exactly the numbers it announces, or a weight is not positive.
    """
    numbers = np.array(text.split(), dtype=np.int64)
    if len(numbers) < 2:
        raise ValueError(f"{name}: no numbers of agents and jobs")
    agents, jobs = int(numbers[0]), int(numbers[1])
    size = agents * jobs
    if len(numbers) != 2 + 2 * size + agents:
        raise ValueError(f"{name}: {len(numbers)} numbers in place of {2 + 2 * size + agents}")
    costs, weights = numbers[2 : 2 + 2 * size].reshape(2, agents, jobs)
    if weights.min() < 1:
        raise ValueError(f"{name}: a weight below 1")
    return Instance(name, costs, weights, numbers[2 + 2 * size :], best, optimum)


def read_folder(folder: Path) -> list[Instance]:
    """Read every instance that the folder's `best_known.csv` names and that is there.

    Parameters
    ----------
    folder
        Holds the instances and `best_known.csv` (columns Path, Optimum, Best known solution value).

    Returns
    -------
    list of Instance
        Sorted by name.

    Raises
    ------
    FileNotFoundError
        When the list is missing or names no file of the folder.
    """
    with (folder / "best_known.csv").open(encoding="utf-8", newline="") as file:
        rows = {Path(row["Path"]).name: row for row in csv.DictReader(file)}
    found = []
    for name in sorted(rows):
        if (path := folder / name).is_file():
            best, optimum = rows[name]["Best known solution value"], rows[name]["Optimum"]
            text = path.read_text(encoding="utf-8")
            found.append(parse(name, text, int(best) if best else None, int(optimum) if optimum else None))
    if not found:
        raise FileNotFoundError(f"{folder} holds none of the instances that its best_known.csv names")
    return found


def judge(instance: Instance, assigned: Sequence[int | None], bound_fen: int) -> list[Row]:
    """Compare an assignment and a bound with what is known of the instance.

    Parameters
    ----------
    instance
        The instance.
    assigned
        Agent of every job, None for a job left out; shape (jobs,).
    bound_fen
        The plan's bound B, in fen.

    Returns
    -------
    list of Row
        Jobs left out, overloaded agents, cost above the best known, bound against the proven optimum.
    """
    placed = [(agent, job) for job, agent in enumerate(assigned) if agent is not None]
    load = np.zeros_like(instance.capacities)
    for agent, job in placed:
        load[agent] += instance.weights[agent, job]
    cost = sum(int(instance.costs[agent, job]) for agent, job in placed)
    left_out = len(assigned) - len(placed)
    overloaded = int((load > instance.capacities).sum())
    complete = not left_out and not overloaded
    rows = [
        Row(f"{instance.name}: jobs left out", "jobs", left_out, at_most=0),
        Row(f"{instance.name}: overloaded agents", "agents", overloaded, at_most=0),
    ]
    if instance.best is not None:
        above = 100 * (cost / instance.best - 1) if complete else None
        note = f"cost {cost}, best known {instance.best}" if complete else "not every job has a place"
        rows.append(Row(f"{instance.name}: above best known", "%", above, at_most=100 * WORST_GAP, note=note))
    if instance.optimum is not None:
        below = -bound_fen / FEN_PER_COST
        note = f"least cost proven by the plan {below:.2f}, optimum {instance.optimum}"
        rows.append(
            Row(f"{instance.name}: bound minus optimum", "cost", below - instance.optimum, at_most=0, note=note)
        )
    return rows
