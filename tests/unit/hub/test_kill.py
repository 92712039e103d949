"""A writer killed at any moment leaves nothing half done: the audit is whole and no answer is lost or counted twice."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = "from cordwainer.hub import migrate; migrate(); import runpy, sys; runpy.run_module('tests.unit.hub.killing', run_name='__main__')"


def start(folder: Path, what: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "CORDWAINER_HUB_DIR": str(folder), "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, "-c", PROGRAM, what], env=environment, stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_nothing_is_lost_or_doubled_when_writers_are_killed(tmp_path: Path) -> None:
    """Each writer is a process that imports everything anew: that makes it slow."""
    founder = start(tmp_path, "found")
    founder.communicate()
    assert founder.returncode == 0
    for seed in range(3):
        writer = start(tmp_path, str(seed))
        assert writer.stdout is not None
        assert writer.stdout.readline() == "written\n"
        time.sleep(0.07 * seed)
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
    said, _ = start(tmp_path, "look").communicate()
    changes, replies = (int(number) for number in said.split())
    assert changes >= 2 + 2 * 3 - 1
    assert replies == 2
