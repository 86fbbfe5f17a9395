"""Tasks whose lead, support and time stand in the body, each after its label."""

import pytest

from corpus.labelled import before_labels, labelled_in
from corpus.model import Role
from indexer.build import build_index
from indexer.filter import Filter
from search_api.agenda import deadlines
from search_api.engine import Engine
from search_api.model import Filters

PLAN = """ỦY BAN NHÂN DÂN
TỈNH NGHỆ AN
Số: 210/KH-UBND
Nghệ An, ngày 12 tháng 02 năm 2026
KẾ HOẠCH
Chuyển đổi số tỉnh Nghệ An năm 2026
I. MỤC TIÊU
1. Hoàn thành chuyển đổi số cấp xã trong năm 2026.
II. NHIỆM VỤ
1. Nâng cấp trung tâm dữ liệu của tỉnh
- Cơ quan chủ trì: Sở Khoa học và Công nghệ.
- Cơ quan phối hợp: Công an tỉnh, Sở Tài chính.
- Thời gian hoàn thành: Quý II/2026.
- Sản phẩm: Trung tâm dữ liệu đạt cấp độ 3.
2. Đào tạo kỹ năng số cho cán bộ xã
Đơn vị chủ trì: Sở Nội vụ; đơn vị phối hợp: Sở Khoa học và Công nghệ; thời gian: thường xuyên.
3. Phủ sóng di động vùng cao (Chủ trì: Sở Khoa học và Công nghệ; hoàn thành: trước ngày 30/9/2026).
4. Bảo đảm an toàn thông tin mạng
a) Kiểm tra hệ thống của các sở. Chủ trì: Công an tỉnh. Phối hợp: Sở Khoa học và Công nghệ.
b) Diễn tập ứng cứu sự cố. Chủ trì: Sở Khoa học và Công nghệ. Phối hợp: Công an tỉnh.
III. TỔ CHỨC THỰC HIỆN
1. Sở Khoa học và Công nghệ: theo dõi, đôn đốc việc thực hiện Kế hoạch.
TM. ỦY BAN NHÂN DÂN
KT. CHỦ TỊCH
PHÓ CHỦ TỊCH
Nguyễn Văn Bình
"""
CENTRE, SKILLS = "Nâng cấp trung tâm dữ liệu của tỉnh", "Đào tạo kỹ năng số cho cán bộ xã"
SIGNAL, DRILL = "Phủ sóng di động vùng cao", "Diễn tập ứng cứu sự cố"


@pytest.fixture(scope="module")
def body(encoder, tmp_path_factory):
    """An engine over a plan without a table: its tasks are told in labelled words."""
    folder = tmp_path_factory.mktemp("body")
    (folder / "kh.txt").write_text(PLAN, encoding="utf-8")
    build_index([folder / "kh.txt"], folder / "index", encoder)
    return Engine.open(folder / "index", encoder)


def test_each_label_names_its_column():
    text = (
        "Cơ quan chủ trì: Sở Xây dựng. Cơ quan phối hợp: Sở Y tế, Sở Nội vụ.\n"
        "- Thời gian hoàn thành: trước ngày 31/8/2026.\n- Sản phẩm: báo cáo"
    )
    assert labelled_in(text) == {
        Role.LEAD: "Sở Xây dựng",
        Role.SUPPORT: "Sở Y tế, Sở Nội vụ",
        Role.TIME: "trước ngày 31/8/2026",
        Role.PRODUCT: "báo cáo",
    }


def test_labels_may_stand_in_brackets_behind_the_task():
    text = "Phủ sóng vùng cao (Chủ trì: Sở Y tế; hoàn thành: trước ngày 30/9/2026)."
    assert labelled_in(text) == {Role.LEAD: "Sở Y tế", Role.TIME: "trước ngày 30/9/2026"}
    assert before_labels(text).of(text) == "Phủ sóng vùng cao"


@pytest.mark.parametrize("marker", ["", "- ", "b) ", "2) "])
def test_what_is_only_labels_names_no_task(marker):
    text = f"{marker}Cơ quan chủ trì: Sở Y tế."
    assert labelled_in(text) == {Role.LEAD: "Sở Y tế"}
    assert before_labels(text).of(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "Sở Nội vụ chủ trì, phối hợp với Sở Tài chính.",
        "Trách nhiệm của Sở Y tế: khám bệnh.",
        "Phát sóng lúc 8:30 hằng ngày.",
        "Các sự kiện: hội thi, hội giảng.",
    ],
)
def test_other_words_before_a_colon_are_no_column(text):
    assert labelled_in(text) == {}


