"""Words that help to fill in a template: the note at each heading and the sheet of explanations."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from cordwainer.cluster import dictionary
from cordwainer.cluster.dictionary import Column, Table
from cordwainer.core import Text
from cordwainer.exchange.headers import both
from cordwainer.exchange.sheets import Looks

_TYPES = {
    "id": Text("name or number as text", "编号或名称（文本）"),
    "text": Text("text", "文本"),
    "int": Text("whole number", "整数"),
    "fen": Text("whole number of fen (100 fen = 1 yuan)", "整数，单位分"),
    "number": Text("number", "数字"),
    "share": Text("share: 0.12 or 12%", "比例：0.12 或 12%"),
    "date": Text("date, year first: 2026-03-05", "日期，年在前：2026-03-05"),
    "bool": Text("yes or no", "是或否"),
    "choice": Text("choose from the list", "从列表选择"),
}

_COMMON = (
    Text("Headings with * must be filled in; the others may stay blank.", "带 * 的列必须填写，其余可留空。"),
    Text("Rest the pointer on a heading to read what belongs there.", "将鼠标停在表头上可查看填写说明。"),
    Text(
        "Write values, not formulas; do not merge cells; one number in a cell (not 2-3).",
        "请填数值，不用公式；不要合并单元格；一格只填一个数（不要写 2-3）。",
    ),
    Text(
        "Dates with the year first (2026-03-05, 2026年3月5日). 1,200 and １２００ are understood.",
        "日期年在前（2026-03-05、2026年3月5日）；1,200 和 １２００ 均可识别。",
    ),
    Text("This sheet, the examples and the lists are not read.", "本说明、示例和选项工作表不会被读取。"),
)

_KINDS = {
    "own": (
        Text("Your own cluster", "自有集群"),
        (
            Text(
                "1. Firms and lines: one row for each line (a group of people that does one stage).",
                "1. 企业与产线：每条产线一行（从事一道工序的一组人）。",
            ),
            Text(
                "2. Orders by size: one row for each order; pairs under the sizes, or only a total.",
                "2. 订单与尺码：每张订单一行，在尺码下填双数，或只填总双数。",
            ),
            Text(
                "3. Materials: optional; only prices, lead times and stock that you know better.",
                "3. 材料：选填，只填您掌握的价格、交期和库存。",
            ),
            Text(
                "Every stage of a shoe needs a line: cutting, closing, sole, lasting, finishing.",
                "鞋子的每道工序都要有产线：裁断、针车、大底、成型、包装。",
            ),
            Text(
                "What you leave out is assumed, and the assumptions are listed when the file is read.",
                "未填的内容按默认处理，读取时会列出所有默认。",
            ),
        ),
    ),
    "full": (
        Text("All tables of a cluster", "集群全部表格"),
        (
            Text("Sheets that you do not need may stay empty.", "用不到的工作表可以留空。"),
            Text(
                "Standard minutes are filled in already; change or delete them as you like.",
                "标准工时已预填，可修改或删除。",
            ),
        ),
    ),
}


def _default(column: Column) -> str:
    """Return the default of a column as the lists and people write it."""
    if column.type == "bool" and column.default:
        return "是 yes" if column.default == "yes" else "否 no"
    label = dictionary.choices().get(column.choice, {}).get(column.default)
    return both(label) if label else column.default


def column_help(column: Column) -> str:
    """Return the note at a heading: what it is, how it is written, unit, limits and default, in both languages."""
    kind = _TYPES[column.type]
    lines = [column.description.zh, column.description.en, f"{kind.zh} / {kind.en}"]
    if column.unit:
        lines.append(f"单位 unit: {both(column.unit_label)}")
    if column.limits:
        lines.append(f"范围 range: {column.limits}")
    if column.default:
        lines.append(f"留空 blank: {_default(column)}")
    return "\n".join(lines)


def example_value(column: Column) -> str:
    """Return a value that a column may hold."""
    if column.default:
        return _default(column)
    match column.type:
        case "choice":
            return both(next(iter(dictionary.choices()[column.choice].values())))
        case "date":
            return "2026-03-05"
        case "bool":
            return "是 yes"
        case "int" | "fen":
            return str(int(column.least or 0) or 100)
        case "number" | "share":
            return f"{column.least or 0.25:g}"
        case _:
            return f"{column.name}-001" if column.type == "id" else column.label.zh


def write_explanation(sheet: Worksheet, looks: Looks, specs: Sequence[Table], kind: str) -> None:
    """Write the sheet of explanations: how to begin, then every column of every table with an example."""
    title, steps = _KINDS["full" if kind == "full" else "own"]
    sheet.write_string(0, 0, both(title), looks.title)
    at = 2
    for text in (*steps, *_COMMON):
        sheet.write_string(at, 0, text.zh)
        sheet.write_string(at + 1, 0, text.en, looks.faint_line)
        at += 2
    at += 1
    heads = (
        "表 Table",
        "列 Column",
        "说明 Meaning",
        "填写 Writing",
        "单位 Unit",
        "范围 Range",
        "默认 Default",
        "例 Example",
    )
    for k, head in enumerate(heads):
        sheet.write_string(at, k, head, looks.head)
    for spec in specs:
        for column in spec.columns:
            at += 1
            writing = _TYPES[column.type]
            cells = (
                both(spec.label),
                both(column.label),
                f"{column.description.zh} {column.description.en}",
                f"{writing.zh} / {writing.en}",
                both(column.unit_label),
                column.limits,
                _default(column),
                example_value(column),
            )
            for k, cell in enumerate(cells):
                sheet.write_string(at, k, cell, looks.wrap)
    sheet.set_column(0, 1, 28)
    sheet.set_column(2, 3, 44)
    sheet.set_column(4, 7, 16)
