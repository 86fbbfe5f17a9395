"""What recognition gets wrong and the rest of the document puts right."""

from collections import Counter

import pytest

scan = pytest.importorskip("corpus.readers.scan")


@pytest.mark.parametrize(
    ("glued", "apart"),
    [
        ("cáccơsở", "các cơ sở"),
        ("Xãhội,", "Xã hội,"),
        ("bảntin", "bản tin"),
        ("nghiệp", "nghiệp"),
        ("website", "website"),
        ("kiengiang", "kiengiang"),
    ],
)
def test_glued_syllables_are_split_and_foreign_words_are_not(glued, apart):
    assert scan._unglued(glued, Counter(["các", "cơ", "sở"])) == apart


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("thông;cơ", "thông; cơ"),
        ("động-Thương", "động - Thương"),
        ("động-", "động -"),
        ("QĐ-UBND", "QĐ-UBND"),
        ("766/QĐ-", "766/QĐ-"),
        ("pa-nô", "pa-nô"),
        ("10:30", "10:30"),
        ("https://a.vn", "https://a.vn"),
    ],
)
def test_lost_spaces_come_back_and_only_they(read, meant):
    assert scan._spaced(read) == meant


@pytest.mark.parametrize(
    ("text", "sure", "speck"),
    [("_", 90, True), ("|", 90, True), (".", 20, True), ("-", 90, False), ("cơ", 20, False)],
)
def test_what_is_left_of_a_rule_is_a_speck(text, sure, speck):
    assert scan._is_speck(text, sure) is speck


@pytest.mark.parametrize(
    ("ordinal", "next_ones"),
    [("3", {"4", "3.1"}), ("5.2", {"5.3", "5.2.1"}), ("III", {"IV", "1"}), ("-", set())],
)
def test_ordinals_know_what_may_follow_them(ordinal, next_ones):
    assert scan._successors(ordinal) == next_ones
