"""A hub without data or plan says so on every page."""

import pytest

from cordwainer.hub.models import Run
from tests.unit.hub.worlds import Town, accounts


@pytest.mark.usefixtures("hub")
def test_an_empty_hub_says_what_to_do() -> None:
    assert Run.objects.count() == 0
    town = Town(Run(), accounts())
    assert "There is no plan yet" in town.client("planner").get("/plan/").content.decode()
    for address in ("/firm/", "/firm/offers/", "/firm/weeks/", "/firm/money/", "/firm/data/", "/prices/", "/"):
        assert town.client("maker").get(address).status_code == 200, address
    assert town.client("planner").get("/plan/orders/").status_code == 404
