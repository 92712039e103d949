"""Lines of the sample: how firms split their people over stages, and which shoes each line can make."""

from __future__ import annotations

import numpy as np
import polars as pl

from cordwainer.cluster.reference import reference_tables
from cordwainer.cluster.sample.draws import Ints, Random, apportion, codes, dealt, noise
from cordwainer.cluster.sample.parameters import par, rows

STAGES = ("cutting", "closing", "sole", "lasting", "finishing")


def mean_minutes() -> dict[str, float]:
    """Return the mean standard minutes a pair of each stage over the demanded mix (a stage that is left out counts 0)."""
    total = dict.fromkeys(STAGES, 0.0)
    mix = combo_weights()
    for r in reference_tables()["routing_template"].iter_rows(named=True):
        total[r["stage"]] += mix.get((r["construction"], r["category"]), 0.0) * r["minutes_per_pair"]
    return total


def combo_weights() -> dict[tuple[str, str], float]:
    """Return the share of each construction and category in the demand, over all specialities."""
    profile = profile_weights()
    found: dict[tuple[str, str], float] = {}
    for r in rows("profiles"):
        key = (r["construction"], r["category"])
        found[key] = found.get(key, 0.0) + profile[r["profile"]] * float(r["weight"])
    return found


def profile_weights() -> dict[str, float]:
    """Return the share of each speciality over all districts, by share of firms."""
    found: dict[str, float] = {}
    for place in rows("districts"):
        for profile in {r["profile"] for r in rows("profiles")}:
            found[profile] = found.get(profile, 0.0) + float(place["firm_share"]) * float(place[profile])
    return found


def lines(rng: Random, made: pl.DataFrame) -> pl.DataFrame:
    """Return the lines with what the generator knows of them.

    Columns: line, site, firm, district, profile, general, cost, stage, people, tier, pace (efficiency).
    """
    parts: list[tuple[int, str, int]] = []
    minutes = mean_minutes()
    load = {r["stage"]: float(r["target_load"]) for r in rows("stages")}
    weight = {s: minutes[s] / load[s] for s in STAGES}
    kind = _workshop_stages(rng, made)
    for i, (role, staff) in enumerate(made.select("role", "staff").iter_rows()):
        people = max(2, round(staff * par("line_people_share")))
        shares = _stage_shares(rng, role, kind[i], people, weight)
        if shares:
            for stage, n in zip(shares, apportion(list(shares.values()), people), strict=True):
                parts += [(i, stage, int(p)) for p in _split(stage, int(n)) if p > 0]
    parts += _missing(parts, made, weight)
    firm = made[np.array([p[0] for p in parts])]
    count = len(parts)
    tier = dealt(rng, [par(f"line_tier_{k}") for k in range(1, 6)], made.height)[[p[0] for p in parts]] + 1
    return firm.select(
        line=codes("L", count),
        site=pl.lit("S") + pl.col("firm").str.slice(1),
        firm="firm",
        district="district",
        profile="profile",
        general="general",
        cost="cost",
        stage=pl.Series([p[1] for p in parts]),
        people=pl.Series([p[2] for p in parts], dtype=pl.Int64),
        tier=pl.Series(np.clip(tier + rng.integers(-1, 2, count) * (rng.random(count) < par("tier_mixed")), 1, 5)),
        pace=pl.Series((par("pace_median") * noise(rng, count, par("pace_sigma"))).round(4)),
    )


def line_makes(rng: Random, made_lines: pl.DataFrame) -> pl.DataFrame:
    """Return the shoes that each line can make; some are slower at what is not their own, some ask more."""
    every = sorted(combo_weights())
    own = {p: {(r["construction"], r["category"]) for r in rows("profiles") if r["profile"] == p} for p in _profiles()}
    wide = max(1.0, par("versatile_firms") / max(1, made_lines["firm"].n_unique()))
    other = {r["stage"]: float(r["other_profiles"]) * wide for r in rows("stages")}
    found: list[tuple[str, str, str, float | None, int]] = []
    for line, profile, stage, pace in made_lines.select("line", "profile", "stage", "pace").iter_rows():
        allowed = [c for c in every if not (stage == "sole" and c[0] == "injection")]
        if stage == "lasting":
            mine = _constructions(rng, profile)
            allowed = [c for c in allowed if c[0] in mine]
        more = {c for c, u in zip(allowed, rng.random(len(allowed)), strict=True) if u < other[stage]}
        makes = [c for c in allowed if c in own[profile] or c in more] or allowed[:1]
        for c in makes:
            slower = c not in own[profile] and rng.random() < par("other_slower_share")
            rate = round(pace * par("other_pace"), 4) if slower else None
            extra = int(par("extra_fen")) if rng.random() < par("extra_share") else 0
            found.append((line, *c, rate, extra))
    names = ["line", "construction", "category", "efficiency", "extra_fen_pair"]
    return pl.DataFrame(found, schema=names, orient="row")


