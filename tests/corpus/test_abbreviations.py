import json
import re
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.abbreviations import _ADDRESS, _BETWEEN_PARTS, _NUMBER_WITH_SLASH, expand
from corpus.model import Span
from corpus.text import fold

LABOUR = "Lao động - Thương binh và Xã hội"
EDUCATION = "Giáo dục và Đào tạo"
INFORMATION = "Thông tin và Truyền thông"

VIETNAMESE = st.text(
    alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầếềộớủứHĐUBNDGTXLSKCPT0123456789 -–&.,;/()\n",
    max_size=60,
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("LĐTBXH", LABOUR),
        ("LĐ-TB&XH", LABOUR),
        ("LĐ-TB-XH", LABOUR),
        ("LĐTB&XH", LABOUR),
        ("LĐ - TB & XH", LABOUR),
        ("ldtbxh", LABOUR),
        ("ld-tb&xh", LABOUR),
        ("lđ tb xh", LABOUR),
        ("LĐ-TB và XH", LABOUR),
        ("GD&ĐT", EDUCATION),
        ("gd-đt", EDUCATION),
        ("GDĐT", EDUCATION),
        ("GD và ĐT", EDUCATION),
        ("TT&TT", INFORMATION),
        ("tttt", INFORMATION),
        ("VH, TT và DL", "Văn hóa, Thể thao và Du lịch"),
        ("gdnn", "giáo dục nghề nghiệp"),
        ("ubnd tỉnh", "Ủy ban nhân dân tỉnh"),
        ("HĐND", "Hội đồng nhân dân"),
        ("hdnd", "Hội đồng nhân dân"),
        ("cntt", "công nghệ thông tin"),
        ("THCS, THPT", "trung học cơ sở, trung học phổ thông"),
        ("UBND/HĐND", "Ủy ban nhân dân/Hội đồng nhân dân"),
        ("TP. Hồ Chí Minh", "thành phố Hồ Chí Minh"),
        ("TP.HCM", "Thành phố Hồ Chí Minh"),
        ("PCT.UBND tỉnh", "Phó Chủ tịch Ủy ban nhân dân tỉnh"),
        ("Đài PT-TH tỉnh", "Đài Phát thanh - Truyền hình tỉnh"),
        ("Sở KH-ĐT", "Sở Kế hoạch và Đầu tư"),
        ("SGDĐT", "Sở Giáo dục và Đào tạo"),
    ],
)
def test_an_abbreviation_is_written_out_however_it_is_typed(written: str, meant: str) -> None:
    assert expand(written).text == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Sở TC", "Sở Tài chính"),
        ("TC", "TC"),
        ("Sở TP", "Sở Tư pháp"),
        ("TP Rạch Giá", "thành phố Rạch Giá"),
        ("Sở CT, CA tỉnh", "Sở Công Thương, Công an tỉnh"),
        ("CA TRÙ, ca tỉnh", "CA TRÙ, ca tỉnh"),
        ("VP UBND tỉnh", "Văn phòng Ủy ban nhân dân tỉnh"),
    ],
)
def test_what_letters_mean_hangs_on_the_word_beside_them(written: str, meant: str) -> None:
    assert expand(written).text == meant


@pytest.mark.parametrize(
    "number",
    [
        "97/KH-UBND",
        "97 /KH-UBND",
        "Số:     /KH-UBND",
        "2239/QĐ-TTg",
        "534/QĐ-LĐTBXH",
        "270/QĐ-TCGDNN",
        "1549/KH-UBND",
        "45/2025/NĐ-CP",
        "45/2025/nđ-cp",
        "nđ-cp",
        "nghị quyết 12 nq-hđnd",
        "kế hoạch 97 kh ubnd",
        "01/TT-BTTTT",
        "QĐ-UBND",
    ],
)
def test_a_document_number_stays_as_it_is(number: str) -> None:
    assert expand(number).edits == ()


def test_what_stands_beside_a_document_number_is_still_written_out() -> None:
    assert expand("534/QĐ-LĐTBXH của Bộ LĐTBXH").text == f"534/QĐ-LĐTBXH của Bộ {LABOUR}"


