"""Read measures, subsidy rules and assumptions from TOML; every fault is told with its place and remedy in both languages."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from cordwainer.core import DataErrors, Problem, Text, UserError
from cordwainer.upgrading.measure import (
    EFFECTS,
    KINDS,
    ORDER_EFFECTS,
    PER,
    Assumptions,
    Catalogue,
    Effect,
    Leaving,
    Measure,
    Number,
    Subsidy,
)

Entry = Mapping[str, Any]
FILES = ("measures.toml", "subsidies.toml", "assumptions.toml", "phase_out.toml")
_NEEDED = {"flow": "flow", "certificate": "standard", "figure": "figure", "makes": "construction", "loss": "materials"}
_SHARES = ("minutes", "defect", "flow", "smallest_lot", "loss")


def catalogue(folder: Path | None = None) -> Catalogue:
    """Return the measures, subsidies and assumptions that are shipped; a file in ``folder`` stands in place of the shipped one.

    Raises
    ------
    UserError
        If a file is not TOML.
    DataErrors
        With every fault of all files.
    """
    shipped = files("cordwainer.upgrading") / "data"
    texts = []
    for name in FILES:
        own = folder / name if folder is not None else None
        texts.append(own.read_bytes() if own is not None and own.is_file() else (shipped / name).read_bytes())
    return catalogue_of(*texts)


def catalogue_of(measures: bytes, subsidies: bytes, assumptions: bytes, leaving: bytes) -> Catalogue:
    """Return what the bytes of the files hold; errors are those of `catalogue`."""
    readers = [_Reader(name) for name in FILES]
    found = {m.name: m for m in readers[0].measures(_toml(measures, FILES[0]))}
    rules = {s.name: s for s in readers[1].subsidies(_toml(subsidies, FILES[1]))}
    assumed = readers[2].assumptions(_toml(assumptions, FILES[2]))
    gone = readers[3].leaving(_toml(leaving, FILES[3]))
    problems = [p for r in readers for p in r.problems]
    if problems:
        raise DataErrors(problems)
    return Catalogue(found, rules, assumed, gone)


def _toml(text: bytes, file: str) -> Entry:
    try:
        return tomllib.loads(text.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(
            "not-toml",
            Text(f"{file} cannot be read as TOML: {error}.", f"{file} 不是有效的 TOML：{error}。"),
            Text("Mend the line that is named.", "请修改所指的行。"),
        ) from error


class _Reader:
    """Reads the entries of a file and collects what is wrong with them."""

    def __init__(self, file: str) -> None:
        self.file, self.problems = file, list[Problem]()

    def wrong(self, at: str, en: str, zh: str, remedy: Text) -> None:
        self.problems.append(
            Problem("bad-measure", Text(f"{at} {en}.", f"{at} {zh}。"), remedy, file=self.file, column=at)
        )

    def text(self, entry: Entry, key: str, at: str) -> str:
        value = entry.get(key)
        if isinstance(value, str) and value:
            return value
        self.wrong(f"{at}.{key}", "is missing", "缺少", Text("Fill it in.", "请填写。"))
        return ""

    def both(self, entry: Entry, key: str, at: str) -> Text:
        value = entry.get(key)
        if isinstance(value, Mapping) and value.get("en") and value.get("zh"):
            return Text(str(value["en"]), str(value["zh"]))
        self.wrong(
            f"{at}.{key}",
            "is not there in both languages",
            "缺少中英文",
            Text('Write { en = "…", zh = "…" }.', '请写成 { en = "…", zh = "…" }。'),
        )
        return Text("", "")

    def among(self, value: object, at: str, allowed: Sequence[str]) -> str:
        if value not in allowed:
            self.wrong(
                at,
                f"cannot be {value!r}",
                f"不能是 {value!r}",
                Text(f"Use one of: {', '.join(allowed)}.", f"可选：{'、'.join(allowed)}。"),
            )
        return str(value)

    def number(self, entry: Entry, key: str, at: str, low: float = 0.0, high: float = 1e12) -> Number:
        where, value = f"{at}.{key}", entry.get(key)
        if not isinstance(value, Mapping):
            self.wrong(
                where, "is missing", "缺少", Text("Give value, unit, source, year.", "请给出数值、单位、来源、年份。")
            )
            return Number(0.0, "", "", 0, verified=False)
        amount, year = value.get("value"), value.get("year")
        if isinstance(amount, bool) or not isinstance(amount, int | float) or not low <= amount <= high:
            self.wrong(
                f"{where}.value",
                f"cannot be {amount!r}",
                f"不能是 {amount!r}",
                Text(f"Give a number from {low:g} to {high:g}.", f"请给出 {low:g} 至 {high:g} 的数。"),
            )
            amount = low
        if not isinstance(year, int):
            self.wrong(f"{where}.year", "is missing", "缺少", Text("Say of which year it is.", "请注明年份。"))
        if not value.get("source"):
            self.wrong(f"{where}.source", "is missing", "缺少", Text("Say where it comes from.", "请注明来源。"))
        if "verified" not in value:
            self.wrong(f"{where}.verified", "is missing", "缺少", Text("Write true or false.", "请写 true 或 false。"))
        return Number(
            float(amount),
            str(value.get("unit", "")),
            str(value.get("source", "")),
            year if isinstance(year, int) else 0,
            verified=value.get("verified") is True,
            per=self.among(value["per"], f"{where}.per", PER) if "per" in value else "",
        )

    def measures(self, found: Entry) -> list[Measure]:
        """Return the measures of a file; what they need and exclude must be there."""
        made = [self.measure(e, k) for k, e in enumerate(found.get("measure", []), 1)]
        names = [m.name for m in made]
        for m in made:
            for other in (*m.needs, *m.excludes):
                self.among(other, f"{m.name}.needs", [n for n in names if n != m.name])
        for name in sorted({n for n in names if names.count(n) > 1}):
            self.wrong(name, "is there twice", "重复", Text("Rename one.", "请改名。"))
        if not made:
            self.wrong("measure", "is missing", "缺少", Text("Add one.", "请添加。"))
        return made

    def measure(self, entry: Entry, k: int) -> Measure:
        at = str(entry.get("measure") or f"measure {k}")
        many = {key: tuple(entry.get(key, ())) for key in ("roles", "stages", "makes", "needs", "excludes")}
        if not many["roles"]:
            self.wrong(f"{at}.roles", "is missing", "缺少", Text("Name at least one role.", "请至少写一种角色。"))
        effects = tuple(self.effect(e, f"{at}.effect {n}") for n, e in enumerate(entry.get("effect", []), 1))
        kinds = {e.kind for e in effects} - {"figure"}
        if not kinds or (kinds & set(ORDER_EFFECTS) and kinds - set(ORDER_EFFECTS)):
            self.wrong(
                f"{at}.effect",
                "changes nothing, or both lines and orders",
                "没有效果，或同时改变产线与订单",
                Text("Make two measures of it.", "请拆成两项措施。"),
            )
        return Measure(
            name=self.text(entry, "measure", at),
            kind=self.among(entry.get("kind"), f"{at}.kind", KINDS),
            title=self.both(entry, "title", at),
            says=self.both(entry, "says", at),
            **many,
            least_people=int(entry.get("least_people", 0)),
            most_people=int(entry.get("most_people", 0)),
            least_lines=int(entry.get("least_lines", 1)),
            capital=self.number(entry, "capital", at),
            running=self.number(entry, "running", at),
            lead=self.number(entry, "lead", at, high=3650),
            life=self.number(entry, "life", at, low=0.1, high=50),
            effects=effects,
        )

    def effect(self, entry: Entry, at: str) -> Effect:
        kind = self.among(entry.get("kind"), f"{at}.kind", EFFECTS)
        needed = ("old", "new") if kind == "material" else (_NEEDED[kind],) if kind in _NEEDED else ()
        for key in needed:
            if not entry.get(key):
                self.wrong(f"{at}.{key}", "is missing", "缺少", Text("Fill it in.", "请填写。"))
        names = ("flow", "standard", "figure", "old", "new", "construction", "channel")
        return Effect(
            kind=kind,
            size=self.number(entry, "size", at, high=1.0 if kind in _SHARES else 1e12),
            **{key: str(entry.get(key, "")) for key in names},
            materials=tuple(entry.get("materials", ())),
        )

    def subsidies(self, found: Entry) -> list[Subsidy]:
        return [
            self.subsidy(e, str(e.get("subsidy") or f"subsidy {k}")) for k, e in enumerate(found.get("subsidy", []), 1)
        ]

    def subsidy(self, entry: Entry, at: str) -> Subsidy:
        window = entry.get("window", {})
        days = [window.get(key) for key in ("from", "to")]
        if not all(isinstance(d, date) for d in days) or days[0] > days[1]:
            self.wrong(
                f"{at}.window",
                "is not two days in order",
                "不是先后两个日期",
                Text("Give from and to.", "请给出起止日期。"),
            )
            days = [date.min, date.min]
        return Subsidy(
            name=self.text(entry, "subsidy", at),
            title=self.both(entry, "title", at),
            kinds=tuple(self.among(k, f"{at}.kinds", KINDS) for k in entry.get("kinds", ())),
            excluded_grades=tuple(entry.get("excluded_grades", ())),
            window_from=days[0],
            window_to=days[1],
            rate=self.number(entry, "rate", at, high=1.0),
            least_investment=self.number(entry, "least_investment", at),
            most_project=self.number(entry, "most_project", at),
            most_firm_year=self.number(entry, "most_firm_year", at),
            most_local_share=self.number(entry, "most_local_share", at),
            paid_months=self.number(entry, "paid_months", at, high=600),
            late_months=self.number(entry, "late_months", at, high=600),
        )

    def assumptions(self, found: Entry) -> Assumptions:
        return Assumptions(
            self.number(found, "wage_yuan_hour", "assumptions"),
            self.number(found, "electricity_yuan_kwh", "assumptions"),
            self.number(found, "discount_rate", "assumptions", high=1.0),
        )

    def leaving(self, found: Entry) -> Leaving:
        """Return what a phase-out assumes."""
        most = {"leak_share_low": 1.0, "leak_share_high": 1.0, "merge_people": 1.0}
        each = {f.name: self.number(found, f.name, "phase_out", high=most.get(f.name, 1e12)) for f in fields(Leaving)}
        for low, high in (("leak_share_low", "leak_share_high"), ("leak_flow_low", "leak_flow_high")):
            if each[low].value > each[high].value:
                self.wrong(
                    low, f"is above {high}", f"高于 {high}", Text("Give the lower one first.", "请把低值放在前。")
                )
        return Leaving(**each)