def combo_capacity(made_lines: pl.DataFrame, makes: pl.DataFrame) -> dict[tuple[str, str], float]:
    """Return lasting capacity by construction and category: what a line makes of several shoes is split by their weights.

    Shoes that fewer lines than the parameter ``lines_least`` can last get no weight: a cluster is asked for what it makes.
    """
    weights = combo_weights()
    split: dict[str, list[tuple[str, str]]] = {}
    for line, construction, category in makes.select("line", "construction", "category").iter_rows():
        split.setdefault(line, []).append((construction, category))
    total, count = dict.fromkeys(weights, 0.0), dict.fromkeys(weights, 0)
    lasting = made_lines.filter(pl.col("stage") == "lasting")
    for line, people, pace in lasting.select("line", "people", "pace").iter_rows():
        whole = sum(weights[c] for c in split[line])
        for c in split[line]:
            total[c] += people * pace * weights[c] / whole
            count[c] += 1
    enough = {c: total[c] if count[c] >= par("lines_least") else 0.0 for c in weights}
    return enough if any(enough.values()) else total


def _profiles() -> set[str]:
    return {r["profile"] for r in rows("profiles")}


def _constructions(rng: Random, profile: str) -> set[str]:
    """Return the constructions that a lasting line of a speciality is fitted for: one, by weight."""
    mine = [r for r in rows("profiles") if r["profile"] == profile]
    weights = np.array([float(r["weight"]) for r in mine])
    return {mine[int(rng.choice(len(mine), p=weights / weights.sum()))]["construction"]}


def _workshop_stages(rng: Random, made: pl.DataFrame) -> list[str]:
    """Stage of each firm were it a workshop of one stage."""
    stages = [s for s in STAGES if s != "sole"]
    drawn: Ints = dealt(rng, [par(f"workshop_{s}") for s in stages], made.height)
    return [stages[int(k)] for k in drawn]


def _stage_shares(rng: Random, role: str, workshop: str, people: int, weight: dict[str, float]) -> dict[str, float]:
    """Share of a firm's people by stage; empty for firms without lines."""
    if role == "workshop":
        return {workshop: 1.0}
    if role == "sole_maker":
        return {"sole": 1.0}
    if role != "maker":
        return {}
    stages = ["cutting", "closing", "lasting", "finishing"]
    if people < par("small_maker_people"):
        stages = ["lasting", "finishing"]
    elif rng.random() < par("maker_with_soles"):
        stages.append("sole")
    return {s: weight[s] * (par("maker_closing") if s == "closing" else 1.0) for s in stages}


def _missing(
    parts: list[tuple[int, str, int]], made: pl.DataFrame, weight: dict[str, float]
) -> list[tuple[int, str, int]]:
    """Return one line for every stage that no firm of a small cluster has: the largest maker runs it."""
    there = {stage for _, stage, _ in parts}
    firms = made.select("staff", maker=pl.col("role") == "maker", at=pl.int_range(pl.len()))
    largest = firms.sort("maker", "staff", "at", descending=[True, True, False]).row(0, named=True)
    people = largest["staff"] * par("line_people_share") / sum(weight.values())
    return [(largest["at"], s, max(2, round(people * weight[s]))) for s in STAGES if s not in there]


def _split(stage: str, people: int) -> Ints:
    """People of each line into which a firm's people at a stage are split."""
    size = next(float(r["people_line"]) for r in rows("stages") if r["stage"] == stage)
    count = int(np.clip(round(people / size), 1, par("most_lines_stage")))
    return apportion([1.0] * count, people)
