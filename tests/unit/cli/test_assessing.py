"""The commands of the assessment, as a person types them: every topic, files, runs, refusals, both languages."""

import json
from pathlib import Path

import polars as pl
import pytest

from cordwainer.cli import run
from cordwainer.cli.assess import COMMANDS
from cordwainer.exchange import write_cluster, write_plan
from tests.samples import first_sample
from tests.small_plan import small_cluster, small_plan


@pytest.fixture(scope="module")
def wenzhou(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return where the sample S stands."""
    path = tmp_path_factory.mktemp("assess") / "wenzhou"
    write_cluster(first_sample("S"), path, "parquet")
    return str(path)


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Return where the small cluster and its plan stand."""
    folder = tmp_path_factory.mktemp("assess-plan")
    write_cluster(small_cluster(), folder / "cluster", "parquet")
    write_plan(small_plan(), folder / "plan", "parquet")
    return str(folder / "cluster"), str(folder / "plan")


def told(capsys: pytest.CaptureFixture[str], *words: str) -> object:
    """Run a command with --json and return what it told."""
    assert run(["assess", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_every_command_has_help_with_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    for name, *_ in COMMANDS:
        assert run(["assess", name, "--help"]) == 0
        said = capsys.readouterr().out
        assert "Example:" in said
        assert f"cordwainer assess {name} " in said


@pytest.mark.parametrize(("language", "words"), [("en", "trial"), ("zh", "试算")])
def test_grades_are_called_trial_and_say_what_is_unverified(
    language: str, words: str, wenzhou: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["assess", "grade", wenzhou, "--lang", language]) == 0
    said = capsys.readouterr()
    assert words in said.out
    assert ("Not verified" if language == "en" else "未核实") in said.err


@pytest.mark.parametrize("scheme", ["wenling-parks-2022", "product-grade", "min-max"])
def test_grades_as_json(scheme: str, wenzhou: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "grade", wenzhou, "--scheme", scheme, "--year", "2024")
    assert found["year"] == 2024  # type: ignore[index]
    assert len(found["units"]) == sum(c["units"] for c in found["counts"]) > 40  # type: ignore[index]


def test_the_table_is_written_as_excel(wenzhou: str, tmp_path: Path) -> None:
    assert run(["assess", "grade", wenzhou, "--out", str(tmp_path / "grades.xlsx")]) == 0
    assert (tmp_path / "grades.xlsx").read_bytes().startswith(b"PK")
    assert run(["assess", "structure", wenzhou, "--population", "8358", "--out", str(tmp_path / "s.csv")]) == 0
    assert "HHI" in (tmp_path / "s.csv").read_text(encoding="utf-8-sig")


READ = ("tax_yuan", "land_mu", "energy_tce", "power_kwh")
"""Figures that Huangyan's scheme reads and that firms of the sample object to."""


def test_a_run_from_trial_to_signature(wenzhou: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, day = str(tmp_path / "run.json"), "2026-03-03"
    assert run(["assess", "grade", wenzhou, "--freeze", file, "--today", "2026-03-02"]) == 0
    assert run(["assess", "run", file, "--confirm", "F001", "--today", day]) == 0
    claim = ["--figure", "power_kwh", "--claimed", "100000", "--reason", "meter was changed"]
    assert run(["assess", "run", file, "--object", "F010", *claim, "--today", day]) == 0
    assert run(["assess", "run", file, "--sign", "officer", "--today", "2026-04-01"]) == 2
    capsys.readouterr()
    assert run(["assess", "run", file, "--object", "F010", "--today", day]) == 2
    assert "--figure" in capsys.readouterr().err
    cluster = first_sample("S")
    figure = cluster["figure"]
    mine = (figure["unit"] == "F010") & (figure["year"] == 2025) & (figure["indicator"] == "power_kwh")
    assert mine.any()
    mended = cluster.replace(figure=figure.with_columns(value=figure["value"].zip_with(~mine, figure["value"] / 4)))
    write_cluster(mended, tmp_path / "mended", "parquet")
    found = told(capsys, "run", file, "--correct", str(tmp_path / "mended"), "--today", "2026-03-05")
    stand = {o["unit"] for o in found["objections"] if o["decision_en"] == "open"}  # type: ignore[index]
    assert found["revision"] == 2  # type: ignore[index]
    assert stand == set(cluster["objection"].filter(pl.col("indicator").is_in(READ))["unit"])
    assert {c["unit"] for c in found["changes"]} >= {"F010"}  # type: ignore[index]
    refused = [word for unit in sorted(stand) for word in ("--refuse", unit)]
    assert run(["assess", "run", file, *refused, "--sign", "officer", "--today", "2026-04-01"]) == 0
    assert run(["assess", "run", file, "--confirm", "F001", "--today", day]) == 2


def test_backward_capacity(wenzhou: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "backward", wenzhou)
    assert {f["verdict_en"] for f in found} == {"backward", "unknown"}  # type: ignore[attr-defined]


def test_structure_and_look_alikes(wenzhou: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "structure", wenzhou)["structure"][0]["firms"] == 60  # type: ignore[index]
    assert len(told(capsys, "look-alikes", wenzhou)["homogeneity"]) > 4  # type: ignore[index]
    near = told(capsys, "look-alikes", wenzhou, "--style", "ST001")
    assert [n["similarity"] for n in near] == sorted((n["similarity"] for n in near), reverse=True)  # type: ignore[attr-defined]
    assert run(["assess", "look-alikes", wenzhou, "--style", "nothing"]) == 2


def test_value_chain_and_people(planned: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "chain", *planned)["smile"][0]["role_en"] == "materials"  # type: ignore[index]
    assert len(told(capsys, "chain", *planned, "--firms")["places"]) == 10  # type: ignore[index]
    assert told(capsys, "people", *planned)["wages"] == []  # type: ignore[index]


def test_movement_on_the_curve_between_two_plans(planned: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "chain", *planned, "--before", planned[0], "--before-plan", planned[1])
    assert len(found["movement"]) == 10  # type: ignore[index]
    assert {m["moved"] for m in found["movement"]} == {0.0}  # type: ignore[index]
    assert run(["assess", "chain", *planned, "--before", planned[0]]) == 2


def test_grade_of_product(wenzhou: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "product", wenzhou)
    assert all(1 <= row["band"] <= 5 for row in found)  # type: ignore[attr-defined]
    assert run(["assess", "product", wenzhou, "--lang", "zh"]) == 0
    assert "价格带" in capsys.readouterr().out


def test_the_whole_as_page_and_workbook(wenzhou: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "report", wenzhou, str(tmp_path / "all.html"))
    assert found["tables"][:3] == ["counts", "grades", "rules"]  # type: ignore[index]
    assert "集群评价" in (tmp_path / "all.html").read_text(encoding="utf-8")
    assert run(["assess", "report", wenzhou, str(tmp_path / "all.xlsx"), "--lang", "zh"]) == 0
    assert (tmp_path / "all.xlsx").read_bytes().startswith(b"PK")
    assert run(["assess", "report", wenzhou, str(tmp_path / "all.pdf")]) == 2


def test_resilience_by_prices_and_dependence(
    planned: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = ["--out", str(tmp_path / "nodes.xlsx"), "--dependence", str(tmp_path / "dependence.csv")]
    found = told(capsys, "resilience", *planned, "--worst", "0", "--weeks", "3", *files)
    assert found["certified"] == 0  # type: ignore[index]
    assert {n["kind_en"] for n in found["nodes"]} == {"firm", "supplier", "district", "buyer"}  # type: ignore[index]
    assert {d["buyer"] for d in found["dependence"]} == {"B1"}  # type: ignore[index]
    assert (tmp_path / "nodes.xlsx").read_bytes().startswith(b"PK")
    assert "B1" in (tmp_path / "dependence.csv").read_text(encoding="utf-8-sig")
    assert run(["assess", "resilience", *planned, "--worst", "0", "--lang", "zh"]) == 0
    assert "停摆" in capsys.readouterr().out
    assert run(["assess", "resilience", *planned, "--weeks", "99"]) == 2


def test_one_firm_sees_nobody_else(wenzhou: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["assess", "firm", wenzhou, "F010", "--scheme", "ruian-like"]) == 0
    said = capsys.readouterr().out
    for other in first_sample("S")["firm"]["firm"]:
        assert other == "F010" or other not in said
    found = told(capsys, "firm", wenzhou, "F010", "--scheme", "ruian-like")
    assert found["unit"] == "F010"  # type: ignore[index]
    assert len(found["history"]) == 10  # type: ignore[index]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["grade", "--scheme", "nowhere"], "unknown-scheme"),
        (["grade", "--year", "1999"], "unknown-year"),
        (["firm", "F999"], "unknown-unit"),
        (["grade", "--out", "grades.pdf"], "bad-name"),
        (["grades"], "unknown-command"),
    ],
)
def test_what_cannot_be_is_refused_with_a_remedy(
    words: list[str], code: str, wenzhou: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["assess", words[0], *([wenzhou] if words != ["grades"] else []), *words[1:], "--json"]
    assert run(command) == 2
    error = json.loads(capsys.readouterr().err.split("\n", 0)[0])
    assert error["error"] == code
    assert error["remedy"]


def test_a_cluster_without_figures_is_told_so(planned: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["assess", "grade", planned[0], "--json"]) == 2
    assert json.loads(capsys.readouterr().err)["error"] == "no-figures"
