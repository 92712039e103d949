"""Firms that are perhaps the same under another spelling: proposed to people, never decided for them.

Names are compared by their pairs of neighbouring letters, a pair counting the less the more firms have it (inverse document
frequency; Manning, Raghavan, Schütze: Introduction to Information Retrieval, 2008, section 6.2), as a cosine: what half of a
town's firms have in their names, such as the town's, tells nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from math import log, sqrt

LEAST_LIKE = 0.75
_FORMS = re.compile(
    r"\b(co|company|corp|corporation|inc|incorporated|limited|llc|ltd|gmbh)\b|(股份)?有限(责任)?公司|集团|公司$|厂$"
)


@dataclass(frozen=True, slots=True)
class Likeness:
    """A firm that is sent and one that is there, by id and name, and how like their names are (1: the same)."""

    firm: str
    name: str
    known: str
    known_name: str
    like: float


def folded_name(name: str) -> str:
    """Return a firm's name without what tells nothing: width, case, signs, blanks and the legal form."""
    plain = re.sub(r"[^\w\s]|_", " ", unicodedata.normalize("NFKC", name).casefold())
    return re.sub(r"\s+", "", _FORMS.sub(" ", " ".join(plain.split())))


def _pairs(name: str) -> Counter[str]:
    held = f"^{name}$"
    return Counter(held[k : k + 2] for k in range(len(held) - 1))


def respelt(sent: Mapping[str, tuple[str, ...]], known: Mapping[str, tuple[str, ...]]) -> list[Likeness]:
    """Return for each firm sent the one whose name is most like its own, if any is like enough.

    It is sought among those that are there and those that stand before it in what is sent.

    Parameters
    ----------
    sent, known
        Names by id, in whatever languages; firms that are sent under an id that is known are not asked about.
    """
    new = {firm: names for firm, names in sent.items() if firm not in known}
    there = [
        (firm, name, _pairs(folded))
        for firm, names in (*known.items(), *new.items())
        for name in names
        if (folded := folded_name(name))
    ]
    in_how_many: Counter[str] = Counter(pair for _, _, pairs in there for pair in pairs)
    weight = {pair: 1 + log((1 + len(there)) / (1 + n)) for pair, n in in_how_many.items()}
    lengths = [_length(pairs, weight) for _, _, pairs in there]
    with_pair: dict[str, list[int]] = defaultdict(list)
    best: dict[str, Likeness] = {}
    for k, (firm, name, pairs) in enumerate(there):
        if firm in new:
            for j in {j for pair in _telling(pairs, weight, lengths[k]) for j in with_pair[pair]}:
                other, other_name, others = there[j]
                shared = sum(n * others[p] * weight[p] ** 2 for p, n in pairs.items() if p in others)
                like = min(1.0, shared / (lengths[k] * lengths[j]))
                if other != firm and like >= LEAST_LIKE and (firm not in best or like > best[firm].like):
                    best[firm] = Likeness(firm, name, other, other_name, like)
        for pair in pairs:
            with_pair[pair].append(k)
    return list(best.values())


def _length(pairs: Counter[str], weight: Mapping[str, float]) -> float:
    return sqrt(sum((n * weight[p]) ** 2 for p, n in pairs.items())) or 1.0


def _telling(pairs: Counter[str], weight: Mapping[str, float], length: float) -> list[str]:
    """Return the rarest pairs of a name, of which any name that is like enough shares one.

    The cosine with a name that shares none of them is at most the length of the rest over that of the whole (Cauchy and
    Schwarz).
    """
    left, found = length**2, list[str]()
    for pair in sorted(pairs, key=lambda p: (-weight[p], p)):
        if left < (LEAST_LIKE * length) ** 2:
            break
        found.append(pair)
        left -= (pairs[pair] * weight[pair]) ** 2
    return found
