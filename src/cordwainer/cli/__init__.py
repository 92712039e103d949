"""The command line: parses, calls one room, shows; it holds no formula."""

from cordwainer.cli.app import main, run

__all__ = ["main", "run"]
