"""A cluster or plan is the same after a round trip through each format, with one hash."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from polars.testing import assert_frame_equal

from cordwainer.cluster import Cluster, Plan
from cordwainer.exchange import FORMATS, Format, read_cluster, read_plan, write_cluster, write_plan
from tests.strategies import clusters, plans


def _path(folder: str, form: Format) -> Path:
    return Path(folder) / ("book.xlsx" if form == "excel" else form)


@pytest.mark.parametrize("form", FORMATS)
@given(cluster=clusters())
@settings(max_examples=12)
def test_a_cluster_is_equal_after_a_round_trip(form: Format, cluster: Cluster) -> None:
    with TemporaryDirectory() as folder:
        path = _path(folder, form)
        write_cluster(cluster, path, form)
        read = read_cluster(path)
    for name, frame in cluster.frames.items():
        assert_frame_equal(read.cluster[name], frame)
    assert read.cluster.hash == cluster.hash
    assert read.counts["rejected"].sum() == 0
    assert read.counts["rows_in"].sum() == sum(f.height for f in cluster.frames.values())


@pytest.mark.parametrize("form", FORMATS)
@given(plan=plans())
@settings(max_examples=12)
def test_a_plan_is_equal_after_a_round_trip(form: Format, plan: Plan) -> None:
    with TemporaryDirectory() as folder:
        path = _path(folder, form)
        write_plan(plan, path, form)
        read = read_plan(path).plan
    for name, frame in plan.frames.items():
        assert_frame_equal(read[name], frame)
