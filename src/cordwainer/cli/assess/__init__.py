"""`cordwainer assess`: grades, backward capacity, structure, look-alikes, value chain, people, one firm."""

from cordwainer.cli.assess.group import COMMANDS, assess

__all__ = ["COMMANDS", "assess"]
