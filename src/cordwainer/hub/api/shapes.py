"""What the API takes and gives."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, Field

Value = str | int | float | bool | None


class Fault(Schema):
    """What is wrong and what to do about it, in the language of the account."""

    code: str
    message: str
    remedy: str


FAULTS = dict.fromkeys((400, 401, 403, 404, 422, 429), Fault)
"""How any call may fail."""


class Me(Schema):
    """Whose token it is."""

    login: str
    role: str
    firm: str


class ColumnShape(Schema):
    """A column that the account may read, of its own rows at least."""

    name: str
    label_en: str
    label_zh: str
    type: str
    unit: str


class TableShape(Schema):
    """A table with the columns that the account may read."""

    name: str
    label_en: str
    label_zh: str
    columns: list[ColumnShape]


class Rows(Schema):
    """Rows of a table, as many as a page holds."""

    total: int
    page: int
    per_page: int
    rows: list[dict[str, Value]]


class Stage(Schema):
    """A stage of an offer: what is done on which line, when, and what it pays in fen."""

    stage: str
    line: str
    pairs: int | None
    start: date | None
    end: date | None
    fen: int | None


class LotOffer(Schema):
    """A maker's part of a lot on offer or answered."""

    lot: str
    order: str
    style: str | None
    status: str
    until: date | None
    pairs: int
    open: bool
    stages: list[Stage]


class Offers(Schema):
    """A maker's offers, as many as a page holds."""

    total: int
    page: int
    per_page: int
    rows: list[LotOffer]


class AskedPart(Schema):
    """A maker's part of an option, for an enquiry of a brand that is not named."""

    offer: str
    construction: str
    category: str
    pairs: int
    fen: int
    answer: str
    status: str
    answer_by: datetime | None
    open: bool
    stages: list[Stage]


class OptionShape(Schema):
    """An option as its brand reads it; price in hundredths of the currency."""

    offer: str
    status: str
    price: float
    currency: str
    ex_factory: str
    carbon_g_pair: float | None
    until: datetime | None
    answer_by: datetime | None
    makers: list[str]


class Way(Schema):
    """What would fit instead of what was asked: fewer pairs or a later day."""

    wish: str
    pairs: int
    by: str


class EnquiryShape(Schema):
    """An enquiry with its options, or why nothing fits and what would."""

    number: int
    at: datetime
    firm: str
    request: dict[str, Any]
    verdict: str
    told: list[str]
    ways: list[Way]
    options: list[OptionShape]


class Enquiries(Schema):
    """Enquiries, the latest first."""

    total: int
    page: int
    per_page: int
    rows: list[EnquiryShape]


_Text = Annotated[str, Field(max_length=2000)]


class NewEnquiry(Schema):
    """What a brand asks: a style of its own, or kind and tier of a shoe. Columns as in the order desk's form."""

    model_config = ConfigDict(extra="forbid")

    pairs: int = Field(ge=1, le=10_000_000)
    style: _Text = ""
    construction: _Text = ""
    category: _Text = ""
    tier: int | None = Field(default=None, ge=1, le=5)
    sizes: _Text = ""
    by: date | None = None
    repeat_of: _Text = ""
    market: _Text = ""
    standards: _Text = ""
    approval_needed: bool = False
    target: int | None = Field(default=None, ge=0, le=10**9, description="hundredths of the currency, a pair")
    price_term: _Text = ""
    currency: _Text = ""


class Answer(Schema):
    """What a maker says: yes or no, and why."""

    model_config = ConfigDict(extra="forbid")

    answer: str = Field(pattern="^(yes|no)$")
    reason: str = Field(default="", max_length=500)


class Done(Schema):
    """What has become of it."""

    status: str
