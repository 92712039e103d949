"""Jobs: leases, tokens, cancelling, workers that are lost, and a real plan made by a real worker that is killed first."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from cordwainer.core import Text, UserError
from cordwainer.hub.jobs import worker
from cordwainer.hub.jobs.queue import MOST_TRIES, LeaseLost, ask, beating, cancel, finish, take, tell
from cordwainer.hub.models import Job
from tests.unit.hub.worlds import Town


def lose(job: Job) -> None:
    """Let the lease of a job run out, as when its worker was killed."""
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_jobs_are_taken_in_turn_and_by_one_worker(town: Town) -> None:
    first, second = ask(None, "plan", {}), ask(None, "plan", {})
    taken = [take(), take(), take()]
    assert [job.pk if job else None for job in taken] == [first.pk, second.pk, None]


def test_a_worker_that_lost_its_lease_can_write_nothing(town: Town) -> None:
    ask(None, "plan", {})
    slow = take()
    assert slow is not None
    assert tell(slow, {"elapsed": 1})
    lose(slow)
    quick = take()
    assert quick is not None
    assert (quick.pk, quick.tries, quick.token) == (slow.pk, 2, slow.token + 1)
    with pytest.raises(LeaseLost):
        tell(slow, {"elapsed": 2})
    with pytest.raises(LeaseLost):
        finish(slow, "done", {})
    finish(quick, "done", {"run": 1})
    assert Job.objects.get().result == {"run": 1}


def test_a_job_whose_workers_are_lost_again_and_again_is_reported(town: Town) -> None:
    ask(None, "plan", {})
    for _ in range(MOST_TRIES):
        job = take()
        assert job is not None
        lose(job)
    assert take() is None
    ended = Job.objects.get()
    assert (ended.status, ended.result["en"]) == ("failed", "Its workers were lost.")


def test_a_waiting_job_is_cancelled_at_once_and_a_running_one_is_told(town: Town) -> None:
    planner = town.accounts["planner"]
    waiting = ask(planner, "plan", {})
    cancel(planner, waiting.pk)
    assert Job.objects.get(pk=waiting.pk).status == "cancelled"
    assert take() is None
    ask(planner, "plan", {})
    running = take()
    assert running is not None
    assert tell(running, {})
    cancel(planner, running.pk)
    assert not tell(running, {})
    lose(running)
    assert take() is None
    assert Job.objects.get(pk=running.pk).status == "cancelled"


def test_an_error_of_ours_ends_a_job_with_its_message(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(job: Job) -> None:
        raise UserError("no", Text("It cannot be.", "不行。"), Text("Change it.", "请修改。"))

    monkeypatch.setattr(worker, "KINDS", {"plan": refuse})
    ask(None, "plan", {})
    worker.work(until_idle=True)
    assert Job.objects.get().result == {"en": "It cannot be. Change it.", "zh": "不行。请修改。"}


def test_the_lease_lasts_while_a_worker_is_at_it(town: Town) -> None:
    ask(None, "plan", {})
    job = take()
    assert job is not None
    with beating(job):
        assert tell(job, {})
    finish(job, "done", {})


def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "CORDWAINER_HUB_DIR": str(folder), "PYTHONPATH": str(Path(__file__).parents[3])}


def run(folder: Path, program: str) -> str:
    """Run a short program in a hub of its own and return what it says."""
    head = "from cordwainer.hub.commands import set_up; set_up()\n"
    command = [sys.executable, "-c", head + program]
    done = subprocess.run(command, env=environment(folder), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.slow
def test_a_plan_is_made_although_its_first_worker_is_killed(tmp_path: Path) -> None:
    """Two workers and a planning of two seconds: the wait for compiled code makes it slow."""
    run(
        tmp_path,
        "from cordwainer.hub import bring_in\n"
        "from tests.small_plan import small_cluster\n"
        "bring_in(small_cluster(), None, 'small')\n"
        "from cordwainer.hub.jobs.queue import ask\n"
        "ask(None, 'plan', {'seconds': 2})",
    )
    command = [sys.executable, "-m", "cordwainer.cli", "hub", "work"]
    first = subprocess.Popen(command, env=environment(tmp_path))
    state = "from cordwainer.hub.models import Job\nprint(Job.objects.get().status)"
    while run(tmp_path, state) != "running":
        time.sleep(0.1)
    first.send_signal(signal.SIGKILL)
    first.wait()
    told = run(
        tmp_path,
        "from django.utils import timezone\n"
        "from cordwainer.hub.jobs.worker import work\n"
        "from cordwainer.hub.models import Job, Run\n"
        "Job.objects.update(lease_until=timezone.now())\n"
        "work(until_idle=True)\n"
        "from cordwainer.hub import faults_of_audit\n"
        "job = Job.objects.get()\n"
        "print(job.status, job.tries, Run.objects.count(), Run.objects.get().certified, faults_of_audit()[1])",
    )
    assert told.splitlines()[-1] == "done 2 1 True []"
