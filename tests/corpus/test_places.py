import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.places import (
    _INSIDE_A_NAME,
    Province,
    _registry,
    current_province,
    find_province,
    former_provinces,
    nearest_provinces,
    province_mentions,
    province_slips,
    shortened_provinces,
    write_out_after,
    write_out_label,
)
from corpus.text import strip_marks

BEFORE, AFTER = datetime.date(2025, 6, 30), datetime.date(2025, 7, 1)
PROVINCES = st.sampled_from(_registry().provinces)


def named(text: str) -> list[tuple[str, str]]:
    return [(span.of(text), province.name) for span, province in province_mentions(text)]


def test_there_were_63_provinces_and_there_are_34() -> None:
    provinces = _registry().provinces
    assert len(provinces) == 63
    assert sum(province.until is None for province in provinces) == 34


@given(PROVINCES)
def test_who_is_gone_is_among_the_formers_of_a_successor_that_is_not(province: Province) -> None:
    if province.successor:
        successor = find_province(province.successor)
        assert successor is not None
        assert successor.until is None
        assert province.name in successor.formers


@given(PROVINCES, st.sampled_from(["", "tỉnh ", "Thành phố ", "TP. ", "tinh "]))
def test_a_province_is_found_with_and_without_marks_and_kind(province: Province, kind: str) -> None:
    for name in (province.name, strip_marks(province.name), province.name.upper()):
        assert find_province(kind + name) == province


@pytest.mark.parametrize("name", ["", "tỉnh", "Phú Quốc", "Hà Nam Ninh", "Kiên"])
def test_what_is_no_province_is_not_found(name: str) -> None:
    assert find_province(name) is None


@pytest.mark.parametrize(
    ("name", "on", "current"),
    [
        ("Kiên Giang", BEFORE, "Kiên Giang"),
        ("Kiên Giang", AFTER, "An Giang"),
        ("binh thuan", AFTER, "Lâm Đồng"),
        ("tỉnh Đắk Nông", AFTER, "Lâm Đồng"),
        ("Lâm Đồng", AFTER, "Lâm Đồng"),
        ("Hà Nội", AFTER, "Hà Nội"),
        ("Thừa Thiên Huế", AFTER, "Huế"),
        ("Atlantis", AFTER, "Atlantis"),
    ],
)
def test_the_current_province_depends_on_the_day(
    name: str, on: datetime.date, current: str
) -> None:
    assert current_province(name, on) == current


def test_formers_are_the_names_a_territory_had() -> None:
    assert former_provinces("An Giang") == ("Kiên Giang", "An Giang")
    assert former_provinces("Lâm Đồng") == ("Đắk Nông", "Bình Thuận", "Lâm Đồng")
    assert former_provinces("Hà Nội") == ("Hà Nội",)
    assert former_provinces("Kiên Giang") == ()
    assert former_provinces("Atlantis") == ()


def test_a_misspelt_province_has_its_nearest_names() -> None:
    assert nearest_provinces("Kien Gang", 3)[0].name == "Kiên Giang"
    assert len(nearest_provinces("x", 2)) == 2


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Báo Bình Thuận; Đài PTTH tỉnh Kiên Giang", ["Bình Thuận", "Kiên Giang"]),
        ("so sanh binh thuan va kien giang", ["Bình Thuận", "Kiên Giang"]),
        ("kien giang và bình thuan khác gì", ["Kiên Giang", "Bình Thuận"]),
        ("KẾ HOẠCH TỈNH KIÊN GIANG", ["Kiên Giang"]),
        ("Khánh Hoà", ["Khánh Hòa"]),
        ("Bà Rịa - Vũng Tàu và Đắc Lắc", ["Bà Rịa - Vũng Tàu", "Đắk Lắk"]),
        ("thành phố hue, TP.HCM", ["Huế", "Hồ Chí Minh"]),
        ("Huế", ["Huế"]),
        ("tỉnh hòa bình", ["Hòa Bình"]),
        ("ở gia lai", ["Gia Lai"]),
        ("tinh dien bien", ["Điện Biên"]),
        ("Kiên\nGiang", ["Kiên Giang"]),
    ],
)
def test_a_province_is_named(text: str, names: list[str]) -> None:
    assert [name for _, name in named(text)] == names


