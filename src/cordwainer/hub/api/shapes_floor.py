"""What the calls of the floor take and give."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from ninja import Schema
from pydantic import ConfigDict, Field

Pairs = Annotated[int, Field(ge=0, le=10_000_000)]
Fen = Annotated[int, Field(ge=0, le=10**12)]
Said = Annotated[str, Field(max_length=200)]


class Made(Schema):
    """The number of what was entered."""

    number: int


class Counted(Schema):
    """Pairs of a size; size ``-`` where sizes are not told."""

    model_config = ConfigDict(extra="forbid")

    size: str = Field(default="-", min_length=1, max_length=16)
    good: Pairs
    seconds: Pairs = 0
    missing: Pairs = 0

    def row(self) -> tuple[str, int, int, int]:
        """Return size, good, seconds and missing."""
        return self.size, self.good, self.seconds, self.missing


class ProgressShape(Schema):
    """Pairs finished of a stage of a lot on a day; below zero where an earlier entry is corrected."""

    model_config = ConfigDict(extra="forbid")

    lot: str = Field(max_length=64)
    stage: str = Field(max_length=16)
    date: dt.date
    pairs: int = Field(ge=-10_000_000, le=10_000_000)
    seconds: int = Field(default=0, ge=-10_000_000, le=10_000_000)
    rework: int = Field(default=0, ge=-10_000_000, le=10_000_000)


class Given(Schema):
    """Pairs of a lot that are handed over after a stage."""

    model_config = ConfigDict(extra="forbid")

    lot: str = Field(max_length=64)
    stage: str = Field(max_length=16)
    counts: list[Counted] = Field(min_length=1, max_length=100)
    date: dt.date | None = None
    note: Said = ""


class Received(Schema):
    """What the receiver found; without counts: all as it was given. Money claimed for what differs, and the day for the answer."""

    model_config = ConfigDict(extra="forbid")

    counts: list[Counted] | None = Field(default=None, max_length=100)
    fen: Fen | None = None
    until: dt.date | None = None
    note: Said = ""


class ClaimWord(Schema):
    """What is said to a claim; pairs to be paid for after all and money where it is proposed or settled."""

    model_config = ConfigDict(extra="forbid")

    word: str = Field(pattern="^(accepted|refused|proposed|agreed|dropped|settled)$")
    pairs: Pairs = 0
    fen: Fen | None = None
    said: str = Field(default="", max_length=500)


class Paid(Schema):
    """A payment, in hundredths of the statement's currency."""

    model_config = ConfigDict(extra="forbid")

    amount: int = Field(ge=-(10**12), le=10**12)
    date: dt.date
    note: Said = ""


class StagePrice(Schema):
    """Fen a pair for a stage on a line."""

    model_config = ConfigDict(extra="forbid")

    stage: str = Field(max_length=16)
    line: str = Field(max_length=64)
    fen_pair: int = Field(ge=1, le=10_000_000)


class NewTerms(Schema):
    """Terms that a maker names in place of those it is asked for, for some days."""

    model_config = ConfigDict(extra="forbid")

    prices: list[StagePrice] = Field(min_length=1, max_length=20)
    pairs: int = Field(ge=1, le=10_000_000)
    start: dt.date | None = None
    end: dt.date | None = None
    days: int = Field(default=2, ge=1, le=14)
    reason: str = Field(default="", max_length=500)


class Decision(Schema):
    """Whether terms are taken or refused."""

    model_config = ConfigDict(extra="forbid")

    decision: str = Field(pattern="^(take|refuse)$")
