"""Contradictions inside one plan: seeded ones are found, sound plans are left alone."""

import datetime
from dataclasses import replace

import pytest

from corpus.lint import _ACTIVITY_PART, _DUTY_PART, _GOAL_PART, _PHASED, lint
from corpus.model import LegalBasis, Plan, Severity
from corpus.text import fold
from tests.factories import make_plan, make_row, make_section

ITEMS = (
    "Tuyên truyền trên báo, tạp chí điện tử",
    "Xây dựng pa-nô, đề-can quảng bá hình ảnh",
    "Tổ chức hội thi tay nghề học sinh",
    "Số hóa ấn phẩm, tờ rơi hướng nghiệp",
)


def sound(
    rows=None, items=ITEMS, duty="Sở Lao động - Thương binh và Xã hội", goal="", **more
) -> Plan:
    """Return a plan in which nothing disagrees, but for what a test puts in."""
    if rows is None:
        rows = tuple(make_row(str(n), item, years=(2024,)) for n, item in enumerate(ITEMS, 1))
    goals = (make_section("a", goal or "Nâng cao nhận thức của xã hội"),)
    sections = (
        make_section("I", "MỤC TIÊU", children=goals),
        make_section(
            "II",
            "NỘI DUNG THỰC HIỆN",
            children=tuple(make_section(str(n), item) for n, item in enumerate(items, 1)),
        ),
        make_section("III", "TỔ CHỨC THỰC HIỆN", children=(make_section("1", duty, "Chủ trì."),)),
    )
    return make_plan(sections=sections, rows=rows, **more)


def issued(plan: Plan, day: datetime.date, basis_day: datetime.date | None = None) -> Plan:
    bases = tuple(
        LegalBasis(basis.span, "Quyết định", "1/QĐ-TTg", basis_day, None, None)
        for basis in plan.bases
    )
    fields = {**plan.fields, "issued_on": plan.fields["title"]}
    return replace(plan, issued_on=day, bases=bases, fields=fields)


DAY = datetime.date(2024, 3, 1)
BASES = ("Căn cứ Quyết định số 1/QĐ-TTg",)


def rows_with(**changes: dict):
    return tuple(
        make_row(
            **{"ordinal": str(n), "activity": item, "years": (2024,), **changes.get(f"r{n}", {})}
        )
        for n, item in enumerate(ITEMS, 1)
    )


SEEDED = {
    "basis_after_plan": issued(sound(bases=BASES), DAY, datetime.date(2024, 4, 1)),
    "deadline_before_plan": issued(
        sound(
            rows_with(**{f"r{n}": {"time": "15/1/2024"} for n in range(1, 5)})[:1] + rows_with()[1:]
        ),
        DAY,
    ),
    "duplicate_ordinal": sound(rows_with(r3={"ordinal": "2", "key": "r2b"})),
    "missing_ordinal": sound(rows_with(r4={"ordinal": "6"})),
    "unit_without_row": sound(duty="Sở Tài chính"),
    "item_without_row": sound(items=(*ITEMS, "Mở lớp tập huấn phóng viên")),
    "row_without_item": sound((*rows_with(), make_row("5", "Mở lớp tập huấn phóng viên"))),
    "phase_against_years": sound(
        rows_with(r1={"years": (2024, 2025)}),
        goal="Năm 2024: Tuyên truyền trên báo, tạp chí điện tử",
    ),
}
SOUND = (
    sound(),
    issued(sound(bases=BASES), DAY, DAY),
    issued(sound(rows_with(r1={"time": "15/6/2024"})), DAY),
    sound(rows=()),
    sound(items=()),
    sound(goal="Năm 2024: Tuyên truyền trên báo, tạp chí điện tử"),
    sound(duty="Các sở, ban, ngành"),
    sound(
        (
            make_row("1", ITEMS[0]),
            make_row("1.1", ITEMS[1]),
            make_row("1.2", ITEMS[2]),
            make_row("2", ITEMS[3]),
        )
    ),
    make_plan(),
)


@pytest.mark.parametrize("code", SEEDED)
def test_a_seeded_contradiction_is_found_and_nothing_else(code):
    assert {note.code for note in lint(SEEDED[code])} == {code}


def test_every_seeded_contradiction_is_found_and_few_are_imagined():
    found = [{note.code for note in lint(plan)} for plan in SEEDED.values()]
    right = sum(code in codes for code, codes in zip(SEEDED, found, strict=True))
    imagined = sum(len(codes - {code}) for code, codes in zip(SEEDED, found, strict=True))
    imagined += sum(len(lint(plan)) for plan in SOUND)
    recall, precision = right / len(SEEDED), right / (right + imagined)
    assert (recall, precision) == (1, 1)


@pytest.mark.parametrize("number", range(len(SOUND)))
def test_a_sound_plan_has_no_contradiction(number):
    assert lint(SOUND[number]) == ()


@pytest.mark.parametrize("code", SEEDED)
def test_a_contradiction_shows_its_places_and_says_it_in_vietnamese(code):
    for note in lint(SEEDED[code]):
        assert note.spans
        assert all(span.of(SEEDED[code].text) for span in note.spans)
        assert note.message.endswith(".")


def test_the_gravest_come_first(engine):
    order = [Severity.ERROR, Severity.WARNING, Severity.INFO]
    for plan in engine.plans.values():
        ranks = [order.index(note.severity) for note in lint(plan)]
        assert ranks == sorted(ranks)


def test_the_number_of_the_shipped_plan_and_of_its_appendix_disagree(engine):
    codes = [note.code for note in lint(engine.plans["97-kh-ubnd.kien-giang.2023"])]
    assert codes[0] == "number_mismatch"
    assert "item_without_row" not in codes


@pytest.mark.parametrize(
    ("pattern", "said", "near"),
    [
        (_ACTIVITY_PART, "NỘI DUNG THỰC HIỆN", "NỘI DUNG TRUYỀN THÔNG"),
        (_ACTIVITY_PART, "Các hoạt động", "Tổ chức hoạt động"),
        (_DUTY_PART, "TỔ CHỨC THỰC HIỆN", "TỔ CHỨC HỘI THI"),
        (_GOAL_PART, "MỤC TIÊU", "MỤC ĐÍCH"),
    ],
)
def test_a_part_is_known_by_its_heading(pattern, said, near):
    assert pattern.search(fold(said))
    assert not pattern.search(fold(near))


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("Năm 2023 và năm 2024: Xây dựng", "Năm 2023 và năm 2024"),
        ("a) Đến năm 2025, phấn đấu", "Đến năm 2025"),
        ("Trong các năm 2023: làm", None),
        ("Xây dựng năm 2023: làm", None),
    ],
)
def test_a_phase_opens_its_goal(text, years):
    match = _PHASED.match(text)
    assert (match["years"] if match else None) == years
