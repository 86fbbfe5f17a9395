"""Questions over plans on several subjects: what each one is about need not be said row by row."""

import pytest

from indexer.build import build_index, read_plan_file
from search_api.engine import Engine
from search_api.model import Reason, Status
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

TALKS, MONEY = "Đối thoại trên truyền hình", "Kinh phí và nguồn lực"
BASES = (
    "Căn cứ Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ về cải cách hành chính;",
    "Căn cứ Luật Báo chí ngày 05 tháng 4 năm 2016;",
)
DIALOGUE = make_plan(
    id="doi-thoai.gia-lai.2026",
    number=None,
    title="Tuyên truyền cải cách hành chính năm 2026",
    province="Gia Lai",
    period=(2026, 2026),
    name="dialogue.txt",
    bases=BASES,
    opening="Ủy ban nhân dân tỉnh ban hành Kế hoạch với chủ đề “Kỷ cương, sáng tạo”, trong đó,"
    " xác định lĩnh vực đột phá của năm 2026 là chính quyền số, đề ra mục tiêu như sau:",
    sections=[
        make_section("I", "NHIỆM VỤ", children=[
            make_section("1", "Tiếp tục thực hiện Quyết định số 1441/QĐ-UBND ngày 25/9/2025 công bố"
                         " thủ tục không phụ thuộc địa giới."),
            make_section("2", "Đề nghị Ngân hàng Nhà nước Chi nhánh Khu vực 9",
                         "Chỉ đạo các ngân hàng cho vay tín dụng đối với người sau cai nghiện."),
        ]),
        make_section("II", "CHẾ ĐỘ BÁO CÁO", children=[
            make_section("1", "Các sở, ban, ngành định kỳ báo cáo kết quả về Ủy ban nhân dân tỉnh"
                         " (qua Sở Nội vụ) trước ngày 25/11."),
        ]),
    ],
    rows=[
        make_row("I", TALKS, lead=""),
        make_row("1", "Giải đáp vướng mắc của người dân về đất đai", group=TALKS, key="g1.r1",
                 lead="Lãnh đạo Sở Tư pháp", time="20 giờ 15 ngày 13 tháng 11"),
        make_row("2", "Giải đáp vướng mắc của người dân về hộ tịch", group=TALKS, key="g1.r2",
                 lead="Lãnh đạo Sở Y tế", time="20 giờ 15 ngày 11 tháng 12"),
        make_row("II", MONEY, lead=""),
        make_row("1", "Bố trí kinh phí chi thường xuyên", group=MONEY, key="g2.r1",
                 lead="Sở Tài chính", time="Tháng 3/2026", product="Quyết định giao dự toán"),
    ],
)  # fmt: skip


@pytest.fixture(scope="module")
def mixed(tmp_path_factory, encoder):
    """An engine over the shipped plans and two on other subjects."""
    folder = tmp_path_factory.mktemp("mixed")
    made = {plan.source.name: plan for plan in (DIGITAL, DIALOGUE)}
    for name, plan in made.items():
        (folder / name).write_text(plan.text, encoding="utf-8")

    def read(path, base):
        return made.get(path.name) or read_plan_file(path, base)

    sources = [SHIPPED_PLANS, *(folder / name for name in made)]
    build_index(sources, folder / "index", encoder, read=read)
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


