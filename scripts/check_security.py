"""Run bandit over the sources, and fail on whatever is not explained here: by rule and file, with the reason.

Prints one line per finding that is not explained and one per explanation that explains nothing any more.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

EXPLAINED = {
    ("B101", "cli/replan.py"): "tells the type checker what the lines above made sure of",
    ("B101", "planning/cooling.py"): "tells the type checker what the lines above made sure of",
    ("B105", "core/verdict.py"): "the verdict pass, no password",
    ("B107", "hub/signin/delivery.py"): "no secret: ways that sign nothing get an empty one",
    ("B301", "tasks/processes.py"): "reads back in the same process what it has just written",
    ("B403", "tasks/processes.py"): "the same",
    ("B404", "hub/serving.py"): "starts web server and worker with arguments of our own, without a shell",
    ("B603", "hub/serving.py"): "the same",
    (
        "B608",
        "hub/access/row_security.py",
    ): "names stand in the dictionary; values are settings of the session, never text",
    ("B701", "hub/web/environment.py"): "Django's options escape everything; a test looks for it",
    ("B704", "exchange/report/page.py"): "style and script of the package itself",
    ("B704", "exchange/report/sections.py"): "style and script of the package itself",
}


def findings() -> dict[tuple[str, str], str]:
    """Return what bandit finds, by rule and file below the package.

    Returns
    -------
    dict
        A sentence and a place for each.
    """
    command = [sys.executable, "-m", "bandit", "-q", "-r", "src/cordwainer", "-f", "json"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    return {
        (r["test_id"], r["filename"].removeprefix("src/cordwainer/")): f"line {r['line_number']}: {r['issue_text']}"
        for r in json.loads(told)["results"]
    }


def main() -> int:
    """Compare findings and explanations.

    Returns
    -------
    int
        Exit code: 1 where they differ, else 0.
    """
    found = findings()
    for (rule, file), said in sorted(found.items()):
        if (rule, file) not in EXPLAINED:
            print(f"{file}: {rule} {said}", file=sys.stderr)
    for rule, file in sorted(set(EXPLAINED) - set(found)):
        print(f"{file}: {rule} is explained in {Path(__file__).name} and found no more", file=sys.stderr)
    return int(set(found) != set(EXPLAINED))


if __name__ == "__main__":
    sys.exit(main())
