"""Pages of the assessment: offices see what is official, an owner the firm's own page and groups of others, and trade shows nowhere."""

import re
from collections.abc import Iterator
from datetime import date

import polars as pl
import pytest
from django.db import transaction

from cordwainer.assessment import evaluate, read_scheme
from cordwainer.cluster import Cluster, sample
from cordwainer.hub.access import assessed
from cordwainer.hub.access.viewer import Viewer
from cordwainer.hub.pages import world
from tests.unit.hub.figures import graded_cluster
from tests.unit.hub.worlds import Town, publish_small

_CHANGING = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
OFFICE = ("/office/grades/", "/office/backward/", "/office/structure/")


@pytest.fixture(scope="module")
def graded(database: None) -> Iterator[Town]:
    """Found a town whose makers have official figures."""
    world.forget()
    with transaction.atomic():
        yield publish_small(date(2026, 3, 1), graded_cluster())
        transaction.set_rollback(True)
    world.forget()


def said(town: Town, role: str, address: str, language: str = "en") -> str:
    """Return a page as a role sees it."""
    answer = town.client(role, language).get(address)
    assert answer.status_code == 200
    return _CHANGING.sub("", answer.content.decode())


def test_offices_see_grades_evidence_and_structure(graded: Town) -> None:
    grades = said(graded, "officer", "/office/grades/?scheme=ruian-like")
    assert "trial" in grades
    assert "Maker 9 &amp; Sons" in grades
    assert "Not verified:" in grades
    backward = said(graded, "inspector", "/office/backward/")
    assert "Maker 3 &amp; Sons" in backward
    assert "solvent" in backward
    assert "HHI" in said(graded, "officer", "/office/structure/")
    assert "产业结构" in said(graded, "officer", "/office/structure/", "zh")


def test_an_owner_sees_the_own_page_and_no_other_firm(graded: Town) -> None:
    page = said(graded, "maker", "/firm/grade/")
    for part in ("Grade ", "Strongest numbers", "Weakest numbers", "better than", "2024", "Next step"):
        assert part in page
    for k in range(1, 10):
        assert f"F0{k}" not in page
        assert f"Maker {k} " not in page
    assert "我的档次" in said(graded, "maker", "/firm/grade/", "zh")
    assert "is not graded" in said(graded, "buyer", "/firm/grade/")


def test_rules_that_find_the_firm_are_told_to_it_alone(graded: Town) -> None:
    assert "solvent" in said(graded, "maker", "/firm/grade/")
    assert "solvent" not in said(graded, "supplier", "/firm/grade/")


def test_without_figures_pages_say_so(town: Town) -> None:
    for address in OFFICE:
        assert "no official figures" in said(town, "officer", address)
    assert "is not graded" in said(town, "maker", "/firm/grade/")


def test_an_unknown_scheme_is_the_usual_one(graded: Town) -> None:
    assert said(graded, "officer", "/office/grades/?scheme=../x").count("selected") >= 1


def pages_of(cluster: Cluster) -> dict[tuple[str, str], str]:
    """Return the pages of the assessment by role and address in a world of their own."""
    with transaction.atomic():
        town = publish_small(date(2026, 3, 1), cluster)
        found = {("officer", a): said(town, "officer", a) for a in OFFICE}
        found["maker", "/firm/grade/"] = said(town, "maker", "/firm/grade/")
        transaction.set_rollback(True)
    world.forget()
    return found


def test_trade_secrets_show_on_no_page_of_the_assessment(database: None) -> None:
    """Two worlds that differ in what firms state for trade: offices and owners read the same pages."""
    cluster = graded_cluster()
    statement = cluster["line_statement"].with_columns(
        pl.col("people") * 3, pl.col("fen_pair") * 2, pl.col("pairs_day") * 2
    )
    order = cluster["order"].with_columns(pl.col("price") * 2)
    assert pages_of(cluster) == pages_of(cluster.replace(line_statement=statement, order=order))


def test_anothers_figures_show_to_the_owner_only_in_groups(database: None) -> None:
    """One other firm's figure, changed where it moves no quartile and nobody's place, leaves the owner's page as it was."""
    before = pages_of(graded_cluster())
    after = pages_of(graded_cluster(F09={"tax_yuan": 1e8}))
    assert before["officer", "/office/grades/"] != after["officer", "/office/grades/"]
    assert before["maker", "/firm/grade/"] == after["maker", "/firm/grade/"]


def test_official_data_alone_give_the_same_grades() -> None:
    """What an office may read without any consent is all that a grade reads."""
    cluster = sample("S", 1)
    shown = assessed.official(cluster)
    assert shown["line_statement"].is_empty()
    assert shown["order"].is_empty()
    assert shown["site"]["address"].null_count() == shown["site"].height
    for name in ("huangyan-2022", "wenling-parks-2022", "ruian-like"):
        scheme = read_scheme(name)
        whole, official = evaluate(cluster, scheme), evaluate(shown, scheme)
        assert whole.frame(2025).equals(official.frame(2025)), name


def test_the_planner_sees_where_the_value_is_made(graded: Town) -> None:
    chain = said(graded, "planner", "/plan/assessed/chain/")
    assert '<svg class="curve"' in chain
    assert "materials" in chain
    assert "价值链" in said(graded, "planner", "/plan/assessed/people/", "zh")
    assert "Homogeneity" in said(graded, "planner", "/plan/assessed/look-alikes/")


def test_the_planner_sees_what_breaks_the_cluster_and_who_hangs_on_one_buyer(graded: Town) -> None:
    page = said(graded, "planner", "/plan/assessed/resilience/")
    for part in ("never pays", "Sales at risk", "Largest buyer"):
        assert part in page
    assert "Survives" not in page
    assert "不付款" in said(graded, "planner", "/plan/assessed/resilience/", "zh")
    assert graded.client("officer", "en").get("/plan/assessed/resilience/").status_code == 404


def test_nobody_else_is_answered() -> None:
    for role in ("planner", "public", "maker"):
        assert assessed.backward_list(Viewer(role)) is None
        assert assessed.concentration(Viewer(role)) is None
        assert assessed.grades(Viewer(role), assessed.DEFAULT) is None
    for role in ("planner", "officer", "public"):
        assert assessed.own_page(Viewer(role), assessed.DEFAULT) is None