@pytest.mark.parametrize(
    ("asked", "locator", "values"),
    [
        # By the day on which it is.
        ("Ngày 13/11 sở nào giải đáp vướng mắc của người dân?", "1", ("Lãnh đạo Sở Tư pháp",)),
        ("13 tháng 11 ai trả lời người dân", "1", ("Lãnh đạo Sở Tư pháp",)),
        # Who and when at once, lead and product at once.
        ("Bố trí kinh phí chi thường xuyên vào ngày nào, ai làm?", "1",
         ("Tháng 3/2026", "Sở Tài chính")),
        ("Bố trí kinh phí chi thường xuyên: ai chủ trì và sản phẩm là gì?", "1",
         ("Sở Tài chính", "Quyết định giao dự toán")),
        # Whoever asks holds the role.
        ("Tôi ở Sở Tài chính Gia Lai, năm 2026 sở tôi chủ trì việc gì?", "1",
         ("Bố trí kinh phí chi thường xuyên",)),
        # Its row is known by the body that is asked about.
        ("Sở Y tế Gia Lai giải đáp trên truyền hình ngày nào?", "2",
         ("20 giờ 15 ngày 11 tháng 12",)),
        # What a plan calls itself by.
        ("Chủ đề cải cách hành chính năm 2026 của Gia Lai là gì?", "head", ("Kỷ cương, sáng tạo",)),
        # A heading that asks a body for something names it.
        ("Cơ quan nào chỉ đạo ngân hàng cho vay tín dụng người sau cai nghiện?", "I.2",
         ("Ngân hàng Nhà nước Chi nhánh Khu vực 9",)),
        # To whom, and also by when.
        ("Các sở ngành Gia Lai gửi báo cáo cho ai?", "II.1",
         ("Ủy ban nhân dân tỉnh", "Sở Nội vụ")),
        ("Các sở ngành Gia Lai báo cáo khi nào, nộp qua đâu?", "II.1",
         ("Ủy ban nhân dân tỉnh", "Sở Nội vụ", "trước ngày 25/11")),
        # All bases of a plan that is named by its subject.
        ("Kế hoạch tuyên truyền cải cách hành chính Gia Lai căn cứ vào những văn bản nào?",
         "basis.1", (BASES[0], BASES[1])),
    ],
)  # fmt: skip
def test_a_plan_with_days_groups_and_a_motto_is_asked_in_plain_words(mixed, asked, locator, values):
    answer = mixed.ask(asked)
    assert answer.values == values
    assert answer.citations[0].locator == locator
    assert {citation.province for citation in answer.citations} == {"Gia Lai"}


def test_a_document_that_only_the_body_names_is_found_by_its_number(mixed):
    (citation,) = mixed.ask("Quyết định 1441/QĐ-UBND nói về cái gì?").citations
    assert (citation.plan_id, citation.locator) == (DIALOGUE.id, "I.1")


def test_the_groups_of_a_table_are_counted(mixed):
    answer = mixed.ask("Phụ lục Gia Lai chia làm mấy nhóm?")
    assert answer.values == ("2",)
    assert [item.fields["activity"] for item in answer.items] == [
        TALKS,
        MONEY,
    ]


@pytest.mark.parametrize(
    "asked",
    [
        # No row and no clause says who; what another body does is no answer.
        "Sở Tài chính Lâm Đồng chủ trì việc gì?",
        "Lâm Đồng hay Gia Lai, tỉnh nào làm cải cách hành chính hiệu quả hơn?",
        "Năm 2026 Gia Lai phấn đấu cải cách hành chính xếp hạng thứ mấy?",
    ],
)
def test_what_no_plan_says_is_refused(mixed, asked):
    assert mixed.ask(asked).status is Status.NOT_FOUND


def test_what_a_body_leads_is_not_what_it_supports(engine):
    answer = engine.ask("đài phát thanh truyền hình Bình Thuận phối hợp việc gì")
    assert answer.reason is Reason.UNIT_NOT_NAMED
    assert [alternative.citation.locator for alternative in answer.alternatives] == ["3"]


def test_whether_a_body_leads_anything_is_told_with_all_that_it_leads(engine):
    answer = engine.ask(
        "Cơ quan chủ quản của các CSGDNN ở Bình Thuận có chủ trì hoạt động nào không?"
    )
    assert answer.values == ("có",)
    assert [citation.locator for citation in answer.citations] == ["7"]


def test_an_open_question_that_ends_in_a_check_is_answered_openly(engine):
    answer = engine.ask("Kế hoạch của Kiên Giang ban hành ngày nào, có phải năm 2023 không?")
    assert answer.values == ("ngày 30 tháng 3 năm 2023",)
