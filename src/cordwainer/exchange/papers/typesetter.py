"""Set a paper in type: a template of the folder templates, filled with data, as PDF."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import typst

from cordwainer.core import CordwainerError, Text

_TEMPLATES = Path(__file__).with_name("templates")
_UNDATED = date(2000, 1, 1)


FONT = "Noto Sans SC"


class TypesettingError(CordwainerError):
    """A paper could not be set: a template or a font is at fault, not the data. Install the software anew."""


@cache
def _fonts() -> typst.Fonts:
    """Return the fonts that papers are set in: they come with the software, so that every machine sets the same bytes.

    Raises
    ------
    TypesettingError
        If they are not there: the paper would be blank.
    """
    found = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(files("pylopdf_fonts_zh_cn"))]
    )
    if FONT not in found.families():
        raise TypesettingError(
            "no-font",
            Text(
                f"The Chinese font {FONT} is missing, so papers cannot be set.", f"缺少中文字体 {FONT}，无法排版单据。"
            ),
            Text(
                "Install the package pylopdf-fonts-zh-cn anew (make setup).",
                "请重新安装软件包 pylopdf-fonts-zh-cn（make setup）。",
            ),
        )
    return found


def typeset(
    template: str, data: Mapping[str, Any], day: date | None = None, form: Literal["pdf", "png"] = "pdf"
) -> bytes:
    """Return a paper as PDF (tagged for readers of screens, PDF/UA-1), or its first page as picture.

    What stands on the paper goes to the template as one JSON text, never as a part of its source: nothing in it is read as markup.

    Parameters
    ----------
    template
        Name of a template without its ending.
    data
        What the template shows: texts, numbers, lists, mappings. ``title`` and ``language`` (en or zh) are wanted by all.
    day
        The day on the paper, which the file also names as that of its making; the same data and day give the same bytes.
    form
        What to return.

    Raises
    ------
    TypesettingError
        If it cannot be set, or its font is missing.
    """
    at = day or _UNDATED
    try:
        made = typst.Compiler(
            input=str(_TEMPLATES / f"{template}.typ"),
            root=str(_TEMPLATES),
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        ).compile(
            format=form,
            timestamp=datetime(at.year, at.month, at.day, tzinfo=UTC),
            pdf_standards=["ua-1"] if form == "pdf" else [],
        )
    except RuntimeError as error:  # TypstError is one
        raise TypesettingError(
            "typesetting",
            Text(f"The paper could not be set in type: {error}", f"单据排版失败：{error}"),
            Text("Install the software anew.", "请重新安装本软件。"),
        ) from error
    return made[0] if isinstance(made, list) else bytes(made or b"")
