"""Questions over plans on several subjects: what each one is about need not be said row by row."""

import pytest

from indexer.build import build_index, read_plan_file
from search_api.engine import Engine
from search_api.model import Status
from tests.conftest import SHIPPED_PLANS
from tests.factories import make_plan, make_row, make_section

DIGITAL = make_plan(
    id="12-kh-ubnd.lam-dong.2026",
    number="12/KH-UBND",
    title="Chuyển đổi số tỉnh Lâm Đồng năm 2026",
    province="Lâm Đồng",
    period=(2026, 2026),
    name="digital.txt",
    sections=[
        make_section(
            "I",
            "MỤC TIÊU",
            children=[
                make_section("1", "Phấn đấu 95 % hồ sơ thủ tục hành chính được trả đúng hạn."),
                make_section("2", "Xây dựng mới 35 xã số, mỗi xã có 01 tổ công nghệ số cộng đồng."),
            ],
        ),
        make_section(
            "II",
            "TỔ CHỨC THỰC HIỆN",
            children=[
                make_section(
                    "1", "Hội đồng cấp xã lập danh sách đề nghị, hoàn thành trong tháng 4/2026."
                ),
                make_section("2", "Kinh phí thực hiện", "Từ ngân sách tỉnh được giao năm 2026."),
            ],
        ),
    ],
    rows=[
        make_row("1", "Đào tạo, bồi dưỡng cán bộ, công chức về kỹ năng số", lead="Sở Nội vụ",
                 time="Chậm nhất là ngày 31/12/2025"),
        make_row("2", "Triển khai các ứng dụng AI trên địa bàn tỉnh",
                 lead="Sở Khoa học và Công nghệ", time="Trong năm 2026"),
        make_row("3", "Xây dựng nền tảng dữ liệu dùng chung", lead="Sở Khoa học và Công nghệ",
                 time="Quý II/2026"),
        make_row("4", "Kiểm tra việc xây dựng nền tảng dữ liệu", lead="Thanh tra tỉnh",
                 time="Quý IV/2026"),
    ],
)  # fmt: skip


@pytest.fixture(scope="module")
def mixed(tmp_path_factory, encoder):
    """An engine over the shipped plans and one on another subject."""
    folder = tmp_path_factory.mktemp("mixed")
    (folder / "digital.txt").write_text(DIGITAL.text, encoding="utf-8")

    def read(path, base):
        return DIGITAL if path.name == "digital.txt" else read_plan_file(path, base)

    build_index([SHIPPED_PLANS, folder / "digital.txt"], folder / "index", encoder, read=read)
    return Engine.open(folder / "index", encoder)


@pytest.mark.parametrize(
    ("asked", "values"),
    [
        # The subject of the plan stands in the question and not in the row.
        ("Ai chủ trì đào tạo bồi dưỡng cán bộ công chức chuyển đổi số?", ("Sở Nội vụ",)),
        # A day before the plan's year is the day of a task of that year.
        ("ai chu tri dao tao boi duong can bo cong chuc nam 2026", ("Sở Nội vụ",)),
        # AI is not "ai".
        ("Có phải Sở Khoa học và Công nghệ chủ trì các ứng dụng AI không?", ("có",)),
        ("Sở Nội vụ có phải chủ trì các ứng dụng AI không?", ("không",)),
        # Of rows with the same words the one that says them as they were asked.
        ("Xây dựng nền tảng dữ liệu dùng chung do ai chủ trì?", ("Sở Khoa học và Công nghệ",)),
        # A clause with a date answers before a row that only touches the topic.
        ("Hội đồng cấp xã lập danh sách đề nghị xong khi nào?", ("trong tháng 4/2026",)),
    ],
)
def test_the_place_that_is_meant_answers(mixed, asked, values):
    answer = mixed.ask(asked)
    assert answer.values == values
    assert {citation.province for citation in answer.citations} == {"Lâm Đồng"}


@pytest.mark.parametrize(
    ("asked", "locator"),
    [
        ("Bao nhiêu phần trăm hồ sơ thủ tục hành chính phải trả đúng hạn?", "I.1"),
        ("Xây dựng mới bao nhiêu xã số?", "I.2"),
        ("Kinh phí chuyển đổi số lấy từ đâu?", "II.2"),
    ],
)
def test_a_quantity_is_answered_by_the_clause_that_has_it(mixed, asked, locator):
    answer = mixed.ask(asked)
    assert answer.status is Status.ANSWERED
    assert (answer.citations[0].plan_id, answer.citations[0].locator) == (DIGITAL.id, locator)


def test_a_quantity_no_clause_has_is_refused(mixed):
    assert mixed.ask("Xây dựng mới bao nhiêu bệnh viện số?").status is Status.NOT_FOUND
