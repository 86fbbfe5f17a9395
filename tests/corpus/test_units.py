import datetime
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.text import strip_marks
from corpus.units import (
    _AFTER_A_UNIT,
    _BEFORE_A_UNIT,
    _GENERIC,
    _HARD_CUT,
    _HEAD,
    _HEAD_BEFORE_A_CAPITAL,
    _INSIDE_A_NAME,
    _LIST_OF_KINDS,
    _ONLY_A_TITLE,
    _PARENTHESIS,
    _SEVERAL,
    _SOFT_CUT,
    _TITLE,
    Unit,
    split_units,
    unit_key,
    unit_registry,
)

LABOUR = "so-lao-dong-thuong-binh-va-xa-hoi"
PRESS = "cac-co-quan-thong-tan-bao-chi"
SCHOOLS = "cac-co-so-giao-duc-nghe-nghiep"
TODAY = datetime.date(2025, 10, 1)


def mentioned(text: str) -> list[tuple[str, str]]:
    return [(mention.text, mention.unit.id) for mention in unit_registry().mentions(text)]


def pieces(cell: str) -> list[str]:
    return [span.of(cell) for span in split_units(cell)]


@pytest.mark.parametrize(
    "name",
    [
        "Sở Lao động – Thương binh và Xã hội",
        "Sở LĐTBXH",
        "sở ld-tb&xh",
        "so lao dong - thuong binh va xa hoi",
        "Sở Lao động - Thương binh\nvà Xã hội tỉnh Kiên Giang",
        "SỞ LĐ-TB VÀ XH TỈNH",
    ],
)
def test_all_ways_of_writing_a_unit_have_one_key(name: str) -> None:
    assert unit_key(name) == LABOUR


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Các sở, ban, ngành cấp tỉnh", "cac-so-ban-nganh"),
        ("các sở, ban, ngành", "cac-so-ban-nganh"),
        ("UBND các huyện, thành phố", "uy-ban-nhan-dan-cac-huyen-thanh-pho"),
        ("Báo Bình Thuận", "bao"),
        ("Các cơ quan thông tấn, báo chí trên địa bàn tỉnh", PRESS),
        (
            "Đoàn Thanh niên Cộng sản Hồ Chí Minh tỉnh",
            "doan-thanh-nien-cong-san-ho-chi-minh",
        ),
        ("Trung tâm Chưa Từng Nghe", "trung-tam-chua-tung-nghe"),
        ("Bình Thuận", "binh-thuan"),
        ("", ""),
    ],
)
def test_a_key_is_readable_and_leaves_the_place_out(name: str, key: str) -> None:
    assert unit_key(name) == key


NAMES = st.sampled_from(
    [form for unit in unit_registry().units for form in (unit.name, *unit.aliases)]
)


@given(NAMES | st.text(alphabet="aăâbcdđeêghioôơtuưxyàảạếộSLĐTBXHUND &-,.", max_size=40))
def test_a_key_does_not_depend_on_marks_or_case(name: str) -> None:
    key = unit_key(name)
    assert unit_key(strip_marks(name)) == key
    assert unit_key(name.upper()) == key
    assert unit_key(name.lower()) == key


def test_ids_are_unique_and_every_successor_is_in_the_registry() -> None:
    registry = unit_registry()
    assert len({unit.id for unit in registry.units}) == len(registry.units)
    for unit in registry.units:
        assert all(registry.get(succession.unit_id) for succession in unit.successors)


@given(st.sampled_from(unit_registry().units))
def test_every_unit_is_found_by_its_name_with_and_without_marks(unit: Unit) -> None:
    assert unit_registry().find(unit.name) is unit
    assert unit_registry().find(strip_marks(unit.name).lower()) is unit


@pytest.mark.parametrize(
    ("name", "unit_id"),
    [
        ("sở lao động", LABOUR),
        ("Sở Lao động Thương binh Xã hội", LABOUR),
        ("ủy ban tỉnh", "uy-ban-nhan-dan"),
        ("UB tỉnh", "uy-ban-nhan-dan"),
        ("đài tỉnh", "dai-phat-thanh-truyen-hinh"),
        ("Đài Phát thanh và Truyền hình Kiên Giang", "dai-phat-thanh-truyen-hinh"),
        ("Tỉnh đoàn", "doan-thanh-nien-cong-san-ho-chi-minh"),
        ("các cơ quan thông tấn báo chí", PRESS),
        ("cơ sở GDNN", SCHOOLS),
        ("Lãnh đạo Sở Y tế", "so-y-te"),
    ],
)
def test_a_unit_is_found_by_its_other_names(name: str, unit_id: str) -> None:
    unit = unit_registry().find(name)
    assert unit is not None
    assert unit.id == unit_id


