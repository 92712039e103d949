"""Work that takes long: done by several hands, told about, stopped, kept."""

from cordwainer.tasks.atomic import cannot_write, replaced_file, sibling, sync
from cordwainer.tasks.checkpoint import Checkpoint
from cordwainer.tasks.executor import Cancelled, Executor, Listener, Progress, WorkerLost
from cordwainer.tasks.processes import ProcessExecutor
from cordwainer.tasks.threads import ThreadExecutor

__all__ = [
    "Cancelled",
    "Checkpoint",
    "Executor",
    "Listener",
    "ProcessExecutor",
    "Progress",
    "ThreadExecutor",
    "WorkerLost",
    "cannot_write",
    "replaced_file",
    "sibling",
    "sync",
]
