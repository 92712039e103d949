"""Read a grading scheme from a file of TOML; every fault of the file is told with its place and remedy."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

from cordwainer.assessment.definitions import figures, indicators
from cordwainer.assessment.scheme import (
    Adjust,
    Condition,
    Consequence,
    Cut,
    Exempt,
    Form,
    Industry,
    Missing,
    Roster,
    Scheme,
    Source,
    Ties,
    Units,
    Veto,
    Weighed,
)
from cordwainer.core import DataErrors, Problem, Text, UserError

Entry = Mapping[str, Any]


def scheme_names() -> list[str]:
    """Return the names of the schemes that are shipped."""
    folder = files("cordwainer.assessment") / "data" / "schemes"
    return sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml"))


def read_scheme(name: str) -> Scheme:
    """Return a scheme by the name of a shipped one, or from the file at a path that ends in .toml.

    Raises
    ------
    UserError
        If there is no such scheme, or the file is not TOML.
    DataErrors
        With every fault of the file.
    """
    if name.endswith(".toml"):
        path = Path(name)
        if not path.is_file():
            raise UserError(
                "file-missing",
                Text(f"There is no file {name}.", f"没有文件 {name}。"),
                Text("Correct the path.", "请更正路径。"),
            )
        return scheme_of(path.read_bytes(), path.name)
    if name not in scheme_names():
        raise UserError(
            "unknown-scheme",
            Text(f'There is no scheme "{name}".', f"没有“{name}”评价办法。"),
            Text(
                f"Choose one of {', '.join(scheme_names())}, or give a file that ends in .toml.",
                f"可选：{'、'.join(scheme_names())}；或给出 .toml 文件。",
            ),
        )
    return scheme_of(shipped_file(name), f"{name}.toml")


def shipped_file(name: str) -> bytes:
    """Return the file of a scheme that is shipped."""
    return (files("cordwainer.assessment") / "data" / "schemes" / f"{name}.toml").read_bytes()


def scheme_of(text: bytes, file: str) -> Scheme:
    """Return the scheme that the bytes of a file hold; errors are those of `read_scheme`."""
    try:
        found = tomllib.loads(text.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(
            "not-toml",
            Text(f"{file} cannot be read as TOML: {error}.", f"{file} 不是有效的 TOML：{error}。"),
            Text("Mend the line that is named.", "请修改所指的行。"),
        ) from error
    reader = _Reader(file)
    scheme = reader.scheme(found, hashlib.sha256(text).hexdigest())
    if reader.problems or scheme is None:
        raise DataErrors(reader.problems)
    return scheme


class _Reader:
    """Reads entries and collects what is wrong with them; ``at`` says where an entry stands."""

    def __init__(self, file: str) -> None:
        self.file, self.problems = file, list[Problem]()

    def wrong(self, at: str, message: Text, remedy: Text) -> None:
        self.problems.append(Problem("bad-scheme", message, remedy, file=self.file, column=at))

    def need(self, entry: Entry, key: str, at: str, kind: type | tuple[type, ...] = str) -> Any:  # noqa: ANN401
        """Return a value that must be there and of a kind; note what is wrong with it otherwise."""
        value = entry.get(key)
        if isinstance(value, kind) and not isinstance(value, bool):
            return value
        where = f"{at}.{key}" if at else key
        what = Text("is missing", "缺少") if value is None else Text(f"cannot be {value!r}", f"不能是 {value!r}")
        self.wrong(
            where,
            Text(f"{where} {what.en}.", f"{where} {what.zh}。"),
            Text("Fill it in.", "请按其他评价办法的写法填写。"),
        )
        return None

    def number(self, entry: Entry, key: str, at: str) -> float | None:
        """Return a number that may be left out."""
        return None if key not in entry else float(self.need(entry, key, at, (int, float)) or 0)

    def one_of(self, entry: Entry, key: str, at: str, allowed: Sequence[str], default: str | None = None) -> Any:  # noqa: ANN401
        value = entry.get(key, default)
        if value not in allowed:
            where = f"{at}.{key}" if at else key
            self.wrong(
                where,
                Text(f"{where} cannot be {value!r}.", f"{where} 不能是 {value!r}。"),
                Text(f"Use one of: {', '.join(allowed)}.", f"可选：{'、'.join(allowed)}。"),
            )
        return value

    def title(self, entry: Entry, at: str) -> Text:
        both = entry.get("title")
        if not isinstance(both, Mapping) or not both.get("en") or not both.get("zh"):
            self.wrong(
                at,
                Text(f"{at} has no title in both languages.", f"{at} 缺少中英文名称。"),
                Text("Add title.", "请补充 title。"),
            )
            return Text("", "")
        return Text(both["en"], both["zh"])

    def figure(self, entry: Entry, at: str) -> str:
        return str(self.one_of(entry, "figure", at, list(figures())))

    def scheme(self, found: Entry, fingerprint: str) -> Scheme | None:
        units = found.get("units", {})
        lists = tuple(
            self.roster(e, f"list {k}", found.get("form", "")) for k, e in enumerate(found.get("list", []), 1)
        )
        if not lists:
            self.wrong("list", Text("There is no list.", "没有 list。"), Text("Add one.", "请添加。"))
        made = Scheme(
            name=self.need(found, "scheme", ""),
            version=self.need(found, "version", ""),
            fingerprint=fingerprint,
            title=self.title(found, "scheme"),
            form=self.one_of(found, "form", "", get_args(Form)),
            base=self.number(found, "base", "") or 0.0,
            decimals=int(found.get("decimals", 2)),
            ties=self.one_of(found, "ties", "", get_args(Ties)),
            days_to_object=self.need(found, "days_to_object", "", int),
            sources=tuple(
                Source(self.need(e, "at", f"source {k}"), self.need(e, "says", f"source {k}"), bool(e.get("verified")))
                for k, e in enumerate(found.get("source", []), 1)
            ),
            unverified=tuple(Text(e.get("en", ""), e.get("zh", "")) for e in found.get("unverified", [])),
            units=Units(
                groups=self.one_of(units, "groups", "units", ("merge", "apart")),
                two_groups=self.one_of(units, "two_groups", "units", ("apart", "first")),
                tenants=self.one_of(units, "tenants", "units", ("apart", "merge", "inherit")),
            ),
            industries=tuple(
                Industry(
                    self.need(e, "industry", f"industry {k}"), self.title(e, f"industry {k}"), tuple(e.get("roles", ()))
                )
                for k, e in enumerate(found.get("industry", []), 1)
            ),
            lists=lists,
            adjusts=tuple(self.adjust(e, f"adjust {k}") for k, e in enumerate(found.get("adjust", []), 1)),
            vetoes=tuple(self.veto(e, f"veto {k}") for k, e in enumerate(found.get("veto", []), 1)),
            exempts=tuple(self.exempt(e, f"exempt {k}") for k, e in enumerate(found.get("exempt", []), 1)),
            consequences=tuple(
                self.consequence(e, f"consequence {k}") for k, e in enumerate(found.get("consequence", []), 1)
            ),
        )
        self.grades_of(made)
        return made

    def grades_of(self, made: Scheme) -> None:
        """Note grades that no list has, and lists that no list has."""
        grades = {g for r in made.lists for g in r.cut.grades}
        named = [(v.grade, "veto") for v in made.vetoes] + [
            (g, "consequence") for c in made.consequences for g in c.grades
        ]
        names = {r.name for r in made.lists}
        strange = [f"{at}: {g}" for g, at in named if g not in grades]
        strange += [f"adjust: {name}" for a in made.adjusts for name in a.lists if name not in names]
        for each in strange:
            self.wrong(
                each, Text(f"{each} is not in any list.", f"{each} 不在任何 list 中。"), Text("Correct it.", "请更正。")
            )

    def roster(self, entry: Entry, at: str, form: str) -> Roster:
        cut = entry.get("cut", {})
        grades, places = tuple(cut.get("grades", ())), tuple(float(x) for x in cut.get("at", ()))
        made = Cut(self.one_of(cut, "by", f"{at}.cut", ("share", "score")), grades, places)
        rising = sorted(places) if made.by == "share" else sorted(places, reverse=True)
        if len(places) != len(grades) - 1 or list(places) != rising:
            self.wrong(
                f"{at}.cut",
                Text(f"{at}: cuts do not fit the grades.", f"{at}：分档点与档次不符。"),
                Text(
                    "Give one less than grades, shares rising or scores falling.",
                    "分档点应比档次少一个，比例递增、分数递减。",
                ),
            )
        return Roster(
            name=self.need(entry, "list", at),
            title=self.title(entry, at),
            when=tuple(self.condition(e, f"{at}.when") for e in entry.get("when", ())),
            any_of=tuple(self.condition(e, f"{at}.any") for e in entry.get("any", ())),
            indicators=tuple(self.weighed(e, f"{at}.indicator", form) for e in entry.get("indicator", ())),
            cut=made,
        )

    def condition(self, entry: Entry, at: str) -> Condition:
        return Condition(self.figure(entry, at), self.number(entry, "at_least", at), self.number(entry, "below", at))

    def weighed(self, entry: Entry, at: str, form: str) -> Weighed:
        name = self.one_of(entry, "indicator", at, list(indicators()))
        where = f"{at} {name}"
        made = Weighed(
            indicator=name,
            weight=float(self.need(entry, "weight", where, (int, float)) or 0),
            benchmark=self.number(entry, "benchmark", where),
            cap=self.number(entry, "cap", where),
            floor=self.number(entry, "floor", where),
            missing=self.one_of(entry, "missing", where, get_args(Missing)),
        )
        if made.weight <= 0 or (form == "benchmark" and not (made.benchmark and made.benchmark > 0)):
            self.wrong(
                where,
                Text(f"{where}: weight and benchmark must be above 0.", f"{where}：权重与基准值须大于 0。"),
                Text("Fill them in.", "请填写。"),
            )
        low = name in indicators() and not indicators()[name].high_is_better
        if low and form == "benchmark" and made.cap is None:
            self.wrong(
                where,
                Text(f"{where}: less is better, so it needs a cap.", f"{where}：越低越好的指标须设上限。"),
                Text("Add cap.", "请补充 cap。"),
            )
        return made

    def adjust(self, entry: Entry, at: str) -> Adjust:
        each = tuple(float(x) for x in entry.get("each", ()))
        if not each:
            self.wrong(at, Text(f"{at} has no points.", f"{at} 没有分值。"), Text("Add each.", "请补充 each。"))
        missing = self.one_of(entry, "missing", at, ("unknown", "none"), "unknown")
        return Adjust(tuple(entry.get("lists", ())), self.figure(entry, at), each, missing, self.title(entry, at))

    def veto(self, entry: Entry, at: str) -> Veto:
        least = float(self.need(entry, "at_least", at, (int, float)) or 0)
        return Veto(self.figure(entry, at), least, self.need(entry, "grade", at), self.title(entry, at))

    def exempt(self, entry: Entry, at: str) -> Exempt:
        return Exempt(self.condition(entry, at), self.need(entry, "treated_as", at), self.title(entry, at))

    def consequence(self, entry: Entry, at: str) -> Consequence:
        yuan = float(self.need(entry, "yuan", at, (int, float)) or 0)
        return Consequence(tuple(entry.get("grades", ())), self.figure(entry, at), yuan, self.title(entry, at))
