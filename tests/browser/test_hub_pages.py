"""The hub in a browser: main pages of planner and makers at desk and phone width, in both languages, with axe."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import URLError

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from cordwainer.hub.signin.totp import code_at

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
PHONE = "13800000001"
FILL = f"""
from datetime import date, timedelta
from cordwainer.hub import bring_in, migrate
from tests.unit.hub.figures import graded_cluster
from tests.unit.hub.worlds import plan_for, stocked
migrate()
from cordwainer.hub.acts.accounts import make
from cordwainer.hub.acts.publish import publish
from cordwainer.hub.models import Account, Run
town = stocked(graded_cluster())
_, run = bring_in(town, plan_for(town), "small")
Run.objects.update(certified=True)
publish(None, Run.objects.get(), date.today())
make("planner", "Planner", "planner", "", "quite a long password")
make("inspector", "Inspector", "inspector", "", "quite a long password")
Account.objects.filter(login__in=["planner", "inspector"]).update(totp_secret="GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
make("{PHONE}", "Maker", "maker", "F00", "")
from tests.unit.hub.floor_world import leave_floor
leave_floor()
from cordwainer.hub.signin.tokens import make_token
from django.conf import settings
(settings.FOLDER / "token").write_text(make_token(Account.objects.get(login="{PHONE}"), "client"))
"""


@dataclass(frozen=True)
class Site:
    """A hub that is served: its address, its folder, and what it has written on its screen."""

    address: str
    folder: Path
    screen: Path

    def told(self) -> str:
        """Return what the server wrote last."""
        return self.screen.read_text(encoding="utf-8")


def _environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "CORDWAINER_HUB_DIR": str(folder), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 (this machine)
            return bool(answer.status == 200)
    except (URLError, TimeoutError):  # not there yet, or busy
        return False


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve the small town with the program itself, as an operator would."""
    folder = tmp_path_factory.mktemp("hub")
    program = f"from cordwainer.hub.commands import set_up; set_up()\n{FILL}"
    subprocess.run([sys.executable, "-c", program], env=_environment(folder), check=True)
    port = _free_port()
    screen = folder / "screen.txt"
    command = [sys.executable, "-m", "cordwainer.cli", "hub", "serve", "--port", str(port)]
    with screen.open("w") as out:
        server = subprocess.Popen(command, env=_environment(folder), stdout=out, stderr=out)
        address = f"http://127.0.0.1:{port}"
        for _ in range(600):
            if _answers(address):
                break
            time.sleep(0.2)
        yield Site(address, folder, screen)
        server.terminate()
        assert server.wait(timeout=120) == 0


def _sign_in_maker(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/sign-in/")
    page.fill("input[name=phone]", PHONE)
    page.click("form:has(input[name=phone]) button")
    page.wait_for_url("**/code/")
    code = site.told().rsplit(f"[{PHONE}]", 1)[1]
    page.fill("input[name=code]", "".join(c for c in code if c.isdigit())[:6])
    page.keyboard.press("Enter")
    page.wait_for_url("**/firm/")


def _sign_in_planner(page: Page, site: Site, login: str = "planner", home: str = "plan") -> None:
    page.goto(f"{site.address}/sign-in/")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", "quite a long password")
    page.keyboard.press("Enter")
    page.wait_for_url("**/second/")
    now = int(datetime.now(UTC).timestamp()) // 30
    page.fill("input[name=code]", code_at("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", now))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{home}/")


def _sign_in_inspector(page: Page, site: Site) -> None:
    _sign_in_planner(page, site, "inspector", "office")


@pytest.fixture(scope="module")
def states(browser: Browser, site: Site) -> dict[str, str]:
    """Sign a maker, a planner and an inspector in through the pages, and return the cookies of each as a file."""
    found = {}
    for role, sign_in in (("maker", _sign_in_maker), ("planner", _sign_in_planner), ("inspector", _sign_in_inspector)):
        context = browser.new_context()
        sign_in(context.new_page(), site)
        found[role] = str(site.folder / f"{role}.json")
        context.storage_state(path=found[role])
        context.close()
    return found


PAGES = {
    "planner": [
        "/plan/imports/",
        "/tokens/",
        "/plan/",
        "/plan/unmet/",
        "/plan/order/O009/",
        "/plan/firm/F00/",
        "/plan/runs/",
        "/papers/purchase-order/P1/",
        "/papers/traveller/O000-1/",
        "/plan/desk/",
        "/floor/",
        "/floor/order/O000/",
        "/floor/statements/",
    ],
    "maker": [
        "/firm/",
        "/firm/offers/O000-1/",
        "/firm/weeks/",
        "/firm/line/",
        "/firm/consents/",
        "/firm/grade/",
        "/papers/outwork/O000-1/for/F00/",
        "/floor/",
        "/floor/lot/O000-1/",
        "/floor/claims/1/",
        "/floor/statements/2026-03.desk.F00/",
    ],
    "inspector": ["/office/", "/office/grades/", "/office/backward/", "/office/structure/"],
    "public": ["/", "/sign-in/"],
}


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("role", PAGES)
def test_pages_fit_are_silent_and_accessible(
    browser: Browser, site: Site, states: dict[str, str], role: str, language: str, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844}, storage_state=states.get(role))
    context.add_cookies([{"name": "language", "value": language, "url": site.address}])
    page, said, asked = context.new_page(), list[str](), list[str]()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda sent: asked.append(sent.url))
    for address in PAGES[role]:
        page.goto(f"{site.address}{address}")
        assert page.evaluate("document.documentElement.lang") == ("en" if language == "en" else "zh-Hans")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert said == [], address
        small = page.evaluate(
            "[...document.querySelectorAll('button, .button, nav a')].filter(e => e.offsetParent)"
            ".filter(e => e.getBoundingClientRect().height < 24).map(e => e.textContent)"
        )
        assert small == [], address
        if (width, language) in ((1280, "en"), (390, "zh")):
            found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
            assert found.violations_count == 0, f"{address}: {found.generate_report()}"
    assert all(url.startswith((site.address, "data:")) for url in asked)
    context.close()