@pytest.mark.parametrize("name", ["", "Sở Vũ trụ", "báo cáo", "Trường Đại học Kiên Giang"])
def test_an_unknown_name_is_not_found_but_has_an_id(name: str) -> None:
    assert unit_registry().find(name) is None
    assert unit_registry().id_of(name) == unit_key(name)


def test_a_misspelt_unit_has_its_nearest_names() -> None:
    nearest = unit_registry().nearest("sở lao dông thuơng bình", 3)
    assert nearest[0].id == LABOUR
    assert len(nearest) == 3


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("so ldtbxh lam gi", [("so ldtbxh", LABOUR)]),
        (
            "Sở Lao động - Thương binh và Xã hội chủ trì",
            [("Sở Lao động - Thương binh và Xã hội", LABOUR)],
        ),
        ("co so giao duc nghe nghiep phai lam gi", [("co so giao duc nghe nghiep", SCHOOLS)]),
        ("cơ sở giáo dục nghề nghiệp", [("cơ sở giáo dục nghề nghiệp", SCHOOLS)]),
        ("phối hợp với báo chí năm 2024", [("báo chí", PRESS)]),
        ("phoi hop voi bao chi nam 2024", [("bao chi", PRESS)]),
        ("Báo Bình Thuận đưa tin", [("Báo Bình Thuận", "bao")]),
        ("dai ptth kien giang", [("dai ptth kien giang", "dai-phat-thanh-truyen-hinh")]),
        ("Thanh tra tỉnh", [("Thanh tra tỉnh", "thanh-tra")]),
        ("SNV và Sở GD&ĐT", [("SNV", "so-noi-vu"), ("Sở GD&ĐT", "so-giao-duc-va-dao-tao")]),
        ("các xã, Hội Nông dân", [("Hội Nông dân", "hoi-nong-dan")]),
        ("Sở Lao động và Sở Nội vụ", [("Sở Lao động", LABOUR), ("Sở Nội vụ", "so-noi-vu")]),
    ],
)
def test_units_are_found_in_running_text(text: str, found: list[tuple[str, str]]) -> None:
    assert mentioned(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "sở hữu trí tuệ",
        "số nội vụ",
        "trụ sở tài chính",
        "cán bộ y tế, cán bộ công an",
        "xã hội nông dân",
        "báo cáo kết quả",
        "bao cao tinh hinh",
        "thong bao tinh hinh",
        "thanh tra, kiểm tra",
        "thanh tra tinh hinh",
        "văn phòng lao động",
        "các cơ quan, đơn vị nào phối hợp",
        "ở địa phương",
        "97/KH-UBND",
    ],
)
def test_a_near_miss_is_not_a_unit(text: str) -> None:
    assert mentioned(text) == []


def test_a_short_name_of_two_units_tells_both() -> None:
    (mention,) = unit_registry().mentions("sở văn hóa làm gì")
    assert mention.unit.id == "so-van-hoa-the-thao-va-du-lich"
    assert [unit.id for unit in mention.others] == ["so-van-hoa-va-the-thao"]


@given(
    st.lists(
        NAMES | st.sampled_from(["và", ",", ";", "của", "tỉnh", "Kiên Giang", "sở", "các", "\n"]),
        max_size=6,
    )
)
def test_mentions_are_in_order_inside_the_text_and_apart(words: list[str]) -> None:
    text = " ".join(words)
    position = 0
    for mention in unit_registry().mentions(text):
        assert position <= mention.span.start < mention.span.end <= len(text)
        assert mention.span.of(text) == mention.text
        assert unit_registry().may_begin(mention.text.split()[0])
        position = mention.span.end


def test_a_unit_is_found_in_a_text_that_is_too_long_to_be_remembered() -> None:
    (mention,) = unit_registry().mentions("công tác " * 1_000 + "của Sở Y tế")
    assert mention.unit.id == "so-y-te"


