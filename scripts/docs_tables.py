"""Write docs/tables from the dictionary, in both languages; with --check fail where a file differs."""

import sys
from collections.abc import Iterator
from pathlib import Path

from cordwainer.cluster import dictionary
from cordwainer.cluster.dictionary import FAMILIES, Column, Table
from cordwainer.core import LANGUAGES, Language, Text, digits

FAMILY_NAMES = {
    "places": Text("Places and firms", "区域与企业"),
    "lines": Text("Lines", "产线"),
    "styles": Text("Styles", "款式"),
    "materials": Text("Materials", "材料"),
    "trade": Text("Orders and trade", "订单与交易"),
    "happened": Text("What happened", "已发生的事"),
    "plan": Text("Plan", "计划"),
}
TYPES = {
    "id": Text("id", "编号"),
    "text": Text("text", "文本"),
    "int": Text("whole number", "整数"),
    "fen": Text("money in fen", "金额（分）"),
    "number": Text("number", "数值"),
    "share": Text("share, 0 to 1", "比例（0 到 1）"),
    "date": Text("date", "日期"),
    "bool": Text("yes / no", "是 / 否"),
    "choice": Text("choice", "选项"),
}
SECRECY = {
    "public": Text("everybody", "公开"),
    "members": Text("members", "成员"),
    "partners": Text("partners of the trade", "交易双方"),
    "own": Text("the firm itself", "本企业"),
    "planner": Text("planner", "排产员"),
    "officer": Text("officer", "主管部门"),
}
PURPOSE = {
    "trade": Text("trade", "交易"),
    "official": Text("official", "官方"),
    "public": Text("public", "公开"),
}
HEAD = Text(
    "| column | label | type | unit | needed | default | range | refers to | meaning | purpose | seen by |",
    "| 列名 | 标签 | 类型 | 单位 | 必填 | 默认值 | 范围 | 引用 | 含义 | 用途 | 可见范围 |",
)
WRITTEN_BY = Text(
    "This page is generated from the dictionary (`src/cordwainer/cluster/dictionary`); "
    "`make docs` writes it anew. **Bold** columns are the key. A dash means: none.",
    "本页由数据字典（`src/cordwainer/cluster/dictionary`）生成，运行 `make docs` 可重新写出。**粗体**列为主键，短横表示没有。",
)
INDEX_TEXT = Text(
    "A cluster and a plan are tables. In a folder of CSV or Parquet each table is a file named as below; "
    "in an Excel workbook each is a sheet. Headings may be the column's name or its label in either language.",
    "集群与计划都由数据表组成。在 CSV 或 Parquet 文件夹中，每张表是一个同名文件；在 Excel 工作簿中，每张表是一个工作表。"
    "表头可用列名，也可用任一语言的标签。",
)
RESERVED = Text("Reserved: kept with the data, not yet read by the plan.", "保留：随数据保存，计划暂不读取。")


def choice_page(choice: str, language: Language) -> str:
    """Return the link to the values of a choice."""
    return f"[{choice}]({file_name('choices', language)}#{choice})"


def file_name(stem: str, language: Language) -> str:
    """Return the name of a page in a language."""
    return f"{stem}.md" if language == "en" else f"{stem}.zh.md"


def table_page(name: str, language: Language) -> str:
    """Return the file and place where a table is described."""
    return f"{file_name(dictionary.tables()[name].family, language)}#{name}"


def column_row(column: Column, language: Language) -> str:
    """Return the row of a column."""
    kind = TYPES[column.type].in_(language)
    if column.type == "choice":
        kind = choice_page(column.choice, language)
    elif column.type in ("number", "share") and column.decimals:
        kind += f" (.{'0' * column.decimals})"
    refers = "–"
    if column.references:
        refers = f"[{'.'.join(column.references)}]({table_page(column.references[0], language)})"
    needed = Text("no", "否") if column.nullable else Text("yes", "是")
    cells = (
        f"**{column.name}**" if column.key else column.name,
        column.label.in_(language),
        kind,
        column.unit_label.in_(language) or "–",
        needed.in_(language),
        column.default or "–",
        column.limits or "–",
        refers,
        column.description.in_(language) + (" *" + RESERVED.in_(language) + "*" if column.status == "reserved" else ""),
        PURPOSE[column.purpose].in_(language),
        SECRECY[column.secrecy].in_(language),
    )
    return "| " + " | ".join(cells) + " |"


