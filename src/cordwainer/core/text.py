"""A text that exists in every language of the product."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


def digits(value: float, separator: str = ",") -> str:
    """Return a number in all its digits, thousands separated, never with an exponent: 10,000,000 and 0.005."""
    return f"{Decimal(repr(value)).normalize():,f}".replace(",", separator)


@dataclass(frozen=True, slots=True)
class Text:
    """The same text in English and Chinese."""

    en: str
    zh: str

    def in_(self, language: Language) -> str:
        """Return the text in one language."""
        return self.zh if language == "zh" else self.en

    def format(self, **values: object) -> Text:
        """Return the text with its ``{names}`` filled in, in both languages.

        A value that is itself a `Text` is filled in with its own language.
        """

        def fill(language: Language) -> str:
            plain = {k: v.in_(language) if isinstance(v, Text) else v for k, v in values.items()}
            return self.in_(language).format(**plain)

        return Text(fill("en"), fill("zh"))
