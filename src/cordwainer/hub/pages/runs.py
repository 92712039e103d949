"""The planner's pages of runs and jobs: start, watch, stop, publish; and admitting a workshop."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import redirect

from cordwainer.core import Text, UserError
from cordwainer.hub.access import records
from cordwainer.hub.acts.lines import admit
from cordwainer.hub.acts.publish import publish
from cordwainer.hub.jobs.queue import OPEN, ask, cancel
from cordwainer.hub.pages import world
from cordwainer.hub.signin.codes import phone_of
from cordwainer.hub.web.page import page, shown
from cordwainer.hub.web.visit import today

_LONGEST_S = 1800


@page("planner", methods=("GET", "POST"))
def runs(request: Any) -> Any:  # noqa: ANN401 (Django carries no types)
    """List plans and jobs; a form starts a new one."""
    if request.method == "POST":
        said = request.POST.get("seconds", "")
        if not said.isdecimal() or not 5 <= int(said) <= _LONGEST_S:
            raise UserError(
                "bad-seconds",
                Text("The time is not between 5 and 1,800 seconds.", "时长不在 5 至 1800 秒之间。"),
                Text("Give another.", "请重新填写。"),
            )
        job = ask(request.visit.account, "plan", {"seconds": int(said)})
        return redirect("job", job.pk)
    viewer = request.visit.viewer
    return shown(request, "plan/runs.html", runs=records.runs(viewer), jobs=records.jobs(viewer))


def _job(request: Any, number: int) -> Any:  # noqa: ANN401
    for found in records.jobs(request.visit.viewer):
        if found.pk == number:
            return found
    raise Http404


@page("planner")
def job(request: Any, number: int) -> Any:  # noqa: ANN401
    """Show how far a job is; a part of the page asks again by itself while it runs."""
    found = _job(request, number)
    template = "plan/job_part.html" if request.headers.get("HX-Request") else "plan/job.html"
    return shown(request, template, job=found, open=found.status in OPEN)


@page("planner", methods=("POST",))
def stop(request: Any, number: int) -> Any:  # noqa: ANN401
    """Ask that a job be stopped."""
    cancel(request.visit.account, _job(request, number).pk)
    return redirect("job", number)


@page("planner", methods=("POST",))
def put_out(request: Any, number: int) -> Any:  # noqa: ANN401
    """Publish a run."""
    publish(request.visit.account, world.run_numbered(request, str(number)), today())
    return redirect("runs")


@page("planner", methods=("GET", "POST"))
def invite(request: Any) -> Any:  # noqa: ANN401
    """Admit a workshop by phone number, name and district."""
    cluster = world.gate_of(request).cluster
    districts = sorted(world.named(cluster["district"], "district", request.visit.language).items(), key=lambda d: d[1])
    if request.method == "GET":
        return shown(request, "plan/invite.html", districts=districts, made=None)
    phone, name = phone_of(request.POST.get("phone", "")), request.POST.get("name", "").strip()
    if not (phone.isdecimal() and 6 <= len(phone) <= 20 and name):
        raise UserError(
            "bad-workshop",
            Text("A name or a phone number is missing.", "缺少名称或手机号。"),
            Text("Fill in both.", "请填写完整。"),
        )
    made = admit(request.visit.account, phone, name, request.POST.get("district", ""))
    return shown(request, "plan/invite.html", districts=districts, made=made)
