"""The cluster in the database: the same tables with the same hash, every version kept, changes whole and undone whole."""

from datetime import UTC, datetime

import polars as pl
import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from hypothesis import given, settings
from polars.testing import assert_frame_equal

from cordwainer.cluster import Cluster, dictionary
from cordwainer.core import DataErrors, UserError
from cordwainer.hub.models import AuditEntry, Change
from cordwainer.hub.pages.world import forget
from cordwainer.hub.store.evolve import evolve
from cordwainer.hub.store.frames import add, read
from cordwainer.hub.store.plans import keep_plan, plan_of
from cordwainer.hub.store.tables import MODELS
from cordwainer.hub.store.versions import cluster_at, commit, head, live, undo
from cordwainer.hub.store.viewing import whole
from tests.small_plan import small_cluster, small_plan
from tests.strategies import clusters


@given(cluster=clusters())
@settings(max_examples=5)
def test_a_cluster_is_equal_after_a_round_trip(database: None, cluster: Cluster) -> None:
    with transaction.atomic():
        forget()
        commit(None, "import", "", cluster.frames)
        found = live()
        transaction.set_rollback(True)
    forget()
    for name, frame in cluster.frames.items():
        assert_frame_equal(found[name], frame, check_row_order=False)
    assert found.hash == cluster.hash


@pytest.mark.usefixtures("hub")
def test_a_plan_is_equal_after_a_round_trip_and_needs_its_own_cluster() -> None:
    commit(None, "import", "", small_cluster().frames)
    run = keep_plan(None, head(), small_plan(), certified=None, note="")
    for name, frame in small_plan().frames.items():
        assert_frame_equal(plan_of(run.pk)[name], frame)
    changed = live()["firm"].with_columns(founded=pl.lit(1999))
    commit(None, "edit", "", {"firm": changed})
    with pytest.raises(UserError) as caught:
        keep_plan(None, head(), small_plan(), certified=None, note="")
    assert caught.value.code == "plan-of-other-data"


@pytest.mark.usefixtures("hub")
def test_older_versions_stay_as_they_were() -> None:
    commit(None, "import", "", small_cluster().frames)
    first = head()
    cheaper = pl.when(pl.col("line") == "L00cu").then(399).otherwise("fen_pair").alias("fen_pair")
    commit(None, "edit", "", {"line_statement": live()["line_statement"].with_columns(cheaper)})
    forget()
    assert cluster_at(first).hash == small_cluster().hash
    assert live()["line_statement"].filter(line="L00cu")["fen_pair"].item() == 399
    entry = AuditEntry.objects.get(action="field")
    assert (entry.table, entry.column, entry.old, entry.new) == ("line_statement", "fen_pair", "400", "399")
    assert entry.row == "L00cu|2026-03-02"


@pytest.mark.usefixtures("hub")
def test_a_change_that_changes_nothing_is_none() -> None:
    commit(None, "import", "", small_cluster().frames)
    assert commit(None, "import", "again", small_cluster().frames) is None


@pytest.mark.usefixtures("hub")
def test_a_change_that_breaks_a_rule_leaves_nothing_behind() -> None:
    commit(None, "import", "", small_cluster().frames)
    before = (head(), AuditEntry.objects.count())
    with pytest.raises(DataErrors):
        commit(None, "edit", "", {"site": live()["site"].with_columns(firm=pl.lit("nobody"))})
    assert (head(), AuditEntry.objects.count()) == before
    assert live().hash == small_cluster().hash


@pytest.mark.usefixtures("hub")
def test_undo_brings_back_what_was_unless_a_later_change_stands_on_it() -> None:
    commit(None, "import", "", small_cluster().frames)
    renamed = live()["firm"].with_columns(name_en=pl.lit("Renamed"))
    first = commit(None, "edit", "", {"firm": renamed})
    assert first is not None
    undo(None, first.pk)
    assert live().hash == small_cluster().hash
    second = commit(None, "edit", "", {"firm": renamed})
    commit(None, "edit", "", {"firm": renamed.with_columns(name_en=pl.lit("Again"))})
    assert second is not None
    with pytest.raises(UserError) as caught:
        undo(None, second.pk)
    assert caught.value.code == "later-change"


@pytest.mark.usefixtures("hub")
def test_the_database_itself_holds_one_live_row_of_each_key() -> None:
    commit(None, "import", "", small_cluster().frames)
    with pytest.raises(IntegrityError), transaction.atomic(), whole():
        MODELS["firm"].objects.create(since=head(), c_firm="F00", c_status="active")


@pytest.mark.usefixtures("database")
def test_a_table_or_column_that_the_dictionary_gained_is_added() -> None:
    add("line", small_cluster()["line"].head(1), since=1)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE t_payment")
        cursor.execute("ALTER TABLE t_line DROP COLUMN tier")
    evolve("default")
    tier = dictionary.tables()["line"].column("tier").default
    assert read("line", Q())["tier"].to_list() == [int(tier)]
    assert read("payment", Q()).is_empty()
    with whole():
        MODELS["line"].objects.all().delete()


@pytest.mark.usefixtures("database")
def test_a_column_that_older_rows_cannot_have_is_refused() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE t_line RENAME COLUMN stage TO kept")
        with pytest.raises(UserError) as caught:
            evolve("default")
        cursor.execute("ALTER TABLE t_line RENAME COLUMN kept TO stage")
    assert caught.value.code == "column-without-default"


@pytest.mark.usefixtures("hub")
def test_versions_are_told_in_the_sequence_of_changes() -> None:
    commit(None, "import", "", small_cluster().frames)
    change = Change.objects.get()
    assert change.kind == "import"
    assert abs((datetime.now(UTC) - change.at).total_seconds()) < 60
