"""Check that every installed package stands under a licence of the allow-list.

Prints one line per package outside the list and exits 1 when there is one.
"""

import json
import re
import subprocess
import sys

ALLOWED = frozenset(
    {
        "0BSD",
        "Apache-2.0",
        "BSD",
        "CC0-1.0",
        "HPND",
        "ISC",
        "MIT",
        "MIT-0",
        "MIT-CMU",
        "MPL-2.0",
        "PSF-2.0",
        "Unlicense",
        "Zlib",
    }
)

# What packages write instead of an SPDX identifier.
OTHER_NAMES = {
    "3-Clause BSD License": "BSD",
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "BSD-2-Clause": "BSD",
    "BSD-3-Clause": "BSD",
    "Historical Permission Notice and Disclaimer (HPND)": "HPND",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "PSF": "PSF-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}

# Packages whose metadata name no licence; read in the licence file they ship.
READ_BY_HAND = {"axe-playwright-python": "MIT", "dataframely": "BSD-3-Clause"}

# Outside the list and used all the same, each by a decision that says why and how.
BY_DECISION = {
    "psycopg": "LGPL-3.0-only",  # docs/decisions/0015
    "psycopg-binary": "LGPL-3.0-only",
    "pylopdf-fonts-zh-cn": "SIL Open Font License 1.1 (OFL-1.1)",  # docs/decisions/0016: a font
}

# Classifiers that are no licence by themselves.
NO_LICENCE = frozenset({"DFSG approved", "OSI Approved"})


def is_allowed(licence: str) -> bool:
    """Say whether a licence text stands on the allow-list.

    Parameters
    ----------
    licence
        An SPDX expression, or names joined by semicolons (each must be allowed).

    Returns
    -------
    bool
        True when every licence that binds is allowed; of alternatives (OR) one is enough.
    """
    names = [name.strip() for name in licence.split(";")]
    names = [name for name in names if name not in NO_LICENCE]
    return bool(names) and all(_expression_allowed(OTHER_NAMES.get(name, name)) for name in names)


def _expression_allowed(expression: str) -> bool:
    """Evaluate one SPDX expression: parentheses first, then AND before OR.

    Parameters
    ----------
    expression
        The expression; ``WITH`` adds a permission and is dropped.

    Returns
    -------
    bool
        Whether the expression is allowed.
    """
    inner = re.compile(r"(?<![\w-])\(([^()]*)\)")
    while match := inner.search(expression):
        value = "0BSD" if _expression_allowed(match.group(1)) else "not-allowed"
        expression = expression[: match.start()] + value + expression[match.end() :]
    return any(
        all(_name_allowed(name) for name in re.split(r"\s+AND\s+", alternative))
        for alternative in re.split(r"\s+OR\s+", expression)
    )


def _name_allowed(name: str) -> bool:
    """Look one licence up, by its SPDX identifier or by another name of it.

    Parameters
    ----------
    name
        A licence, perhaps ``WITH`` an exception.

    Returns
    -------
    bool
        Whether it is allowed.
    """
    plain = re.split(r"\s+WITH\s+", name.strip())[0]
    return OTHER_NAMES.get(plain, plain) in ALLOWED


def installed() -> dict[str, str]:
    """Return the licence of every installed package.

    Returns
    -------
    dict of str to str
        Package name and version to licence text.

    Raises
    ------
    subprocess.CalledProcessError
        When pip-licenses fails.
    """
    command = [
        sys.executable,
        "-m",
        "piplicenses",
        "--from=mixed",
        "--format=json",
        "--ignore-packages",
        "cordwainer",
    ]
    rows = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return {
        f"{row['Name']} {row['Version']}": READ_BY_HAND.get(row["Name"], "UNKNOWN")
        if row["License"] == "UNKNOWN"
        else row["License"]
        for row in rows
    }


def main() -> int:
    """Check the environment this runs in.

    Returns
    -------
    int
        Exit code: 1 when a package is outside the list, else 0.
    """
    outside = {
        name: licence
        for name, licence in installed().items()
        if not is_allowed(licence) and BY_DECISION.get(name.split()[0]) != licence
    }
    for name, licence in sorted(outside.items()):
        print(f"{name}: licence {licence} is not on the allow-list", file=sys.stderr)
    if outside:
        print(f"Allowed: {', '.join(sorted(ALLOWED))}", file=sys.stderr)
    return 1 if outside else 0


if __name__ == "__main__":
    sys.exit(main())
