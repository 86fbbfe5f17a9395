"""Where to look: places, years and plan numbers of a question."""

import pytest

from corpus.model import Role
from indexer.filter import Filter
from search_api.errors import UnknownFilterValue
from search_api.model import Filters, Reason
from search_api.scope import read_scope, resolve_filters, unit_name


@pytest.fixture(scope="module")
def scope(engine):
    return lambda raw, base=None: read_scope(engine._read(raw), base or Filter(), engine.index)


@pytest.mark.parametrize(
    ("asked", "provinces"),
    [
        ("ở Kiên Giang ai chủ trì?", ("Kiên Giang",)),
        ("o binh thuan ai chu tri?", ("Bình Thuận",)),
        ("Bình Thuân ai chủ trì tuyên truyền?", ("Bình Thuận",)),
        ("ai chủ trì tuyên truyền?", ()),
    ],
)
def test_a_province_narrows_the_scope_however_it_is_typed(scope, asked, provinces):
    assert scope(asked).wanted.provinces == provinces


def test_a_merged_province_is_read_as_those_it_took_in_and_it_is_said(scope):
    found = scope("Ở Lâm Đồng ai chủ trì tuyên truyền?")
    assert found.wanted.provinces == ("Bình Thuận",)
    assert found.note == "Từ 1/7/2025 Bình Thuận thuộc Lâm Đồng."


def test_a_province_without_a_plan_is_a_reason(scope):
    found = scope("Ở Hà Nội ai chủ trì tuyên truyền?")
    assert found.reason is Reason.PROVINCE_NOT_IN_CORPUS
    assert "Kiên Giang" in found.message


def test_a_year_no_plan_covers_is_a_reason_that_tells_the_years_there_are(scope):
    found = scope("Ở Kiên Giang năm 2030 ai chủ trì tuyên truyền?")
    assert found.reason is Reason.YEAR_OUTSIDE_PLAN
    assert "Kiên Giang: 2023-2025" in found.message
    assert "Bình Thuận" not in found.message


@pytest.mark.parametrize(
    ("asked", "narrowed"),
    [
        ("kế hoạch 97 ai ký?", True),
        ("văn bản số 97/KH-UBND ai ký?", True),
        ("Quyết định 2239/QĐ-TTg về gì?", False),
        ("giai đoạn 2023-2025 ai ký kế hoạch?", False),
    ],
)
def test_only_the_number_of_a_plan_chooses_a_plan(scope, asked, narrowed):
    assert (scope(asked).wanted.plans == ("97-kh-ubnd.kien-giang.2023",)) is narrowed


def test_filters_are_taken_as_people_write_them(engine):
    wanted = resolve_filters(
        Filters(("kien giang",), (2024,), ("97",), ("sở ldtbxh",), (Role.LEAD,), ("row",)),
        engine.index,
    )
    assert wanted == Filter(
        ("Kiên Giang",),
        (2024,),
        ("97-kh-ubnd.kien-giang.2023",),
        ("so-lao-dong-thuong-binh-va-xa-hoi",),
        ("lead",),
        ("row",),
    )


@pytest.mark.parametrize(
    "filters",
    [
        Filters(provinces=("Hà Nội",)),
        Filters(years=(1999,)),
        Filters(plans=("12345",)),
        Filters(units=("Sở Không Có",)),
        Filters(kinds=("table",)),
    ],
)
def test_a_value_no_plan_has_is_an_error(engine, filters):
    with pytest.raises(UnknownFilterValue):
        resolve_filters(filters, engine.index)


def test_provinces_and_units_have_names(engine):
    assert engine.index.catalogue.provinces == ("Bình Thuận", "Kiên Giang")
    registry = engine._retriever.registry
    assert unit_name("so-tai-chinh", registry) == "Sở Tài chính"
    assert unit_name("to-khong-co", registry) == "to khong co"


@pytest.mark.parametrize(
    ("asked", "filters", "reason"),
    [
        ("Ở Bình Thuận ai chủ trì?", Filter(provinces=("Kiên Giang",)),
         Reason.PROVINCE_NOT_IN_CORPUS),
        ("Năm 2024 ai chủ trì?", Filter(years=(2023,)), Reason.YEAR_OUTSIDE_PLAN),
        ("Kế hoạch 97 ai chủ trì?", Filter(plans=("1549-kh-ubnd.binh-thuan.2024",)),
         Reason.OUT_OF_CORPUS),
    ],
)  # fmt: skip
def test_a_question_never_leaves_the_filter_of_its_caller(scope, asked, filters, reason):
    found = scope(asked, filters)
    assert found.reason is reason
    assert "bộ lọc chỉ chọn" in found.message


def test_a_question_narrows_the_filter_of_its_caller(scope):
    found = scope("Ở Kiên Giang năm 2024, 2025?", Filter(years=(2023, 2024)))
    assert (found.wanted.provinces, found.wanted.years) == (("Kiên Giang",), (2024,))
