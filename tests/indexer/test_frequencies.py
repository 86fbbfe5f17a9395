"""Counted words are found again, and words nobody wrote are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.frequencies import Frequencies, FrequencyCounter, count_terms

TEXTS = ("Tuyên truyền trên báo", "Báo chí tuyên truyền, tuyên truyền", "")


@pytest.fixture(params=["written", "in memory"])
def frequencies(request: pytest.FixtureRequest, tmp_path: Path) -> Frequencies:
    counter = FrequencyCounter()
    for text in TEXTS:
        counter.add(count_terms([text]), 1)
    if request.param == "in memory":
        return counter.opened()
    counter.write(tmp_path)
    return Frequencies.open(tmp_path)


@pytest.mark.parametrize(
    ("term", "count"),
    [("tuyen", 2), ("tuyen truyen", 2), ("bao", 2), ("bao chi", 1), ("chi bao", 0), ("xe", 0)],
)
def test_a_term_counts_once_for_each_text_that_has_it(frequencies, term, count):
    assert frequencies.count(term) == count


def test_every_text_is_a_document_and_syllables_are_listed(frequencies):
    assert frequencies.documents == 3
    assert frequencies.syllables == {"tuyen", "truyen", "tren", "bao", "chi"}
