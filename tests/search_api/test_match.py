"""How much of a topic a text covers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Span
from corpus.text import tokenise
from indexer.frequencies import Frequencies
from search_api.match import Topic, words_of
from search_api.numbered import Numbered, Syllables, Texts
from search_api.vocabulary import Vocabulary

TEXTS = (
    "tuyên truyền trên báo chí",
    "tuyên truyền qua phương tiện giao thông công cộng",
    "giao lưu, trao đổi thông tin",
    "đường bộ",
    "dương xỉ",
)
WORDS = Vocabulary(Frequencies.of(TEXTS))


def topic(text: str, *words: str) -> Topic:
    spans = tuple(Span(text.index(word), text.index(word) + len(word)) for word in words)
    return Topic(tokenise(text), WORDS, spans)


def fit(asked: str, text: str, *words: str, weight: float = 1.0) -> float:
    return topic(asked, *words).fit([words_of(text, weight)])


def test_the_words_themselves_cover_all():
    assert fit("báo chí", "tuyên truyền trên báo chí") == pytest.approx(1)


def test_other_words_cover_nothing():
    assert fit("báo chí", "đường bộ") == 0


def test_no_topic_fits_nothing():
    assert not topic("")
    assert fit("", "báo chí") == 0


def test_unmarked_words_are_the_marked_ones():
    assert fit("bao chi", "báo chí") == pytest.approx(1)


def test_other_marks_are_mostly_another_word():
    assert 0 < fit("đường", "dương xỉ") < 0.3 < fit("duong", "dương xỉ")


def test_a_synonym_is_nearly_the_word():
    assert 0.5 < fit("báo chí", "thông tấn") < fit("báo chí", "báo chí")


def test_the_syllables_of_a_word_in_other_words_are_not_the_word():
    torn = fit("giao thông", "giao lưu, trao đổi thông tin", "giao thông")
    assert torn < 0.1 < fit("giao thông", "giao lưu, trao đổi thông tin")


WEIGHTS = (1.0, 0.8, 0.5)


def many(*said):
    """Several texts side by side, the parts of each counting less and less."""
    syllables = Syllables()
    texts = [Numbered(syllables.read(parts), WEIGHTS[: len(parts)]) for parts in said]
    return Texts(texts, syllables)


def run(asked, target):
    """The longest stretch of what was typed that one part of `target` has, tried one by one."""
    said = asked._said
    stretches = [
        said[first:last]
        for first in range(len(said))
        for last in range(first + 1, len(said) + 1)
        if any(f" {' '.join(said[first:last])} " in words.keys for words in target)
    ]
    return max(map(len, stretches), default=0) / len(said) if said else 0.0


def test_the_longest_stretch_that_stands_as_typed_is_told():
    asked = "xây dựng kế hoạch chuyển đổi số"
    about = Topic(tokenise("chuyển đổi số"), WORDS, (), asked)
    said = many(["kế hoạch chuyển đổi số của tỉnh"], ["số hóa"])
    assert about.runs(said) == pytest.approx([5 / 7, 1 / 7])
    assert topic("chuyển đổi số").runs(said).tolist() == [0, 0]


def test_a_lighter_text_counts_less():
    assert fit("báo chí", "báo chí", weight=0.5) == pytest.approx(0.5)


def test_words_of_every_talk_say_little():
    wrapped = fit("muốn coi báo chí", "tuyên truyền trên báo chí")
    assert fit("rừng biển báo chí", "tuyên truyền trên báo chí") < wrapped < 1


def test_without_marks_a_word_that_no_plan_has_may_be_one_of_every_talk():
    assert fit("coi bao chi", "tuyên truyền trên báo chí") > 0.8


def test_a_synonym_that_no_plan_has_explains_no_word():
    known = topic("cảnh sát rừng biển").unknown_share
    assert known == topic("mạch điện rừng biển").unknown_share
    assert topic("quảng bá rừng biển").unknown_share == 1
    assert topic("phổ biến rừng biển").unknown_share < 1


def test_the_share_of_words_no_plan_has_is_told():
    assert topic("tổng thống hợp chủng quốc").unknown_share > 0.5
    assert topic("báo chí").unknown_share == 0


def test_a_topic_without_some_words_is_the_rest():
    assert topic("tuyên truyền báo chí").without(frozenset({"bao", "chi"})).text == ("tuyên truyền")
    beyond = topic("tuyên truyền đường bộ").beyond([words_of("Tuyên truyền", 1.0)])
    assert beyond.text == "đường bộ"


def test_a_word_is_said_only_where_its_syllables_stand_together():
    asked = "an toàn giao thông"
    about = Topic(tokenise(asked), WORDS, (Span(0, 7), Span(8, 18)))
    title = (words_of("Truyền thông về giáo dục", 1.0),)
    assert about.beyond(title).text == asked
    assert about.beyond((words_of("Giao thông", 1.0),)).text == "an toàn"


@given(st.text(max_size=60), st.text(max_size=60), st.floats(0.1, 1))
def test_a_fit_is_a_share(asked, text, weight):
    assert 0 <= Topic(tokenise(asked), WORDS).fit([words_of(text, weight)]) <= 1.0001


SYLLABLES = ("truyen", "truyện", "bao", "chi", "duong", "dường", *" ".join(TEXTS).split())
SPOKEN = st.lists(st.sampled_from(SYLLABLES), max_size=8).map(" ".join)
ASKED = st.sampled_from(
    (
        topic("tuyên truyền báo chí", "tuyên truyền", "báo chí"),
        topic("tuyen truyen bao chi", "tuyen truyen"),
        topic("giao thông đường bộ", "giao thông"),
        topic("đường truyền thông tin"),
        Topic(tokenise("đường báo chí"), WORDS, said="tuyên truyền trên đường báo chí"),
        topic(""),
    )
)


def test_texts_that_have_a_word_are_counted_once_each():
    said = many(["báo chí, báo chí", "báo chí"], ["báo", "chí"], ["bao chi"])
    assert [said.count(key) for key in ("bao chi", "bao", "duong")] == [2, 3, 0]


@given(ASKED, st.lists(st.lists(SPOKEN, min_size=1, max_size=3), min_size=1, max_size=5))
def test_many_texts_fit_and_run_as_each_does_alone(asked, said):
    texts = many(*said)
    alone = [list(map(words_of, parts, WEIGHTS)) for parts in said]
    assert asked.fits(texts).tolist() == [asked.fit(words) for words in alone]
    assert asked.runs(texts).tolist() == [run(asked, words) for words in alone]
    assert asked.beyond_each(texts) == [asked.beyond(words) for words in alone]