@pytest.mark.parametrize(
    "words",
    [
        "số bao nhiêu, ban nào, bộ nào",
        "so ban nganh",
        "bql",
        "tp",
        "PTTH",
        "TC và CT",
        "https://cntt.kiengiang.gov.vn",
        "gdnn@kiengiang.gov.vn",
        "",
    ],
)
def test_words_addresses_and_ambiguous_letters_are_left_alone(words: str) -> None:
    assert expand(words).text == words


def test_letters_that_might_be_a_word_count_in_capitals_only() -> None:
    assert expand("BQL dự án").text == "Ban Quản lý dự án"
    assert expand("bql dự án").text == "bql dự án"


def test_an_edit_says_where_the_abbreviation_stood() -> None:
    text = "Sở LĐTBXH và các cơ sở GDNN"
    assert [edit.span.of(text) for edit in expand(text).edits] == ["LĐTBXH", "GDNN"]


def test_a_place_in_the_expanded_text_leads_back_to_the_original() -> None:
    text = "và Sở LĐTBXH tỉnh"
    expansion = expand(text)
    start = expansion.text.index("Sở")
    end = expansion.text.index(" tỉnh")
    assert expansion.original_span(Span(start, end)).of(text) == "Sở LĐTBXH"
    assert expansion.original_span(Span(start, start + 6)).of(text) == "Sở LĐTBXH"
    assert expansion.original_span(Span(end + 1, end + 5)).of(text) == "tỉnh"


@given(VIETNAMESE)
def test_edits_are_in_order_and_rebuild_the_expanded_text(text: str) -> None:
    expansion = expand(text)
    rebuilt, position = "", 0
    for edit in expansion.edits:
        assert position <= edit.span.start < edit.span.end <= len(text)
        assert edit.span.of(text) == edit.original
        rebuilt += text[position : edit.span.start] + edit.replacement
        position = edit.span.end
    assert rebuilt + text[position:] == expansion.text


@given(VIETNAMESE, st.integers(0, 80), st.integers(0, 80))
def test_every_place_leads_back_into_the_original(text: str, one: int, other: int) -> None:
    expansion = expand(text)
    start, end = sorted(min(place, len(expansion.text)) for place in (one, other))
    if start < end:
        assert expansion.original_span(Span(start, end)).end <= len(text)


def test_no_abbreviation_of_the_registry_is_a_syllable_of_the_language() -> None:
    raw = files("corpus").joinpath("data/registry/abbreviations.json").read_text(encoding="utf-8")
    syllable = re.compile(
        r"(?:ngh?|[ckpt]h|gh?|gi|nh|qu|tr|[bcdhklmnprstvx])?"
        r"(?:(?:[aeiou]{1,3}|u?ye|[au]y)(?:ch|ng|nh|[cmnpt])?|y)"
    )
    keys = [
        re.sub(r"[^a-z]", "", fold(short))
        for entry in json.loads(raw)["entries"]
        for short in entry["short"]
        if not entry.get("before")  # "ca" in capitals, and before "tỉnh" or "xã" only
    ]
    assert [key for key in keys if syllable.fullmatch(key)] == []


@pytest.mark.parametrize(
    "address", ["https://a.vn/ubnd", "vp@kiengiang.gov.vn", "kiengiang.gov.vn"]
)
def test_an_address_is_seen(address: str) -> None:
    assert _ADDRESS.fullmatch(address)


@pytest.mark.parametrize("text", ["TP.HCM", "tỉnh.Vn nào", "PCT.UBND"])
def test_a_dot_alone_makes_no_address(text: str) -> None:
    assert not _ADDRESS.fullmatch(text)


def test_a_slash_between_letters_is_no_document_number() -> None:
    assert _NUMBER_WITH_SLASH.search("97/KH-UBND")
    assert not _NUMBER_WITH_SLASH.search("UBND/HĐND")
    assert not _NUMBER_WITH_SLASH.search("Mô hình A9/B")


def test_parts_are_joined_by_hyphens_but_not_by_a_slash_or_a_line_end() -> None:
    assert all(_BETWEEN_PARTS.fullmatch(gap) for gap in ("-", " - ", "&", ", ", " ", "."))
    assert not any(_BETWEEN_PARTS.fullmatch(gap) for gap in ("/", "; ", "\n", " ("))


@pytest.mark.parametrize("name", ["KH-ĐT", "TT-TT", "KH-CN", "năm 2025 UBND"])
def test_a_field_with_a_hyphen_is_no_document_number(name: str) -> None:
    assert expand(name).edits
