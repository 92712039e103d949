"""Whoever asks: role, firm, and what firms have let it see."""

from __future__ import annotations

from dataclasses import dataclass

OFFICES = ("inspector", "officer")
FIRMS = ("buyer", "maker", "supplier")
ROLES = ("public", *FIRMS, "planner", *OFFICES)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks.

    Parameters
    ----------
    role
        One of `ROLES`; ``public`` for whoever is not signed in.
    firm
        Firm of buyers, makers and suppliers, else empty.
    consents
        (firm, family of tables) that firms let this office read today.
    """

    role: str
    firm: str = ""
    consents: frozenset[tuple[str, str]] = frozenset()

    @property
    def is_member(self) -> bool:
        """Whether it is signed in."""
        return self.role != "public"

    @property
    def is_firm(self) -> bool:
        """Whether it acts for a firm."""
        return self.role in FIRMS


PUBLIC = Viewer("public")
