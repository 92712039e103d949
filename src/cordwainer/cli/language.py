"""The language of a command: asked for, else that of the environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

from cordwainer.core import Language, Text

VARIABLES = ("CORDWAINER_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


def language_of(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """Return the language of ``--lang`` in the arguments, else of the first variable that is set, else English."""
    for k, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == "--lang":
            value = value or next(iter(arguments[k + 1 : k + 2]), "")
            return "zh" if value.startswith("zh") else "en"
    found = next((environment[v] for v in VARIABLES if environment.get(v)), "")
    return "zh" if found.lower().startswith("zh") else "en"


def preferred() -> Language:
    """Return the language of this call of the program."""
    return language_of(sys.argv[1:], os.environ)


def both(en: str, zh: str) -> str:
    """Return a help text in the language of this call."""
    return Text(en, zh).in_(preferred())


def example(command: str) -> str:
    """Return the example of a command for its help, which is not to be wrapped."""
    return f"\b\n{both('Example:', '示例：')}\n  {command}"
