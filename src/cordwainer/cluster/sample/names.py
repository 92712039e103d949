"""Invented names in two languages, never a real firm's: three uncommon words joined, each triple once."""

from __future__ import annotations

from cordwainer.cluster.sample.draws import Random
from cordwainer.cluster.sample.parameters import rows


def trade_names(rng: Random, count: int) -> list[tuple[str, str]]:
    """Return ``count`` distinct pairs of English and Chinese name.

    Raises
    ------
    ValueError
        If the words do not make that many.
    """
    parts = [[(r["en"], r["zh"]) for r in rows("names") if r["part"] == part] for part in "123"]
    first, middle, last = parts
    total = len(first) * len(middle) * len(last)
    if count > total:
        raise ValueError(f"the words make {total} names, {count} are wanted")
    found = []
    for code in rng.permutation(total)[:count]:
        a, rest = divmod(int(code), len(middle) * len(last))
        b, c = divmod(rest, len(last))
        words = (first[a], middle[b], last[c])
        found.append(("".join(w[0] for w in words).replace("ga", "g'a"), "".join(w[1] for w in words)))
    return found
