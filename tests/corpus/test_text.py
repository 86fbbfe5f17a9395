import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.text import (
    count_tokens,
    fold,
    letter_forms,
    may_be,
    normalise,
    one_line,
    place_tones,
    strip_marks,
    token_keys,
    tokenise,
)

VIETNAMESE = st.text(
    alphabet="aàáảãạăâeêioôơuưyđ AOUYQqhH\u0300\u0301\u0309\u0303\u0323\u0302\u0306\u031b"
    "\u00ad\u200b\u00a0\u2003\r\n\t\f\v\u2028ÐðƉ0123./-–“”’"
)
ANY_TEXT = st.one_of(st.text(), VIETNAMESE)


@given(ANY_TEXT)
def test_normalising_twice_is_normalising_once(text):
    assert normalise(normalise(text)) == normalise(text)


@given(ANY_TEXT)
def test_normalised_text_is_composed_and_has_no_run_of_spaces(text):
    result = normalise(text)
    assert unicodedata.is_normalized("NFC", result)
    assert "  " not in result
    assert not set("\r\f\v\u00a0\u00ad\u200b") & set(result)


@given(ANY_TEXT)
def test_a_folded_text_is_as_long_as_the_text(text):
    assert len(fold(text)) == len(text)


@given(ANY_TEXT)
def test_stripping_marks_keeps_the_length(text):
    assert len(strip_marks(text)) == len(text)


@given(ANY_TEXT)
def test_placing_tones_keeps_the_length_and_is_done_once(text):
    assert len(place_tones(text)) == len(text)
    assert place_tones(place_tones(text)) == place_tones(text)


@given(ANY_TEXT)
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@given(ANY_TEXT)
def test_keys_and_number_of_tokens_are_those_of_the_tokens(text):
    tokens = tokenise(text)
    assert token_keys(text) == [token.key for token in tokens]
    assert count_tokens(text) == len(tokens)


@given(ANY_TEXT)
def test_on_one_line_a_text_says_what_it_says_normalised(text):
    assert one_line(text) == " ".join(normalise(text).split())


@given(ANY_TEXT)
def test_every_token_stands_where_it_says(text):
    for token in tokenise(text):
        assert token.span.of(text).lower() == token.text
        assert len(token.key) == len(token.span)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Sở\u00a0Tài\u202fchính", "Sở Tài chính"),
        ("truyền\u00adthông", "truyềnthông"),
        ("Ðảng, Ɖoàn, ðề án", "Đảng, Đoàn, đề án"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("Số:        /KH-UBND", "Số: /KH-UBND"),
        ("  đầu \n  cuối  ", "đầu\ncuối"),
        ("STT \t Nội dung", "STT\tNội dung"),
        (unicodedata.normalize("NFD", "Kế hoạch"), "Kế hoạch"),
        ("", ""),
    ],
)
def test_what_cannot_be_seen_goes_and_what_can_be_seen_stays(raw, expected):
    assert normalise(raw) == expected


def test_one_line_has_neither_tabs_nor_line_ends():
    assert one_line(" Sở\tNội vụ\n\nchủ trì ") == "Sở Nội vụ chủ trì"


@pytest.mark.parametrize(
    ("text", "placed"),
    [
        ("Uỷ ban, UỶ BAN", "Ủy ban, ỦY BAN"),
        ("hoà giải, văn hoá, xoè", "hòa giải, văn hóa, xòe"),
        ("quý, quỹ, quỳ", "quý, quỹ, quỳ"),
        ("hoàn toàn, khoẻn, thuỷ", "hoàn toàn, khoẻn, thủy"),
        ("caó, tòan, đọan, hiêụ, ngừơi", "cáo, toàn, đoạn, hiệu, người"),
        ("giá, gió, giữa, khuỷu, rượu, nghĩa, ngoái", "giá, gió, giữa, khuỷu, rượu, nghĩa, ngoái"),
    ],
)
def test_each_tone_stands_on_the_vowel_that_bears_it(text, placed):
    assert place_tones(text) == placed


def test_folding_makes_dashes_quotes_and_apostrophes_plain():
    assert fold("“Sở” – Đề ’án’ − ‑") == "\"so\" - de 'an' - -"


def test_marks_go_but_capitals_stay():
    assert strip_marks("Đường Ủy") == "Duong Uy"


def test_a_letter_may_be_typed_with_some_of_its_marks():
    assert set(letter_forms("ố")) == set("ốôóo")
    assert may_be("phôi", "phối")
    assert may_be("phoi", "phối")
    assert not may_be("phổi", "phối")
    assert not may_be("phố", "phối")


def test_a_number_of_a_document_is_three_tokens():
    assert [token.key for token in tokenise("97/KH-UBND, năm 2024")] == [
        "97",
        "kh",
        "ubnd",
        "nam",
        "2024",
    ]
