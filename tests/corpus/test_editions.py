from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from corpus.editions import Relation, editions, superseded
from corpus.model import Plan
from corpus.parse import parse_document
from corpus.readers.text import document_of_text

_HEAD = """Số: {number}/KH-UBND

Kiên Giang, ngày {date}

**KẾ HOẠCH**

**Truyền thông về giáo dục nghề nghiệp năm {year}**

Ủy ban nhân dân tỉnh ban hành Kế hoạch cụ thể như sau:

**I. MỤC TIÊU**

1. Nâng cao nhận thức của người dân về học nghề và việc làm bền vững.

2. Tuyên truyền trên các phương tiện thông tin đại chúng.

**II. TỔ CHỨC THỰC HIỆN**

1. Sở Tài chính bố trí kinh phí. {last}
"""


def make_plan(
    number: str = "97", date: str = "30 tháng 3 năm 2023", year: int = 2023, last: str = ""
) -> Plan:
    text = _HEAD.format(number=number, date=date, year=year, last=last)
    return parse_document(document_of_text(text, name="plan.md", sha256=number + date + last))


def read_as(plan: Plan, plan_id: str, file_format: str, **changes: object) -> Plan:
    return replace(plan, id=plan_id, source=replace(plan.source, format=file_format, **changes))


def test_one_plan_in_two_formats_answers_once_and_from_the_surest_reading() -> None:
    plan = make_plan()
    printed, typed = read_as(plan, "a", "pdf"), read_as(plan, "b", "docx")
    assert superseded([printed, typed]).keys() == {"a"}
    assert superseded([printed, typed])["a"].relation is Relation.COPY


def test_a_scan_gives_way_to_a_print_of_the_same_plan() -> None:
    plan = make_plan()
    scan = read_as(plan, "a", "scan", recognised=True, confidence=0.9)
    assert superseded([scan, read_as(plan, "b", "pdf")]).keys() == {"a"}


def test_a_draft_gives_way_to_what_was_issued() -> None:
    draft, issued = make_plan(number="    "), make_plan()
    found = superseded([replace(draft, id="draft"), issued])
    assert found["draft"].by == issued.id
    assert found["draft"].relation is Relation.DRAFT


def test_a_plan_that_says_it_replaces_another_answers_instead_of_it() -> None:
    old = make_plan()
    new = make_plan(
        "12",
        "05 tháng 1 năm 2024",
        2024,
        "Kế hoạch này thay thế Kế hoạch số 97/KH-UBND ngày 30/3/2023.",
    )
    found = superseded([old, new])
    assert found.keys() == {old.id}
    assert found[old.id].evidence is not None
    assert "97/KH-UBND" in found[old.id].evidence.of(new.text)


def test_an_amended_plan_still_answers() -> None:
    old = make_plan()
    new = make_plan("12", "05 tháng 1 năm 2024", 2024, "Sửa đổi, bổ sung Kế hoạch số 97/KH-UBND.")
    assert superseded([old, new]) == {}
    assert [edition.relation for edition in editions([old, new])] == [Relation.AMENDED]


@pytest.mark.parametrize(
    ("number", "date", "year", "last"),
    [
        ("98", "30 tháng 3 năm 2023", 2023, ""),
        ("97", "30 tháng 3 năm 2024", 2024, ""),
        ("12", "05 tháng 1 năm 2024", 2024, "Thay thế thiết bị cũ theo Kế hoạch số 97/KH-UBND."),
        ("12", "05 tháng 1 năm 2022", 2022, "Thay thế Kế hoạch số 97/KH-UBND."),
    ],
)
def test_plans_that_only_look_related_both_answer(
    number: str, date: str, year: int, last: str
) -> None:
    assert superseded([make_plan(), make_plan(number, date, year, last)]) == {}


def test_an_older_plan_of_another_province_is_not_replaced() -> None:
    old = replace(make_plan(), province="Bình Thuận", id="old")
    new = make_plan("12", "05 tháng 1 năm 2024", 2024, "Thay thế Kế hoạch số 97/KH-UBND.")
    assert superseded([old, new]) == {}


def test_issue_dates_that_are_missing_do_not_stop_a_replacement() -> None:
    old = replace(make_plan(), issued_on=None)
    new = make_plan("12", "05 tháng 1 năm 2024", 2024, "Thay thế Kế hoạch số 97/KH-UBND.")
    assert superseded([old, new]).keys() == {old.id}
    assert isinstance(new.issued_on, datetime.date)
