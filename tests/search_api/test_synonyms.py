"""The groups of words that stand for one thing."""

import unicodedata
from pathlib import Path

import pytest

import search_api
from corpus.text import tokenise
from search_api.synonyms import groups

LINES = [
    line
    for line in (Path(search_api.__file__).parent / "weights" / "synonyms.txt")
    .read_text(encoding="utf-8")
    .splitlines()
    if not line.startswith("#")
]


def test_each_line_is_a_group_of_different_words():
    assert len(LINES) == len(groups()) == len(set(LINES))
    for line in LINES:
        members = line.split(" | ")
        assert len(members) == len(set(members)) > 1
        assert line == unicodedata.normalize("NFC", line).lower()


@pytest.mark.parametrize("said", ["ma túy", "ma tuy"])
def test_a_member_is_found_however_it_is_typed(said):
    line = " ".join(token.text for token in tokenise(said))
    assert any("chất gây nghiện" in g.members and g.pattern.search(line) for g in groups())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("dân quân", "dân phòng"),
        ("khiếu nại", "tố cáo"),
        ("hội viên", "đoàn viên"),
        ("tạm trú", "thường trú"),
        ("cụm công nghiệp", "khu công nghiệp"),
        ("hộ nghèo", "hộ cận nghèo"),
        ("chuyển đổi số", "số hóa"),
    ],
)
def test_what_is_only_akin_is_no_synonym(one, other):
    assert not any({one, other} <= set(group.members) for group in groups())
