"""The hub: the web application in which firms that compete work together. What it shows sets Django up by itself."""

from cordwainer.hub.commands import (
    add_account,
    bring_in,
    demo,
    export_audit,
    faults_of_audit,
    floor_sheet,
    migrate,
    second_factor,
    take_out,
    work,
)
from cordwainer.hub.serving import serve

__all__ = [
    "add_account",
    "bring_in",
    "demo",
    "export_audit",
    "faults_of_audit",
    "floor_sheet",
    "migrate",
    "second_factor",
    "serve",
    "take_out",
    "work",
]