@pytest.mark.parametrize(
    ("topic", "heirs"),
    [
        ("Truyền thông về giáo dục nghề nghiệp", ["so-giao-duc-va-dao-tao"]),
        ("dao tao nghe cho lao dong nong thon", ["so-giao-duc-va-dao-tao"]),
        ("kế hoạch GDNN của Sở LĐTBXH", ["so-giao-duc-va-dao-tao"]),
        ("bảo vệ trẻ em", ["so-y-te"]),
        ("cai nghiện ma túy", ["cong-an"]),
        ("giảm nghèo bền vững", ["so-nong-nghiep-va-moi-truong"]),
        ("ngày hội việc làm", ["so-noi-vu"]),
    ],
)
def test_a_function_goes_to_its_own_successor(topic: str, heirs: list[str]) -> None:
    registry = unit_registry()
    labour = registry.get(LABOUR)
    assert labour is not None
    successions = registry.successors(labour, TODAY, topic)
    assert [succession.unit_id for succession in successions] == heirs
    assert all(succession.basis for succession in successions)


@pytest.mark.parametrize("topic", [None, "", "ngành Lao động - Thương binh và Xã hội"])
def test_without_a_function_the_heir_of_the_whole_is_unsure(topic: str | None) -> None:
    registry = unit_registry()
    labour = registry.get(LABOUR)
    assert labour is not None
    (succession,) = registry.successors(labour, TODAY, topic)
    assert (succession.function, succession.unit_id) == (None, "so-noi-vu")
    assert succession.inferred


def test_a_body_that_was_merged_whole_has_one_sure_heir() -> None:
    registry = unit_registry()
    planning = registry.find("Sở KHĐT")
    assert planning is not None
    (succession,) = registry.successors(planning, TODAY, None)
    assert succession.unit_id == "so-tai-chinh"
    assert not succession.inferred


def test_nobody_has_an_heir_before_the_day() -> None:
    registry = unit_registry()
    labour = registry.get(LABOUR)
    assert labour is not None
    assert registry.successors(labour, datetime.date(2025, 2, 28), "việc làm") == ()


def test_press_goes_to_culture_and_the_rest_of_information_to_science() -> None:
    registry = unit_registry()
    information = registry.find("Sở TT&TT")
    assert information is not None
    (press,) = registry.successors(information, TODAY, "hướng dẫn các cơ quan báo chí")
    (rest,) = registry.successors(information, TODAY, "đô thị")
    assert press.unit_id == "so-van-hoa-the-thao-va-du-lich"
    assert rest.unit_id == "so-khoa-hoc-va-cong-nghe"


def test_a_registry_can_learn_the_units_of_the_plans() -> None:
    registry = unit_registry().extended(["Chi cục Dân số", "Sở Y tế", "Trường Cao đẳng Nghề"])
    (mention,) = registry.mentions("chi cuc dan so lam gi")
    assert mention.unit.id == "chi-cuc-dan-so"
    school = registry.find("Trường Cao đẳng nghề")
    assert school is not None
    assert school.level == "school"
    assert len(registry.units) == len(unit_registry().units) + 2


