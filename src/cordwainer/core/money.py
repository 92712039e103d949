"""Exact arithmetic: money, rounding and decimals without binary error."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

_DIGITS = 1e15
"""Decimals of up to 15 digits differ as floats."""


def exact(value: float, decimals: int) -> Fraction:
    """Return the decimal number that ``value`` stands for, as a fraction.

    Parameters
    ----------
    value
        A number of at most ``decimals`` decimals, as read from a table.
    decimals
        Decimals that the dictionary gives the column.

    Raises
    ------
    ValueError
        If ``value`` has more decimals than that.
    """
    return Fraction(scaled(value, decimals), 10**decimals)


def scaled(value: float, decimals: int) -> int:
    """Return ``value`` x 10**decimals as an integer, refusing a value with more decimals.

    Raises
    ------
    ValueError
        If ``value`` has more than ``decimals`` decimals.
    """
    power: int = 10**decimals
    if abs(value) * power < _DIGITS:
        near: int = round(value * power)
        # Division is rounded correctly: ``value`` is what is read where this decimal is written.
        if near / power == value:
            return near
    number = Decimal(repr(value)).scaleb(decimals)
    whole = number.to_integral_value()
    if number != whole:
        raise ValueError(f"{value!r} has more than {decimals} decimals")
    return int(whole)


def ceil_div(numerator: int, denominator: int) -> int:
    """Return numerator / denominator rounded up."""
    return -((-numerator) // denominator)


def floor_div(numerator: int, denominator: int) -> int:
    """Return numerator / denominator rounded down."""
    return numerator // denominator


def round_half_up(value: Fraction, decimals: int) -> Fraction:
    """Return ``value`` rounded to ``decimals`` decimals, a half away from minus infinity."""
    power = 10**decimals
    return Fraction((value * power * 2 + 1) // 2, power)
