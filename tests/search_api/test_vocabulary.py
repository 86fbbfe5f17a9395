"""Rare words weigh more, and only what fits its neighbours is a slip."""

from corpus.text import tokenise
from indexer.frequencies import Frequencies
from search_api.vocabulary import Vocabulary

TEXTS = ("tuyên truyền trên báo chí", "phối hợp với báo chí", "phối hợp với nhà trường")


def correct(text: str, usual: bool = False, known: frozenset[str] = frozenset()) -> dict[int, str]:
    return Vocabulary(Frequencies.of(TEXTS)).correct(tokenise(text), known, lambda *_: usual)


def test_a_rare_word_weighs_more_than_a_common_one_and_an_unknown_one_most():
    words = Vocabulary(Frequencies.of(TEXTS))
    assert words.rarity("khong-co") > words.rarity("truong") > words.rarity("hop") > 0


def test_pairs_are_known_as_well_as_syllables():
    words = Vocabulary(Frequencies.of(TEXTS))
    assert "bao chi" in words
    assert "chi bao" not in words


def test_a_letter_too_many_is_a_slip():
    assert correct("phoii hợp với") == {0: "phoi"}


def test_a_sound_alike_is_a_slip():
    assert correct("nhà chường") == {1: "truong"}


def test_a_word_at_home_with_a_neighbour_is_none():
    assert correct("phối hợp với") == {}


def test_what_is_usual_vietnamese_is_none():
    assert correct("phoii hợp với", usual=True) == {}


def test_a_word_of_questions_is_none():
    assert correct("phoii hợp với", known=frozenset({"phoii"})) == {}


def test_a_short_word_is_never_guessed():
    assert correct("vơ nhà") == {}
