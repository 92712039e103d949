"""Write the tables of the sample sheet, docs/data/wenzhou.md and its Chinese twin, between their marks."""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.office import office_rule, with_many_lines
from cordwainer.cluster import Cluster, sample, sample_comparison, sample_hardness
from cordwainer.planning import Settings, plan

SEED = 1
SHEETS = {"en": Path("docs/data/wenzhou.md"), "zh": Path("docs/data/wenzhou.zh.md")}
MEASURED = Path("docs/data/hardness.json")
HEADS = {
    "en": ("figure", "unit", "published, scaled", "sample", "off by", "held to", "verified", "year and source"),
    "zh": ("指标", "单位", "公布值（按比例）", "样例", "偏差", "允许", "已核实", "年份与来源"),
}
UNITS = {
    "firms": "家",
    "people": "人",
    "pairs": "双",
    "share": "比例",
    "yuan": "元",
    "yuan/pair": "元/双",
    "g/pair": "克/双",
    "kWh/pair": "度/双",
    "pairs/day": "双/天",
    "": "",
}
WORDS = {
    "load_all": ("work asked over free capacity, all stages", "需求工时 ÷ 空闲产能（全部工序）", ""),
    "load_closing": ("the same, stitching", "其中针车", ""),
    "load_lasting": ("the same, lasting", "其中成型", ""),
    "eligible_lines_median": (
        "eligible lines an order and stage, median",
        "每单每工序可用产线（中位数）",
        "M ≥ 20, L ≥ 150",
    ),
    "orders_above_line_week": ("orders larger than a week of a line", "超过一条线一周产能的订单", "≥ 0.30"),
    "orders_one_maker": ("orders with one maker only", "仅一家可做的订单", "≤ 0.20"),
    "value_breaks_out_of_reach": (
        "material value in offers whose last break exceeds the need",
        "末档起量超过总需求的材料金额",
        "≤ 0.20",
    ),
    "line_weeks_priced": ("line-weeks with a price", "有影子价的产线周", "≥ 0.25"),
    "orders_across_districts": ("orders made across districts", "跨区县制造的订单", "≥ 0.30"),
    "materials_binding": ("materials worth more than their dearest offer", "影子价高于最高报价的材料", "≥ 0.10"),
    "caps_binding": ("caps with a price", "有影子价的总量上限", "≥ 3"),
    "more_with_many_lines": ("contribution gained with lines without end", "产线不限时贡献增加", "≥ 0.15"),
    "office_below": ("office rule below the plan", "人工排单比计划低", "≥ 0.10"),
}


def comparison_table(cluster: Cluster, language: str) -> str:
    """Return the sample beside the published figures as a table in Markdown.

    Parameters
    ----------
    cluster
        A sample.
    language
        en or zh.

    Returns
    -------
    str
        Lines of the table.
    """
    zh = language == "zh"
    lines = [*_head(HEADS[language])]
    for row in sample_comparison(cluster).iter_rows(named=True):
        note = row[f"note_{language}"]
        label = row[f"label_{language}"] + ((f"（{note}）" if zh else f" ({note})") if note else "")
        verified = ("是" if row["verified"] else "否") if zh else ("yes" if row["verified"] else "no")
        cells = (
            label,
            UNITS[row["unit"] or ""] if zh else row["unit"] or "",
            _short(row["published"]),
            _short(row["sample"]),
            f"{100 * row['difference']:+.1f} %",
            f"{100 * row['tolerance']:.0f} %",
            verified,
            f"{row['year'] or ('无年份' if zh else 'no year')}; {row['source']}",
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def hardness_table(found: Mapping[str, Mapping[str, float]], language: str) -> str:
    """Return the measures of hardness by size as a table in Markdown.

    Parameters
    ----------
    found
        Size to measure to value; a measure that is left out is shown as not measured.
    language
        en or zh.

    Returns
    -------
    str
        Lines of the table.
    """
    at = 1 if language == "zh" else 0
    lines = [*_head((("measure", "指标")[at], ("wanted", "要求")[at], *found))]
    for name, words in WORDS.items():
        cells = [_short(values[name]) if name in values else ("not measured", "未测")[at] for values in found.values()]
        lines.append("| " + " | ".join((words[at], words[2], *cells)) + " |")
    return "\n".join(lines)


def known_hardness(root: Path) -> dict[str, dict[str, float]]:
    """Return the measures that were kept, by size in order of size.

    Parameters
    ----------
    root
        Folder of the repository.

    Returns
    -------
    dict of str to dict of str to float
        Size to measure to value; empty when nothing was kept.
    """
    path = root / MEASURED
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {size: kept[size] for size in ("S", "M", "L") if size in kept}


def measured(size: str, seconds: float) -> dict[str, float]:
    """Return every measure of hardness of a sample; with 0 seconds those from tables only.

    Parameters
    ----------
    size
        S, M or L.
    seconds
        Time for each plan, s.

    Returns
    -------
    dict of str to float
        By name.
    """
    cluster = sample(size, SEED)
    if seconds <= 0:
        return sample_hardness(cluster)
    settings = Settings(time_s=seconds)
    best = plan(cluster, settings)
    worth = int(best["plan"]["contribution_fen"].item())
    free = int(plan(with_many_lines(cluster, 50), settings)["plan"]["contribution_fen"].item())
    found = sample_hardness(cluster, best)
    found["more_with_many_lines"] = free / worth - 1
    found["office_below"] = 1 - office_rule(cluster, settings) / worth
    return found


def between(text: str, mark: str, inside: str) -> str:
    """Return a text with what stands between the two marks replaced.

    Parameters
    ----------
    text
        The whole page.
    mark
        Name of the marks.
    inside
        What shall stand between them.

    Returns
    -------
    str
        The new page.

    Raises
    ------
    ValueError
        If a mark is missing.
    """
    before, rest = text.split(f"<!-- {mark} -->\n", 1)
    after = rest.split(f"<!-- end of {mark} -->", 1)[1]
    return f"{before}<!-- {mark} -->\n{inside}\n<!-- end of {mark} -->{after}"


def main(argv: Sequence[str] | None = None) -> None:
    """Write both pages; ``--measure S=30 M=180`` plans those sizes anew for so many seconds.

    Parameters
    ----------
    argv
        Arguments without the program's name.
    """
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--measure", nargs="*", default=[], metavar="SIZE=SECONDS")
    known = known_hardness(Path())
    for wish in parser.parse_args(argv).measure:
        size, _, seconds = wish.partition("=")
        known[size] = measured(size, float(seconds or 0))
    known = {size: known[size] for size in ("S", "M", "L") if size in known}
    MEASURED.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    large = sample("L", SEED)
    for language, path in SHEETS.items():
        page = between(path.read_text(encoding="utf-8"), "comparison", comparison_table(large, language))
        path.write_text(between(page, "hardness", hardness_table(known, language)), encoding="utf-8")


def _head(names: Sequence[str]) -> tuple[str, str]:
    return "| " + " | ".join(names) + " |", "|" + "---|" * len(names)


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


if __name__ == "__main__":
    main()