@pytest.mark.parametrize(
    ("cell", "units"),
    [
        (
            "Sở Lao động - Thương binh và Xã hội, các cơ sở giáo dục nghề nghiệp và Báo Bình Thuận;"
            " Đài Phát thanh truyền hình Bình Thuận",
            [
                "Sở Lao động - Thương binh và Xã hội",
                "các cơ sở giáo dục nghề nghiệp",
                "Báo Bình Thuận",
                "Đài Phát thanh truyền hình Bình Thuận",
            ],
        ),
        (
            "Các sở, ban, ngành liên quan; các trường trung học cơ sở, trung học phổ thông;"
            " các cơ quan thông tấn, báo chí",
            [
                "Các sở, ban, ngành liên quan",
                "các trường trung học cơ sở, trung học phổ thông",
                "các cơ quan thông tấn, báo chí",
            ],
        ),
        ("Sở Văn hóa, Thể thao và Du lịch", ["Sở Văn hóa, Thể thao và Du lịch"]),
        (
            "Các cơ quan thông tấn, báo chí, truyền thông; doanh nghiệp và các cơ quan, đơn vị"
            " liên quan đến giáo dục nghề nghiệp",
            [
                "Các cơ quan thông tấn, báo chí, truyền thông",
                "doanh nghiệp",
                "các cơ quan, đơn vị liên quan đến giáo dục nghề nghiệp",
            ],
        ),
        (
            "Sở Lao động - Thương binh và Xã hội; cơ quan chủ quản của các cơ sở GDNN"
            " và các cơ sở giáo dục nghề nghiệp",
            [
                "Sở Lao động - Thương binh và Xã hội",
                "cơ quan chủ quản của các cơ sở GDNN",
                "các cơ sở giáo dục nghề nghiệp",
            ],
        ),
        (
            "Đoàn Thanh niên Cộng sản Hồ Chí Minh tỉnh, các tổ chức đoàn thể,"
            " các tổ chức chính trị - xã hội",
            [
                "Đoàn Thanh niên Cộng sản Hồ Chí Minh tỉnh",
                "các tổ chức đoàn thể",
                "các tổ chức chính trị - xã hội",
            ],
        ),
        (
            "cơ quan chủ quản của các cơ sở GDNN và các cơ quan, đơn vị có liên quan",
            ["cơ quan chủ quản của các cơ sở GDNN", "các cơ quan, đơn vị có liên quan"],
        ),
        (
            "Sở Nội vụ, Sở Tài chính và UBND các xã, phường, đặc khu",
            ["Sở Nội vụ", "Sở Tài chính", "UBND các xã, phường, đặc khu"],
        ),
        (
            "Sở NN&PTNT, Sở TN&MT, UBND các huyện, thành phố, thị xã và các đơn vị liên quan",
            [
                "Sở NN&PTNT",
                "Sở TN&MT",
                "UBND các huyện, thành phố, thị xã",
                "các đơn vị liên quan",
            ],
        ),
        (
            "Hội LHPN tỉnh, Hội Nông dân tỉnh, Tỉnh đoàn, LĐLĐ tỉnh",
            ["Hội LHPN tỉnh", "Hội Nông dân tỉnh", "Tỉnh đoàn", "LĐLĐ tỉnh"],
        ),
        ("Các sở, ban, ngành và địa phương", ["Các sở, ban, ngành và địa phương"]),
        ("Sở Nội vụ và địa phương liên quan", ["Sở Nội vụ", "địa phương liên quan"]),
        ("Sở Giáo dục và Đào tạo", ["Sở Giáo dục và Đào tạo"]),
        (
            "Ban Quản lý Rừng Phòng hộ và Trường Cao đẳng Nghề, Công ty Điện lực",
            ["Ban Quản lý Rừng Phòng hộ", "Trường Cao đẳng Nghề", "Công ty Điện lực"],
        ),
        ("Văn phòng Đoàn ĐBQH và HĐND tỉnh", ["Văn phòng Đoàn ĐBQH và HĐND tỉnh"]),
        (
            "Sở Y tế (Chi cục Dân số, Bệnh viện tỉnh), Sở Tài chính",
            ["Sở Y tế (Chi cục Dân số, Bệnh viện tỉnh)", "Sở Tài chính"],
        ),
        ("so noi vu, so tai chinh va cong an tinh", ["so noi vu", "so tai chinh", "cong an tinh"]),
        ("", []),
        (" ; - ", []),
    ],
)
def test_a_cell_is_split_into_its_units(cell: str, units: list[str]) -> None:
    assert pieces(cell) == units


def test_bullets_and_end_punctuation_are_not_of_the_unit() -> None:
    assert pieces("- Sở Y tế;\n- Sở Nội vụ.\n+ Công an tỉnh…") == [
        "Sở Y tế",
        "Sở Nội vụ",
        "Công an tỉnh",
    ]


def test_a_wrapped_line_goes_on_with_the_same_unit() -> None:
    assert pieces("Sở Lao động - Thương\nbinh và Xã hội; Trung tâm Khuyến\nnông") == [
        "Sở Lao động - Thương\nbinh và Xã hội",
        "Trung tâm Khuyến\nnông",
    ]
    assert pieces("Lãnh đạo\nSở Y tế") == ["Lãnh đạo\nSở Y tế"]


@given(
    st.lists(
        NAMES | st.sampled_from([";", ",", "và", "\n", "(", ")", "-", "các", "Sở"]), max_size=7
    )
)
def test_units_of_a_cell_are_in_order_apart_and_bare(words: list[str]) -> None:
    cell = " ".join(words)
    position = 0
    for span in split_units(cell):
        assert position <= span.start < span.end <= len(cell)
        assert span.of(cell) == span.of(cell).strip(" ;,.\n")
        position = span.end


@given(st.lists(st.sampled_from(unit_registry().units), min_size=1, max_size=4))
def test_semicolons_separate_known_units_and_nothing_else(units: list[Unit]) -> None:
    names = [unit.name for unit in units]
    assert pieces("; ".join(names)) == names