@pytest.mark.parametrize(
    "text",
    [
        "vì hòa bình thế giới",
        "hoa hue",
        "hai phòng họp",
        "dien bien tinh hinh",
        "danh gia lai ket qua",
        "báo cáo bằng văn bản",
        "tổ chức làm đồng áng",
        "Hà Nam Ninh",
        "Thái Bình Dương",
        "đường Điện Biên Phủ",
        "Đoàn Thanh niên Cộng sản Hồ Chí Minh tỉnh",
        "Đoàn TNCS Hồ Chí Minh",
        "học tập tư tưởng, đạo đức, phong cách Hồ Chí Minh",
        "tu tuong ho chi minh",
        "xã Hòa Bình, huyện Bình Định",
        "Hà, Nam",
    ],
)
def test_what_only_looks_like_a_province_is_not_one(text: str) -> None:
    assert named(text) == []


def test_the_words_of_a_name_are_not_parted_by_a_comma() -> None:
    assert all(_INSIDE_A_NAME.fullmatch(gap) for gap in (" ", " - ", "-", "\n"))
    assert not any(_INSIDE_A_NAME.fullmatch(gap) for gap in (", ", ";", ". "))


@given(
    st.lists(
        st.sampled_from([p.name for p in _registry().provinces])
        | st.text(alphabet="aàbđeghiênơtu ,-;\nHKG", max_size=12),
        max_size=6,
    )
)
def test_mentions_are_in_order_inside_the_text_and_apart(pieces: list[str]) -> None:
    text = " ".join(pieces)
    position = 0
    for span, province in province_mentions(text):
        assert position <= span.start < span.end <= len(text)
        assert find_province(span.of(text)) == province
        position = span.end


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ở K.Giang năm 2024", ["Kiên Giang"]),
        ("b. thuan", ["Bình Thuận"]),
        ("Q.Ngãi và K. Giang", ["Quảng Ngãi", "Kiên Giang"]),
        ("H.Giang", []),
        ("Ở tỉnh KG ai chủ trì", ["Kiên Giang"]),
        ("ở BT", []),
        ("tỉnh KH-UBND", []),
        ("KG", []),
        ("K.Giàng", []),
        ("TP.HCM", []),
        ("vp@k.giang.gov.vn", []),
        ("mục 1.Giang", []),
    ],
)
def test_a_province_with_its_first_word_shortened_is_found_where_it_is_the_only_one(text, names):
    assert [province.name for _, province in shortened_provinces(text)] == names


@pytest.mark.parametrize(
    ("text", "written_out"),
    [
        ("QN. Ai chủ trì?", "Quảng Ninh. Ai chủ trì?"),
        ("HT PL2: tỷ lệ bao nhiêu", "Hà Tĩnh PL2: tỷ lệ bao nhiêu"),
        ("KH 205 QN: ai ký", "KH 205 Quảng Ninh: ai ký"),
        ("ATTP HT: ai chủ trì", "ATTP Hà Tĩnh: ai chủ trì"),
        ("BT: ai chủ trì", "BT: ai chủ trì"),
        ("KG: ai chủ trì", "KG: ai chủ trì"),
        ("QN ai chủ trì", "QN ai chủ trì"),
        ("KH: ai ký", "KH: ai ký"),
        ("Sở QN: ai chủ trì", "Sở QN: ai chủ trì"),
        ("QN.gov.vn", "QN.gov.vn"),
    ],
)
def test_initials_that_open_a_question_are_the_one_province_that_is_held(text, written_out):
    held = ("Quảng Ninh", "Hà Tĩnh", "Bình Thuận", "Bến Tre", "Khánh Hòa")
    assert write_out_label(text, held) == written_out


@pytest.mark.parametrize(
    ("text", "written_out"),
    [
        ("Sở Y tế QN làm gì?", "Sở Y tế Quảng Ninh làm gì?"),
        ("Sở Y tế HT làm gì?", "Sở Y tế HT làm gì?"),
        ("Sở Y tế BT làm gì?", "Sở Y tế BT làm gì?"),
        ("Sở Y tế QNA làm gì?", "Sở Y tế QNA làm gì?"),
        ("Sở Y tế, QN làm gì?", "Sở Y tế, QN làm gì?"),
    ],
)
def test_initials_behind_a_unit_are_the_one_province_that_is_held(text, written_out):
    held = ("Quảng Ninh", "Hà Tĩnh", "Bình Thuận", "Bến Tre")
    assert write_out_after(text, [len("Sở Y tế")], held) == written_out


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ở Kiên Gang", ["Kiên Giang"]),
        ("Bình Thuậ làm gì", ["Bình Thuận"]),
        ("Kiên Giang", []),
        ("kiên gang", []),
        ("Hà Nan", []),
        ("Bình Phươc Tuy", []),
    ],
)
def test_a_province_with_one_wrong_letter_is_the_only_one_it_can_be(text, names):
    assert [province.name for _, province in province_slips(text)] == names
