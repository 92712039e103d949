"""The planner's pages for files that are brought in: send, look what is wrong, mend, bring in, take back."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from cordwainer.core import Text, UserError
from cordwainer.exchange import write_marked, write_template
from cordwainer.hub.access import batches
from cordwainer.hub.acts import imports as acts
from cordwainer.hub.pages.plan import EXCEL
from cordwainer.hub.web.listing import PAGE
from cordwainer.hub.web.page import page, shown
from cordwainer.hub.web.sent import file_of

_CELL = re.compile(r"cell:(\w{1,64}):(\d{1,9}):(\w{1,64})")


@page("planner", methods=("GET", "POST"))
def imports(request: Any) -> Any:  # noqa: ANN401 (Django carries no types)
    """List the files that were sent; a form sends another."""
    if request.method == "POST":
        name, content = file_of(request, "file")
        return redirect("import", acts.receive(request.visit.account, name, content).pk)
    return shown(request, "plan/imports.html", files=batches.sent_files(request.visit.viewer))


@page("planner", methods=("GET", "POST"))
def one(request: Any, number: int) -> Any:  # noqa: ANN401
    """Show how a file stands, and take the next step with it."""
    found = batches.sent_file(request.visit.viewer, number)
    if found is None:
        raise Http404
    if request.method == "POST":
        step = _STEPS.get(request.POST.get("step", ""))
        if step is None:
            raise UserError(
                "unknown-step", Text("There is no such step.", "没有这一步。"), Text("Go back.", "请返回。")
            )
        step(request, number)
        return redirect("import", number)
    if request.headers.get("HX-Request"):
        part = shown(request, "plan/import_work.html", file=found)
        if not found.is_worked_on:
            part.headers["HX-Refresh"] = "true"
        return part
    problems = found.problems
    asked = request.GET.get("page", "1")
    pages = max(1, -(-len(problems) // PAGE))
    at = min(pages, max(1, int(asked))) if asked.isdecimal() else 1
    return shown(
        request,
        "plan/import.html",
        file=found,
        told=found.batch.told,
        problems=problems[(at - 1) * PAGE : at * PAGE],
        listed=len(problems),
        page=at,
        pages=pages,
    )


def _mend(request: Any, number: int) -> None:  # noqa: ANN401
    """Take the cells whose text is another than was shown."""
    cells = {}
    for name, text in request.POST.items():
        if place := _CELL.fullmatch(name):
            table, row, column = place.groups()
            if text != request.POST.get(name.replace("cell:", "was:", 1)):
                cells[table, int(row), column] = text
    if not cells:
        raise UserError(
            "nothing-mended",
            Text("No cell was changed.", "没有改动任何单元格。"),
            Text("Change a value and save again.", "请先修改内容再保存。"),
        )
    acts.mend(request.visit.account, number, cells)


def _firms(request: Any, number: int) -> None:  # noqa: ANN401
    """Take the answers that were given: each stands beside name and id of what it answers."""
    answers = {}
    for k in range(len(request.POST.getlist("name"))):
        said = request.POST.get(f"same:{k}", "")
        if said in ("yes", "no"):
            firms = request.POST.getlist("firm")
            answers[request.POST.getlist("name")[k], firms[k] if k < len(firms) else ""] = said == "yes"
    acts.say_same(request.visit.account, number, answers)


_STEPS: dict[str, Callable[[Any, int], None]] = {
    "mend": _mend,
    "firms": _firms,
    "ask": lambda request, number: acts.ask_again(request.visit.account, number),
    "all": lambda request, number: acts.bring(request.visit.account, number, good_only=False),
    "good": lambda request, number: acts.bring(request.visit.account, number, good_only=True),
    "again": lambda request, number: acts.try_again(request.visit.account, number),
    "drop": lambda request, number: acts.drop(request.visit.account, number),
    "undo": lambda request, number: acts.take_back(request.visit.account, number),
}


@page("planner")
def marked(request: Any, number: int) -> Any:  # noqa: ANN401
    """Send a file as mended so far, with what is wrong marked and told beside."""
    found = batches.with_problems(request.visit.viewer, number)
    if found is None:
        raise Http404
    name, upload, problems = found
    stem = re.sub(r"[^\w\-]+", "-", Path(name).stem, flags=re.ASCII).strip("-") or "file"
    return _sent(lambda path: write_marked(upload, problems, path, request.visit.language), f"{stem}-{number}")


@page("planner")
def template(request: Any) -> Any:  # noqa: ANN401, ARG001 (as Django calls it)
    """Send an empty workbook with the headings of all tables."""
    return _sent(lambda path: write_template(path, "full"), "template")


def _sent(write: Callable[[Path], None], name: str) -> HttpResponse:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        write(path)
        content = path.read_bytes()
    return HttpResponse(
        content, content_type=EXCEL, headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    )
