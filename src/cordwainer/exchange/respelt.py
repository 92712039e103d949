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
_COMMON = 0.2
"""Pairs that more than this share of the firms have lead to no candidates, in towns of more than 50 firms."""


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
    """Return for each firm sent the one there whose name is most like its own, if any is like enough.

    Parameters
    ----------
    sent, known
        Names by id, in whatever languages; firms that are sent under an id that is known are not asked about.
    """
    there = [
        (firm, name, _pairs(folded)) for firm, names in known.items() for name in names if (folded := folded_name(name))
    ]
    in_how_many: Counter[str] = Counter(pair for _, _, pairs in there for pair in pairs)
    weight = {pair: 1 + log((1 + len(there)) / (1 + n)) for pair, n in in_how_many.items()}
    rare = 1 + log(1 + len(there))
    with_pair: dict[str, list[int]] = defaultdict(list)
    for k, (_, _, pairs) in enumerate(there):
        for pair in pairs:
            if len(there) <= 50 or in_how_many[pair] <= _COMMON * len(there):
                with_pair[pair].append(k)
    lengths = [_length(pairs, weight, rare) for _, _, pairs in there]
    found = []
    for firm, names in sent.items():
        best: Likeness | None = None
        for name in names if firm not in known else ():
            pairs = _pairs(folded_name(name))
            length = _length(pairs, weight, rare)
            for k in {k for pair in pairs for k in with_pair.get(pair, ())}:
                shared = sum(n * there[k][2][p] * weight[p] ** 2 for p, n in pairs.items() if p in there[k][2])
                like = min(1.0, shared / (length * lengths[k]))
                if like >= LEAST_LIKE and (best is None or like > best.like):
                    best = Likeness(firm, name, there[k][0], there[k][1], like)
        if best is not None:
            found.append(best)
    return found


def _length(pairs: Counter[str], weight: Mapping[str, float], rare: float) -> float:
    return sqrt(sum((n * weight.get(p, rare)) ** 2 for p, n in pairs.items())) or 1.0
