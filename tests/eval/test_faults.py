"""A short run of every fault; `kehoach eval faults --tries 100` is the long one."""

import os
import shutil
from collections.abc import Iterator

import pytest

from eval.faults import (
    Ground,
    Tally,
    change_bytes,
    fill_disk,
    jump_clock,
    kill_writers,
    render_tallies,
    swap_while_served,
    write_together,
)

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts a small disk")
with_faketime = pytest.mark.skipif(not shutil.which("faketime"), reason="needs faketime")


@pytest.fixture(scope="module")
def ground(tmp_path_factory, encoder):
    return Ground(tmp_path_factory.mktemp("faults"), encoder)


def outcome(tallies: Iterator[Tally]) -> Tally:
    *_, last = tallies
    assert last.losses == []
    return last


def test_a_writer_killed_at_any_moment_leaves_the_old_index_or_the_new_one(ground):
    assert outcome(kill_writers(ground, 4)).tries == 4


def test_a_byte_changed_in_any_file_is_found_and_the_file_is_named(ground):
    files = sum(path.is_file() for path in ground.index.rglob("*"))
    tally = outcome(change_bytes(ground, files * 3))
    assert tally.seen == {"found when opened, file named": files * 3}


def test_of_two_writers_at_once_one_builds_and_the_other_is_refused_or_follows(ground):
    outcome(write_together(ground, 1))


@as_root
def test_a_disk_that_fills_up_leaves_the_old_index(ground):
    tally = outcome(fill_disk(ground, 2))
    assert any(what.startswith("refused") for what in tally.seen)


@with_faketime
def test_a_clock_that_jumps_changes_nothing(ground):
    outcome(jump_clock(ground, 1))


def test_an_index_swapped_under_a_server_fails_no_request(ground):
    tally = outcome(swap_while_served(ground, 2))
    assert tally.seen["new index live"] == 2
    assert tally.seen["request answered meanwhile"] > 0


def test_a_loss_is_told_with_the_fault_it_came_from():
    tally = Tally("disk full")
    tally.note("refused")
    tally.lose("gone")
    assert "| disk full | 2 | refused: 1 | 1 |\n- disk full: gone" in render_tallies([tally])