def test_a_maker_accepts_an_offer_on_a_phone(browser: Browser, site: Site, states: dict[str, str]) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, storage_state=states["maker"])
    page = context.new_page()
    page.goto(f"{site.address}/firm/")
    page.locator(".offer a.primary").first.click()
    page.click("button[value=accept]")
    expect(page.locator(".done")).to_have_count(1)
    context.close()


def test_a_handover_without_connection_is_kept_and_counts_once(
    browser: Browser, site: Site, states: dict[str, str]
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, storage_state=states["maker"])
    page = context.new_page()
    page.goto(f"{site.address}/floor/lot/O000-1/")
    page.fill("#give-sole input[name=good]", "7")
    context.set_offline(True)
    page.click("#give-sole button")
    told = page.locator("[data-outbox-told]")
    expect(told).to_be_visible()
    page.click("#give-sole button")  # pressed again: the same form
    expect(told).to_have_text(str(told.get_attribute("data-waiting")))
    context.set_offline(False)
    expect(told).to_be_hidden(timeout=30_000)
    page.goto(f"{site.address}/floor/lot/O000-1/")
    expect(page.locator("a[href*='/floor/handovers/']").filter(has_text="7")).to_have_count(1)
    context.close()


def test_a_plan_is_started_and_its_progress_renews_itself(browser: Browser, site: Site, states: dict[str, str]) -> None:
    context = browser.new_context(storage_state=states["planner"])
    page = context.new_page()
    page.goto(f"{site.address}/plan/runs/")
    page.fill("input[name=seconds]", "5")
    page.click("form:has(input[name=seconds]) button")
    page.wait_for_url("**/jobs/*/")
    expect(page.locator("#job a.primary")).to_be_visible(timeout=120_000)
    page.click("#job a.primary")
    expect(page.locator(".verdict.good")).to_be_visible()
    context.close()


def test_the_pages_work_by_keyboard_alone(browser: Browser, site: Site, states: dict[str, str]) -> None:
    context = browser.new_context(storage_state=states["planner"])
    page = context.new_page()
    page.goto(f"{site.address}/plan/orders/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.focus("input[name=q]")
    page.keyboard.type("O009")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=O009**")
    expect(page.locator("tbody tr")).to_have_count(1)
    context.close()


@pytest.mark.parametrize("language", ["", ".zh"])
def test_the_client_of_the_documentation_runs(site: Site, language: str) -> None:
    """Shown twice, it is run twice: the second time the same keys change nothing."""
    said = (ROOT / "docs" / "how-to" / f"api{language}.md").read_text(encoding="utf-8")
    program = said.split("```python\n")[1].split("```")[0]
    token = (site.folder / "token").read_text(encoding="utf-8")
    environment = {**os.environ, "CORDWAINER_URL": site.address, "CORDWAINER_TOKEN": token}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("I am F00\n")
    assert done.stdout.endswith(" statements of my lines\n")


def test_a_file_is_sent_mended_and_brought_in(browser: Browser, site: Site, states: dict[str, str]) -> None:
    context = browser.new_context(storage_state=states["planner"], viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{site.address}/plan/imports/")
    rows = "order,po,style,pairs,price,due_date\nN1,P1,Y1,abc,120,2026-04-05\n"
    page.set_input_files("input[type=file]", {"name": "order.csv", "mimeType": "text/csv", "buffer": rows.encode()})
    page.click(".send button")
    page.wait_for_url("**/imports/*/")
    page.locator("td.cell input:not([type=hidden])").fill("300", timeout=60_000)
    page.click("button[value=mend]")
    page.locator("button[value=all]").click(timeout=60_000)
    expect(page.locator(".done")).to_be_visible(timeout=60_000)
    context.close()
