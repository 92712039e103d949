"""The language of a command: what is asked for, else the environment's, else English."""

import pytest

from cordwainer.cli.language import language_of
from cordwainer.core import Language


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        ([], {}, "en"),
        ([], {"LANG": "zh_CN.UTF-8"}, "zh"),
        ([], {"LANG": "de_DE.UTF-8"}, "en"),
        ([], {"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ([], {"LANG": "en_GB.UTF-8", "CORDWAINER_LANG": "zh"}, "zh"),
        (["show", "--lang", "zh"], {"LANG": "en_GB.UTF-8"}, "zh"),
        (["show", "--lang=en"], {"LANG": "zh_CN.UTF-8"}, "en"),
        (["show", "--lang"], {}, "en"),
    ],
)
def test_language_of(arguments: list[str], environment: dict[str, str], language: Language) -> None:
    assert language_of(arguments, environment) == language
