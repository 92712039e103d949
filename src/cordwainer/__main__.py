"""`python -m cordwainer`: the command line."""

from cordwainer.cli import main

main()
