"""Check what no other tool looks at: machine paths, index addresses, file sizes, skipped tests.

Standard library only, so that it runs anywhere. Prints one line per finding and exits 1 when there is one.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

MOST_BYTES = 1 << 20
MOST_LINES = 400
SOURCE_SUFFIXES = frozenset({".py", ".sh", ".js", ".ts", ".css", ".html", ".jinja", ".j2"})

# Each pattern is written so that it does not match its own line.
MACHINE_PATH = re.compile(
    r"(?<![\w.$}/-])/(?:[h]ome/\w|[U]sers/\w|[r]oot/|[w]ork/|[f]arm/|[m]nt/\w|[t]mp/\w)|\b[A-Z]:\\[U]sers\\"
)
INDEX_ADDRESS = re.compile(
    r"--(?:extra-)?[i]ndex-url|(?:extra-)?[i]ndex-url\s*=|\[\[tool\.uv\.[i]ndex|https?://\S+/[s]imple\b"
    r"|[f]iles\.pythonhosted\.org|\"resolved\":\s*\"[h]ttps?://|registry\s*=\s*[\"']?[h]ttps?://"
)
CONFLICT = re.compile(r"(?:<{7}|>{7}) ")
SKIPPED_TEST = re.compile(
    r"pytest\.[s]kip\(|mark\.[s]kip|mark\.[x]fail|pytest\.[x]fail\(|[i]mportorskip|unittest\.[s]kip|\.[s]kipTest\("
)


def tracked_files(root: Path) -> list[Path]:
    """Return the files that git tracks or would track.

    Parameters
    ----------
    root
        Top folder of the repository.

    Returns
    -------
    list of Path
        Existing files, relative to `root`, sorted.

    Raises
    ------
    subprocess.CalledProcessError
        When `root` is no git work tree.
    """
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, check=True, capture_output=True).stdout.decode()
    return sorted({Path(name) for name in listed.split("\0") if name and (root / name).is_file()})


def findings_in_text(path: Path, text: str) -> Iterator[str]:
    """Yield what is wrong in the text of one file.

    Parameters
    ----------
    path
        Where the text stands, relative to the repository.
    text
        The whole text of the file.

    Yields
    ------
    str
        ``path:line: what is wrong``.
    """
    in_tests = path.parts[0] == "tests" and path.suffix == ".py"
    lines = text.splitlines()
    for number, line in enumerate(lines, start=1):
        if match := MACHINE_PATH.search(line):
            yield f"{path}:{number}: absolute path of one machine ({match.group()})"
        if match := INDEX_ADDRESS.search(line):
            yield f"{path}:{number}: address of a package index ({match.group()})"
        if CONFLICT.match(line):
            yield f"{path}:{number}: mark of a merge that was not finished"
        if in_tests and (match := SKIPPED_TEST.search(line)):
            yield f"{path}:{number}: skipped or expected-to-fail test ({match.group()})"
    if path.suffix in SOURCE_SUFFIXES and len(lines) > MOST_LINES:
        yield f"{path}: {len(lines)} lines; at most {MOST_LINES} can be read in one sitting"


def findings(root: Path) -> Iterator[str]:
    """Yield what is wrong in the repository.

    Parameters
    ----------
    root
        Top folder of the repository.

    Yields
    ------
    str
        One finding, with its place.
    """
    for path in tracked_files(root):
        content = (root / path).read_bytes()
        if len(content) > MOST_BYTES:
            yield f"{path}: {len(content) / MOST_BYTES:.1f} MiB; at most 1 MiB is kept in the repository"
        if b"\0" not in content[:8192]:
            yield from findings_in_text(path, content.decode("utf-8", errors="replace"))


def main() -> int:
    """Check the repository that holds this file.

    Returns
    -------
    int
        Exit code: 1 when something was found, else 0.
    """
    found = list(findings(Path(__file__).resolve().parent.parent))
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
