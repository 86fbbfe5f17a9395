"""A plan that says two things of what is asked gets no whole answer; one that decides does."""

import pytest

from eval.cases import made_plans
from search_api.model import Reason, Status


@pytest.fixture(scope="module")
def made(tmp_path_factory, encoder):
    """An engine over all plans made for evaluation."""
    from indexer.build import build_index
    from search_api.engine import Engine

    folder = tmp_path_factory.mktemp("made") / "index"
    build_index([made_plans("varied"), made_plans("unseen")], folder, encoder)
    return Engine.open(folder, encoder)


@pytest.mark.parametrize(
    ("asked", "values", "places"),
    [
        (
            "Kế hoạch chuyển đổi số của Hà Tĩnh số bao nhiêu?",
            ("118/KH-UBND", "181/KH-UBND"),
            2,
        ),
        (
            "Quảng Ninh số hóa hồ sơ hộ tịch tại cấp xã trong những năm nào?",
            ("2024", "2025"),
            2,
        ),
        (
            "Đơn vị nào chủ trì xử lý điểm đen tai nạn giao thông ở Thanh Hóa?",
            ("Sở Xây dựng", "Ủy ban nhân dân các xã, phường"),
            2,
        ),
        (
            "Các sở, ban, ngành Thanh Hóa báo cáo 6 tháng trước ngày nào?",
            ("trước ngày 10/6/2026", "trước ngày 20/6/2026"),
            2,
        ),
    ],
)
def test_both_sides_of_a_contradiction_are_cited_and_said(made, asked, values, places):
    answer = made.ask(asked)
    assert (answer.status, answer.reason) == (Status.PARTIAL, Reason.CONTRADICTORY_SOURCE)
    assert set(answer.values) == set(values)
    assert len(answer.citations) == places
    assert all(any(v in c.quote for c in answer.citations) for v in values if not v.isdigit())
    assert answer.answer.startswith("Văn bản tự mâu thuẫn")
    assert answer.coverage.note
    assert not answer.complete


def test_a_claim_about_what_is_contradictory_is_answered_in_part(made):
    answer = made.ask("Sở Xây dựng có chủ trì xử lý điểm đen tai nạn giao thông ở Thanh Hóa không?")
    assert answer.reason is Reason.CONTRADICTORY_SOURCE
    assert {citation.locator for citation in answer.citations} == {"2", "5"}


@pytest.mark.parametrize(
    "asked",
    [
        "Sản phẩm của việc xử lý điểm đen tai nạn giao thông ở Thanh Hóa?",
        "Quảng Ninh nâng cấp cổng dịch vụ công năm nào?",
        "Ai chủ trì số hóa hồ sơ hộ tịch tại cấp xã ở Quảng Ninh?",
        "Kế hoạch chuyển đổi số của Hà Tĩnh ban hành ngày nào?",
    ],
)
def test_what_the_sides_agree_on_is_answered(made, asked):
    assert made.ask(asked).status is Status.ANSWERED


def test_the_head_decides_over_its_appendix(made, engine):
    day = made.ask("Kế hoạch an toàn giao thông của Thanh Hóa ban hành ngày nào?")
    assert (day.status, day.values) == (Status.ANSWERED, ("ngày 05 tháng 02 năm 2026",))
    assert "08 tháng 02" in day.coverage.note
    number = engine.ask("Kế hoạch của Kiên Giang số mấy?")
    assert (number.status, number.values) == (Status.ANSWERED, ("97/KH-UBND",))


def test_goals_that_share_out_the_years_of_a_row_are_its_phases(engine):
    asked = "Kiên Giang xây dựng không gian truyền thông giáo dục nghề nghiệp trong những năm nào?"
    assert engine.ask(asked).reason is not Reason.CONTRADICTORY_SOURCE


@pytest.mark.parametrize(
    ("asked", "values", "quotes"),
    [
        (
            "Số kế hoạch ở trang đầu của Kiên Giang với số ở bảng kèm theo có giống nhau không?",
            ("không",),
            ("97 /KH-UBND", "37/KH-UBND"),
        ),
        (
            "Kế hoạch của Kiên Giang có chỗ nào mâu thuẫn không?",
            ("có",),
            ("97 /KH-UBND", "37/KH-UBND"),
        ),
        (
            "ke hoach cua kien giang mau thuan cho nao",
            ("97 /KH-UBND", "37/KH-UBND"),
            ("97 /KH-UBND", "37/KH-UBND"),
        ),
    ],
)
def test_what_a_plan_says_in_two_ways_is_told_when_asked(engine, asked, values, quotes):
    answer = engine.ask(asked)
    assert answer.values == values
    assert tuple(citation.quote for citation in answer.citations) == quotes


def test_a_contradiction_on_a_topic_is_told_alone(made):
    answer = made.ask("Văn bản Quảng Ninh về số hóa hộ tịch có tự vênh nhau không?")
    assert answer.values == ("có",)
    assert [citation.locator for citation in answer.citations] == ["I.1", "1"]


def test_where_a_plan_says_all_in_one_way_no_contradiction_is_told(engine):
    assert not engine.ask("Kế hoạch của Bình Thuận có chỗ nào mâu thuẫn không?").citations
