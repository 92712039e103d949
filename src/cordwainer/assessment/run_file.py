"""Runs as files: JSON under a seal that tells whether anything in it was changed by hand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from cordwainer.assessment.run import Answer, Change, Run
from cordwainer.core import Text, UserError
from cordwainer.tasks import cannot_write, replaced_file

_FORM = 2
_DAYS = ("made_on", "signed_on")


def write_run(run: Run, path: Path) -> None:
    """Write a run to a file, all or nothing.

    Raises
    ------
    UserError
        If it cannot be written.
    """
    text = json.dumps(sealed(run), ensure_ascii=False, indent=1)
    try:
        with replaced_file(path) as temporary:
            temporary.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise cannot_write(path, error) from error


def read_run(path: Path) -> Run:
    """Return the run of a file.

    Raises
    ------
    UserError
        If there is none, or it is not as it was written.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _not_a_run(path) from error
    if not isinstance(found, dict) or found.get("form") != _FORM:
        raise _not_a_run(path)
    return unsealed(found, str(path))


def sealed(run: Run) -> dict[str, Any]:
    """Return a run as plain values, with a seal over all of them."""
    body = json.loads(json.dumps({"form": _FORM, **asdict(run)}, default=str))
    return {"seal": _seal(body), **body}


def unsealed(record: Mapping[str, Any], name: str) -> Run:
    """Return the run that `sealed` made a record of.

    Parameters
    ----------
    record
        What `sealed` returned.
    name
        What the record is called if its seal does not fit.

    Raises
    ------
    UserError
        If anything in it was changed.
    """
    found = {k: v for k, v in record.items() if k != "seal"}
    if record.get("seal") != _seal(found):
        raise UserError(
            "run-changed",
            Text(f"{name} is not as it was written: its seal does not fit.", f"{name} 与写出时不一致，校验不符。"),
            Text("Use it as it was written.", "请使用原始内容。"),
        )
    return _run(found)


def _run(found: Mapping[str, Any]) -> Run:
    fields = {k: v for k, v in found.items() if k != "form"}
    for day in _DAYS:
        fields[day] = date.fromisoformat(fields[day]) if fields[day] else None
    answers = tuple(Answer(**{**a, "day": date.fromisoformat(a["day"])}) for a in fields.pop("answers"))
    changes = tuple(
        Change(**{**c, "figures": tuple((f, b, a) for f, b, a in c["figures"])}) for c in fields.pop("changes")
    )
    fields["members"] = {u: tuple(firms) for u, firms in fields["members"].items()}
    return Run(**{**fields, "units": tuple(fields["units"]), "answers": answers, "changes": changes})


def _seal(body: dict[str, Any]) -> str:
    text = json.dumps(body, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _not_a_run(path: Path) -> UserError:
    return UserError(
        "no-run",
        Text(f"{path} does not hold a run.", f"{path} 不是评价文件。"),
        Text(
            "Give the file that `cordwainer assess grade --freeze` wrote.",
            "请给出 cordwainer assess grade --freeze 写出的文件。",
        ),
    )
