"""Ground rules that every room stands on: texts in two languages, errors, money, days, verdicts."""

from cordwainer.core.calendar import Period, periods_covering, weeks
from cordwainer.core.errors import CordwainerError, DataErrors, Problem, UserError
from cordwainer.core.money import ceil_div, exact, floor_div, round_half_up, scaled
from cordwainer.core.text import LANGUAGES, Language, Text, digits
from cordwainer.core.verdict import Verdict

__all__ = [
    "LANGUAGES",
    "CordwainerError",
    "DataErrors",
    "Language",
    "Period",
    "Problem",
    "Text",
    "UserError",
    "Verdict",
    "ceil_div",
    "digits",
    "exact",
    "floor_div",
    "periods_covering",
    "round_half_up",
    "scaled",
    "weeks",
]
