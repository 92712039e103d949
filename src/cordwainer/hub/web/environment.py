"""The templates' surroundings: what every template can call."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.runtime import Context

from cordwainer.core import Text
from cordwainer.hub.web import wording


@cache
def static(path: str) -> str:
    """Return the address of a static file, which changes with its content."""
    content = (settings.STATIC_ROOT / path).read_bytes()
    return f"{settings.STATIC_URL}{path}?v={hashlib.sha256(content).hexdigest()[:12]}"


@pass_context
def _said(context: Context, text: Text) -> str:
    """Return a text in the language of the page."""
    return text.in_(context["language"])


def environment(**options: Any) -> Environment:  # noqa: ANN401 (Django's own options)
    """Return the environment of Jinja2: everything escaped, nothing undefined passed over."""
    made = Environment(**{**options, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True})  # noqa: S701 (Django's options escape)
    made.globals.update(url=lambda name, *args: reverse(name, args=args), static=static)
    made.filters.update(day=wording.day, short=wording.short, number=wording.number, yuan=wording.yuan)
    made.filters.update(said=_said, moment=wording.moment, before_dot=lambda said: said.partition(".")[0])
    return made
