"""How codes and notices reach people. No notice ever holds a price."""

from __future__ import annotations

import sys
from typing import Protocol


class Delivery(Protocol):
    """A way to reach a person."""

    def send(self, to: str, said: str) -> None:
        """Send a short text to a phone number or name."""


class Console:
    """Writes to the error output of the server: for trying out, and for desks that ring people up."""

    def send(self, to: str, said: str) -> None:
        """Write who is to get what."""
        sys.stderr.write(f"[{to}] {said}\n")
        sys.stderr.flush()


DELIVERIES: dict[str, Delivery] = {"console": Console()}
"""Known ways by name; setting CORDWAINER_HUB_DELIVERY chooses one."""
