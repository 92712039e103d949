"""Check that a room is imported only by the names which its `__init__.py` shows.

Ranks are held by import-linter; this holds the doors.
Prints one line per finding and exits 1 when there is one.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGE = "cordwainer"


def imported(tree: ast.Module) -> Iterator[tuple[int, str, str | None]]:
    """Yield every absolute import of a file.

    Parameters
    ----------
    tree
        The parsed file.

    Yields
    ------
    tuple of int, str and str or None
        Line, module, and the name taken from it (None for ``import module``).
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name, None
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield node.lineno, node.module, alias.name


def shown(init: Path) -> frozenset[str]:
    """Return the names in a room's ``__all__``.

    Parameters
    ----------
    init
        The room's `__init__.py`.

    Returns
    -------
    frozenset of str
        Empty when it has no literal ``__all__``.
    """
    if not init.is_file():
        return frozenset()
    for node in ast.parse(init.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets):
            return frozenset(ast.literal_eval(node.value))
    return frozenset()


def findings(source: Path) -> Iterator[str]:
    """Yield every import that does not go through a room's door.

    Parameters
    ----------
    source
        The folder of the package, with one folder per room.

    Yields
    ------
    str
        ``file:line: what is wrong``.
    """
    doors = {init.parent.name: shown(init) for init in source.glob("*/__init__.py")}
    for path in sorted(source.rglob("*.py")):
        own_room = path.relative_to(source).parts[0]
        for line, module, name in imported(ast.parse(path.read_text(encoding="utf-8"))):
            parts = module.split(".")
            if parts[0] != PACKAGE or len(parts) < 2 or parts[1] == own_room:
                continue
            if len(parts) == 3 and name is not None and parts[2] in doors.get(parts[1], frozenset()):
                continue  # a module that the room shows as a whole
            if len(parts) > 2 or name is None:
                yield f"{path}:{line}: imports {module}, past the door of the room {parts[1]}"
            elif name not in doors.get(parts[1], frozenset()):
                yield f"{path}:{line}: {name} is not in __all__ of the room {parts[1]}"


def main() -> int:
    """Check the package of the repository that holds this file.

    Returns
    -------
    int
        Exit code: 1 when something was found, else 0.
    """
    found = list(findings(Path(__file__).resolve().parent.parent / "src" / PACKAGE))
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