def table_text(table: Table, language: Language) -> Iterator[str]:
    """Yield the lines that describe a table."""
    yield f'<a id="{table.name}"></a>'
    yield ""
    yield f"## {table.name}: {table.label.in_(language)}"
    yield ""
    yield table.description.in_(language)
    if table.status == "reserved":
        yield ""
        yield f"*{RESERVED.in_(language)}*"
    yield ""
    yield HEAD.in_(language)
    yield "|" + "---|" * HEAD.en.count("|", 1)
    for column in table.columns:
        yield column_row(column, language)
    yield ""


def family_page(family: str, language: Language) -> str:
    """Return the page of a family of tables."""
    lines = [f"# {FAMILY_NAMES[family].in_(language)}", "", WRITTEN_BY.in_(language), ""]
    for table in dictionary.tables().values():
        if table.family == family:
            lines += table_text(table, language)
    return "\n".join(lines)


def choices_page(language: Language) -> str:
    """Return the page of all choices."""
    lines = [f"# {Text('Choices', '选项').in_(language)}", "", WRITTEN_BY.in_(language), ""]
    for choice, values in dictionary.choices().items():
        lines += [f'<a id="{choice}"></a>', "", f"## {choice}", "", "| value | English | 中文 |", "|---|---|---|"]
        lines += [f"| {value} | {label.en} | {label.zh} |" for value, label in values.items()]
        lines.append("")
    return "\n".join(lines)


def policies_page(language: Language) -> str:
    """Return the page of all policies with their defaults and sources."""
    head = Text(
        "| name | key | default | unit | meaning | source | verified |",
        "| 名称 | 键 | 默认值 | 单位 | 含义 | 来源 | 已核实 |",
    )
    lines = [f"# {Text('Policies', '参数').in_(language)}", "", WRITTEN_BY.in_(language), ""]
    lines += [head.in_(language), "|---|---|---|---|---|---|---|"]
    for policy in dictionary.policies().values():
        default = "–" if policy.default is None else digits(policy.default)
        verified = (Text("yes", "是") if policy.verified else Text("no", "否")).in_(language)
        meaning = policy.description.in_(language)
        cells = (policy.name, policy.key, default, policy.unit, meaning, policy.source or "–", verified)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, ""])


def index_page(language: Language) -> str:
    """Return the list of all tables."""
    lines = [
        f"# {Text('Tables', '数据表').in_(language)}",
        "",
        INDEX_TEXT.in_(language),
        "",
        WRITTEN_BY.in_(language),
        "",
    ]
    for family in FAMILIES:
        lines += [f"## [{FAMILY_NAMES[family].in_(language)}]({file_name(family, language)})", ""]
        for table in dictionary.tables().values():
            if table.family == family:
                what = f"{table.label.in_(language)}. {table.description.in_(language)}"
                lines.append(f"- [{table.name}]({table_page(table.name, language)}): {what}")
        lines.append("")
    other = (("choices", Text("Choices", "选项")), ("policies", Text("Policies", "参数")))
    lines += [f"- [{text.in_(language)}]({file_name(stem, language)})" for stem, text in other]
    return "\n".join([*lines, ""])


def pages() -> dict[str, str]:
    """Return every page by its file name."""
    found = {}
    for language in LANGUAGES:
        found[file_name("index", language)] = index_page(language)
        found[file_name("choices", language)] = choices_page(language)
        found[file_name("policies", language)] = policies_page(language)
        for family in FAMILIES:
            found[file_name(family, language)] = family_page(family, language)
    return found


def main() -> int:
    """Write the pages, or with ``--check`` compare them with those on disk.

    Returns
    -------
    int
        1 when a page on disk differs, else 0.
    """
    folder = Path(__file__).resolve().parent.parent / "docs" / "tables"
    wanted = pages()
    if "--check" in sys.argv:
        present = {p.name: p.read_text(encoding="utf-8") for p in folder.glob("*.md")}
        differing = sorted(n for n in wanted.keys() | present.keys() if wanted.get(n) != present.get(n))
        for name in differing:
            print(f"docs/tables/{name} is out of date: run `make docs`.", file=sys.stderr)
        return 1 if differing else 0
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.md"):
        if old.name not in wanted:
            old.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