@pytest.mark.parametrize(
    ("pattern", "match", "near_miss"),
    [
        (_HEAD, "trung tam", "trung hoc"),
        (_HEAD, "cong an tinh", "cong antoan"),
        (_HEAD_BEFORE_A_CAPITAL, "ban dan toc", "ban, nganh"),
        (_SEVERAL, "cac don vi", "cac huyen"),
        (_SEVERAL, "cac xaphong", "cac xa, phuong"),
        (_GENERIC, "dia phuong lien quan", "dia phuongphap"),
        (_LIST_OF_KINDS, "co quan, don vi", "co quan chu quan"),
        (_LIST_OF_KINDS, "cac so", "so noi vu"),
        (_HARD_CUT, "; ", ", "),
        (_SOFT_CUT, " và ", " vào "),
        (_PARENTHESIS, "(Chi cục, Sở)", "(Chi cục"),
        (_ONLY_A_TITLE, "lanh dao", "lanh su"),
        (_TITLE, "giam-doc-so-y-te", "giam-doc-tham"),
    ],
)
def test_a_pattern_matches_its_case_and_not_the_near_miss(
    pattern: re.Pattern[str], match: str, near_miss: str
) -> None:
    assert pattern.match(match)
    assert not pattern.match(near_miss)


def test_the_words_of_a_name_are_not_parted_by_a_semicolon_or_a_full_stop() -> None:
    assert all(_INSIDE_A_NAME.fullmatch(gap) for gap in (" - ", ", ", " ", " & ", "\n"))
    assert not any(_INSIDE_A_NAME.fullmatch(gap) for gap in ("; ", ". ", " ("))


def test_what_is_round_a_unit_is_not_the_unit() -> None:
    before, after = _BEFORE_A_UNIT.match("- và Vàng bạc"), _AFTER_A_UNIT.search("Sở Y tế (mới).;…")
    assert before is not None
    assert before.end() == len("- và ")
    assert after is not None
    assert after.start() == len("Sở Y tế (mới)")


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("Bộ Vũ trụ", "central"),
        ("Bộ Chỉ huy hỗn hợp", "province"),
        ("Trạm Y tế huyện Phú Quý", "district"),
        ("Trạm Y tế xã Đức Trọng", "commune"),
        ("Ban Văn hóa - Xã hội", "province"),
        ("Tạp chí Lao động", "press"),
        ("Bảo hiểm nông nghiệp", "province"),
        ("Công ty Cấp nước", "enterprise"),
        ("Hội Làm vườn", "organisation"),
        ("Hội đồng thẩm định", "province"),
    ],
)
def test_the_level_of_an_unknown_body_is_guessed_from_its_name(name: str, level: str) -> None:
    unit = unit_registry().extended([name]).find(name)
    assert unit is not None
    assert unit.level == level


@pytest.mark.parametrize(
    ("cell", "units"),
    [
        ("Các Sở: Y tế, Tài chính, Nội vụ",
         {"Y tế": "so-y-te", "Tài chính": "so-tai-chinh", "Nội vụ": "so-noi-vu"}),
        ("Sở Y tế, Tài chính và Nội vụ; UBND các huyện",
         {"Sở Y tế": "so-y-te", "Tài chính": "so-tai-chinh", "Nội vụ": "so-noi-vu",
          "UBND các huyện": "uy-ban-nhan-dan-cac-huyen-thanh-pho"}),
        ("Giám đốc các sở: Văn hóa, Thể thao và Du lịch; Giáo dục và Đào tạo",
         {"Văn hóa, Thể thao và Du lịch": "so-van-hoa-the-thao-va-du-lich",
          "Giáo dục và Đào tạo": "so-giao-duc-va-dao-tao"}),
    ],
)  # fmt: skip
def test_a_list_of_departments_says_department_once(cell, units):
    named = {m.span: m.unit.id for m in unit_registry().mentions(cell)}
    assert {span.of(cell): named.get(span) for span in split_units(cell)} == units


@pytest.mark.parametrize(
    "cell", ["Sở Tư pháp, Văn hóa xã hội", "Sở Y tế, tài chính", "Công an tỉnh, Tài chính",
             "Sở Công Thương, Du lịch phát triển", "Cơ sở: Y tế"],
)  # fmt: skip
def test_words_after_a_department_that_are_no_list_are_no_departments(cell):
    assert len(unit_registry().mentions(cell)) <= 1
