"""`python -m cordwainer.cli`: the command line."""

from cordwainer.cli import main

main()
