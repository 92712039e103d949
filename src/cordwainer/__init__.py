"""Cordwainer plans a shoe-and-leather cluster as one company."""

__version__ = "0.1.0"
