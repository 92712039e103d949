"""What is generated from the dictionary is on disk as it would be written now."""

import subprocess
import sys
from pathlib import Path

from cordwainer.cluster import dictionary


def test_table_pages_are_up_to_date(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "scripts/docs_tables.py", "--check"], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_every_column_stands_on_its_page_in_both_languages(root: Path) -> None:
    for table in dictionary.tables().values():
        for name, language in ((f"{table.family}.md", "en"), (f"{table.family}.zh.md", "zh")):
            page = (root / "docs" / "tables" / name).read_text(encoding="utf-8")
            for column in table.columns:
                assert column.label.in_(language) in page  # type: ignore[arg-type]
                assert column.description.in_(language) in page  # type: ignore[arg-type]