def test_who_leads_and_supports_is_read_after_the_labels(varied):
    led = varied.ask("Ở Đắk Lắk đơn vị nào chủ trì hỗ trợ nhà ở cho hộ nghèo?")
    assert led.values == ("Sở Xây dựng",)
    assert [citation.locator for citation in led.citations] == ["III.3.b"]
    helped = varied.ask("Thế ai phối hợp?", previous=(led.question,))
    assert helped.values == (
        "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh",
        "Sở Dân tộc và Tôn giáo",
    )


def test_when_a_task_is_due_is_read_after_its_label(varied):
    answer = varied.ask("Nhà ở cho hộ nghèo, hộ cận nghèo phải làm xong trước ngày nào?")
    assert answer.values == ("trước ngày 31/8/2026",)
    assert answer.citations[0].locator == "III.3.b"


@pytest.mark.parametrize(
    ("asked", "tasks"),
    [
        ("Sở Khoa học và Công nghệ chủ trì những nhiệm vụ nào?", (CENTRE, SIGNAL, DRILL)),
        ("Công an tỉnh phối hợp những việc gì?", (CENTRE, DRILL)),
        ("cong an tinh phoi hop nhung viec gi", (CENTRE, DRILL)),
        ("Sở Nội vụ có những nhiệm vụ gì?", (SKILLS,)),
        ("Sở KHCN chủ trì việc gì cùng Công an tỉnh phối hợp?", (CENTRE, DRILL)),
        ("Sở Khoa học và Công nghệ chủ trì việc gì về phủ sóng di động?", (SIGNAL,)),
    ],
)
def test_the_tasks_of_a_unit_are_listed_as_rows_would_be(body, asked, tasks):
    answer = body.ask(asked)
    assert answer.values == tasks
    assert all(
        task in citation.quote for task, citation in zip(tasks, answer.citations, strict=True)
    )


def test_tasks_are_counted_and_told_like_rows(body):
    answer = body.ask("Có bao nhiêu nhiệm vụ do Sở Khoa học và Công nghệ chủ trì?")
    assert answer.values == ("3",)
    assert answer.items[0].fields == {
        "activity": CENTRE,
        "lead": ["Sở Khoa học và Công nghệ"],
        "support": ["Công an tỉnh", "Sở Tài chính"],
        "time": "Quý II/2026",
        "product": "Trung tâm dữ liệu đạt cấp độ 3",
    }


def test_a_unit_without_a_task_in_that_role_is_refused(body):
    answer = body.ask("Sở Tài chính chủ trì việc nào?")
    assert not answer.citations


def test_the_product_of_a_task_is_read_after_its_label(body):
    answer = body.ask("Sản phẩm của việc nâng cấp trung tâm dữ liệu là gì?")
    assert answer.values == ("Trung tâm dữ liệu đạt cấp độ 3",)


def test_the_matrix_of_a_unit_has_its_tasks_by_role(body):
    named = body.duties("so-khoa-hoc-va-cong-nghe").named
    assert [(duty.roles, duty.text) for duty in named[:3]] == [
        (("chủ trì",), CENTRE),
        (("phối hợp",), SKILLS),
        (("chủ trì",), SIGNAL),
    ]
    assert named[0].citation.locator == "II.1"


def test_the_times_of_tasks_are_deadlines_of_who_leads_them(body):
    found = {due.what: (due.who, due.when) for due in deadlines(body._retriever, Filter())}
    assert found[CENTRE] == (("Sở Khoa học và Công nghệ",), "Quý II/2026")
    assert found[SIGNAL] == (("Sở Khoa học và Công nghệ",), "trước ngày 30/9/2026")
    assert found[SKILLS][1] == "thường xuyên"


def test_a_search_for_what_a_unit_leads_finds_its_tasks(body):
    filters = Filters(units=("Công an tỉnh",), roles=(Role.LEAD,))
    assert [hit.locator for hit in body.search("kiểm tra", filters=filters).hits] == ["II.4.a"]


def test_tasks_on_something_else_stand_beside_no_row_on_the_topic(varied):
    answer = varied.ask("Sở Nội vụ chủ trì việc nào về đào tạo kỹ năng số?")
    assert answer.values == ("Đào tạo kỹ năng số cho cán bộ, công chức",)


def test_rows_on_something_else_stand_beside_no_task_on_the_topic(varied):
    answer = varied.ask("Sở Nội vụ chủ trì việc nào về tạo việc làm, giáo dục nghề nghiệp?")
    assert answer.values == ("Phát triển giáo dục nghề nghiệp, tạo việc làm",)


def test_what_a_body_leads_is_found_behind_the_letter_of_a_point(varied):
    answer = varied.ask("Ở Đắk Lắk Sở Xây dựng chủ trì việc gì?")
    assert answer.values == ("Hỗ trợ nhà ở cho hộ nghèo, hộ cận nghèo",)
    assert "Cơ quan chủ trì: Sở Xây dựng" in answer.citations[0].quote
