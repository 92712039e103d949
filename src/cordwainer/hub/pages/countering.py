"""The form with which a maker names other terms, as asked for an enquiry or for a lot on offer."""

from __future__ import annotations

from datetime import date
from typing import Any

from cordwainer.core import Text, UserError
from cordwainer.hub.acts.countering import Terms, refuse, take
from cordwainer.hub.web import visit


def terms_of(form: Any, asked: list[tuple[str, str]]) -> Terms:  # noqa: ANN401 (Django carries no types)
    """Return the terms that a form names; ``asked`` are the stages and lines that were asked for.

    Raises
    ------
    UserError
        If a number or a day cannot be read.
    """
    try:
        return Terms(
            fen={(s, x): round(100 * float(form.get(f"yuan.{s}.{x}", ""))) for s, x in asked},
            pairs=int(form.get("pairs", "")),
            start=day_said(form.get("start", "")),
            end=day_said(form.get("end", "")),
            days=int(form.get("days", "2")),
            reason=form.get("reason", ""),
        )
    except (ValueError, OverflowError) as error:
        raise unreadable() from error


def day_said(said: str) -> date | None:
    """Return a day of a form; None where it is blank."""
    return date.fromisoformat(said) if said.strip() else None


def unreadable() -> UserError:
    """Return that a number or a day cannot be read."""
    return UserError(
        "unreadable",
        Text("A number or a day cannot be read.", "有数字或日期无法识别。"),
        Text("Go back and correct it.", "请返回更正。"),
    )


def decide(request: Any) -> bool:  # noqa: ANN401
    """Take or refuse the counter-offer that a form names, and return whether the form was one of these."""
    step = {"take": take, "refuse": refuse}.get(request.POST.get("counter", ""))
    if step is None:
        return False
    number = request.POST.get("number", "")
    step(request.visit.account, int(number) if number.isdecimal() and len(number) < 18 else 0, visit.now())
    return True
