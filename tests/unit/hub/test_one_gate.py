"""Pages read the data through the gate alone: what they import shows it."""

import ast
from pathlib import Path

import pytest

PAGES = Path(__file__).parents[3] / "src" / "cordwainer" / "hub" / "pages"
DATA = ("cordwainer.hub.store", "cordwainer.hub.models")
ALLOWED = {
    "Account": "who visits, and signing in",
    "Run": "as a type, and to name the run of a view",
    "published": "which run is out",
    "SETTLED": "kinds of change",
    "TWO_FACTOR_ROLES": "roles, of which one signs in",
    "undo": "an act, checked in the store",
}
"""What pages may take from store and models, and what for."""
WORLD = {"cluster_at", "forget_versions", "head", "made_at", "plan_of", "published"}
"""What pages/world.py may take beside, to put it behind the gate."""


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.py")), ids=lambda p: p.stem)
def test_pages_take_no_rows_past_the_gate(path: Path) -> None:
    allowed = set(ALLOWED) | (WORLD if path.stem == "world" else set())
    taken = {
        alias.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(DATA)
        for alias in node.names
    }
    assert taken <= allowed


def test_only_the_planners_own_pages_read_a_whole_run() -> None:
    for path in PAGES.glob("*.py"):
        said = path.read_text(encoding="utf-8")
        if "planned(" in said and path.stem != "world":
            assert '@page("planner"' in said
            assert "@page(*" not in said, path.name
