"""Programs for the test that kills writers: found a town, write in it until killed, look what is left."""

import random
import sys
from datetime import date
from typing import NoReturn

from django.db import connection

from cordwainer.hub.acts.lines import SixAnswers, state_line
from cordwainer.hub.acts.reply import answer
from cordwainer.hub.audit.verify import faults
from cordwainer.hub.models import Account, Change, Reply, Run
from cordwainer.hub.store.versions import live
from tests.unit.hub.worlds import publish_small

DAY = date(2026, 3, 2)


def found() -> None:
    """Found the town."""
    publish_small(date(2026, 3, 1))


def write(seed: int) -> NoReturn:
    """Say no to one offer after the other, and state a line again and again, telling of each."""
    rng = random.Random(seed)  # noqa: S311 (to be repeatable)
    account, run = Account.objects.get(login="maker"), Run.objects.get()
    own = live()["promise_line"].filter(line="L00cu")["lot"].sort().to_list()
    while True:
        left = [lot for lot in own if not Reply.objects.filter(lot=lot).exists()]
        if left:
            answer(account, run, left[0], "decline", "", DAY)
        kinds = (("cemented", "dress_men"),)
        state_line(account, SixAnswers("cutting", rng.randint(1, 99), 8.0, kinds, 500, 400), DAY, "L00cu")
        print("written", flush=True)


def look() -> None:
    """Say how many changes and replies there are, and fail where something is half done, lost or doubled."""
    states = dict(live()["promise"].select("lot", "status").iter_rows())
    said = dict(Reply.objects.values_list("lot", "answer"))
    assert [fault.en for fault in faults()] == []
    assert {lot for lot, state in states.items() if state == "declined"} == set(said)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        assert cursor.fetchone() == ("ok",)
    print(Change.objects.count(), len(said))


if __name__ == "__main__":
    {"found": found, "look": look}.get(sys.argv[1], lambda: write(int(sys.argv[1])))()
