"""Facts and schemes made by hand for the tests of grading."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from cordwainer.assessment import Facts, Scheme, scheme_of

LIST = """
[[list]]
list = "all"
title = { en = "all", zh = "全部" }
cut = { by = "share", grades = ["A", "B", "C", "D"], at = [0.2, 0.8, 0.95] }
indicator = [{ indicator = "tax_mu", weight = 100, benchmark = 10, missing = "unknown" }]
"""


def scheme(lists: str = LIST, more: str = "", groups: str = "apart", **head: Any) -> Scheme:
    """Return a scheme from the text of its lists and further entries; ``head`` replaces its settings."""
    base = {"form": "benchmark", "ties": "better", "base": 0.0}
    settings = "\n".join(f"{k} = {v!r}".replace("'", '"') for k, v in {**base, **head}.items())
    text = f"""
scheme = "test"
version = "1"
title = {{ en = "Test", zh = "测试" }}
days_to_object = 7
{settings}
[units]
groups = "{groups}"
two_groups = "apart"
tenants = "apart"
{lists}
{more}
"""
    return scheme_of(text.encode(), "test.toml")


def table(values: Mapping[str, Sequence[float | None]], years: int = 1, industry: Sequence[int] | None = None) -> Facts:
    """Return facts of firms U0, U1 ...; each figure lists its values by unit and year, None where unknown."""
    rows = len(next(iter(values.values())))
    units = rows // years
    return Facts(
        unit=tuple(f"U{k}" for k in range(units)),
        kind=("firm",) * units,
        years=tuple(range(2025 - years + 1, 2026)),
        values={k: np.array([np.nan if x is None else x for x in v], np.float64) for k, v in values.items()},
        alive=np.ones(rows, np.bool_),
        industry=np.zeros(rows, np.int64) if industry is None else np.array(industry, np.int64),
        inherits=np.full(rows, -1, np.int64),
        disputed=np.zeros(rows, np.bool_),
        members=pl.DataFrame(schema={"unit": pl.String, "year": pl.Int64, "firm": pl.String}),
    )


def taxed(*tax_mu: float | None) -> Facts:
    """Return firms on one mu each with so much tax, in 10^4 yuan."""
    return table({"tax_yuan": [None if x is None else x * 10000 for x in tax_mu], "land_mu": [1.0] * len(tax_mu)})
