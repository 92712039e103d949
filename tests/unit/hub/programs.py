"""Run the programs of killing.py in the folder of a hub, in a process of their own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.hub_server import environment

_PROGRAM = (
    "from cordwainer.hub import migrate; migrate(); import runpy; "
    "runpy.run_module('tests.unit.hub.killing', run_name='__main__')"
)


def program(folder: Path, what: str, **settings: str) -> dict[str, Any]:
    """Run one of the programs and return what it prints."""
    command = [sys.executable, "-c", _PROGRAM, what]
    done = subprocess.run(command, env=environment(folder, **settings), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))
