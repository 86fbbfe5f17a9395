"""Lists and counts of rows, the years and the money of one thing: neither more nor less."""

import pytest


def told(answer):
    return answer.values, [citation.locator for citation in answer.citations]


@pytest.mark.parametrize(
    ("asked", "number", "rows"),
    [
        ("Hải Dương có bao nhiêu đợt kiểm tra liên ngành về an toàn thực phẩm?", "4", "1 2 3 4"),
        ("Cục QLTT tỉnh Hải Dương là thành viên của mấy đợt KT liên ngành?", "3", "1 3 4"),
        ("Sở Y tế Sơn La tham gia mấy nhiệm vụ, cả chủ trì lẫn phối hợp?", "3", "2 5 4"),
        ("Riêng mảng xã hội số thì Quảng Ninh đặt ra mấy đầu việc?", "3", "5 4 3"),
    ],
)
def test_every_row_asked_for_is_counted_and_no_other(varied, asked, number, rows):
    assert told(varied.ask(asked)) == ((number,), rows.split())


def test_what_letters_stand_for_counts_rows_of_that_role(engine):
    asked = "Các sở, ban, ngành liên quan PH trong mấy hoạt động của PL Kiên Giang?"
    assert told(engine.ask(asked)) == (("3",), ["8", "9", "10"])


def test_each_province_has_a_number_of_its_own(engine):
    asked = "có mấy hoạt động do Sở Lao động - Thương binh và Xã hội chủ trì?"
    assert engine.ask(f"Mỗi tỉnh {asked}").values == ("7", "16")
    assert engine.ask(f"Tất cả {asked}").values == ("23",)


@pytest.mark.parametrize(
    ("asked", "years"),
    [
        ("Đào tạo kỹ năng số ở Quảng Ninh bắt đầu từ năm nào?", ("2024",)),
        ("Đào tạo kỹ năng số ở Quảng Ninh kéo dài đến năm nào?", ("2026",)),
        ("Đào tạo kỹ năng số ở Quảng Ninh từ năm nào đến năm nào?", ("2024", "2025", "2026")),
        ("Diễn tập chữa cháy ở Khu kinh tế Nghi Sơn tổ chức năm nào?", ("2025",)),
        ("Diễn tập chữa cháy ở Khu kinh tế Nghi Sơn tổ chức khi nào?", ("Ngày 04/10/2025",)),
    ],
)
def test_the_year_that_is_asked_for_is_the_value(varied, asked, years):
    assert varied.ask(asked).values == years


def test_one_source_of_money_is_told_where_one_is_asked_about(engine):
    assert engine.ask("Nguồn xã hội hóa phục vụ kế hoạch gồm những khoản gì?").values == (
        "Kinh phí từ các nguồn hợp pháp khác, xã hội hóa (tài trợ, viện trợ,...).",
    )
    assert len(engine.ask("Kinh phí kế hoạch của Kiên Giang lấy từ đâu?").values) == 2


def test_the_press_without_marks_is_no_word_that_excludes(engine):
    asked = "nam 2023 kien giang co cung cap thong tin chuyen de cho phong vien bao chi khong"
    assert engine.ask(asked).values == ("có",)
    assert engine.ask("Kiên Giang chỉ số hóa ấn phẩm năm 2024 phải không?").values == ("không",)


def test_duties_below_a_numbered_part_are_those_of_the_body(engine):
    asked = "NV của các cơ sở GDNN tại mục VIII KH tỉnh Kiên Giang gồm những gì?"
    assert [locator[:6] for locator in told(engine.ask(asked))[1]] == ["VIII.9"] * 6


def test_the_department_of_planning_is_no_number_of_a_plan(varied):
    asked = "so ke hoach va dau tu quang ninh duoc giao nhiem vu gi trong chuyen doi so"
    assert told(varied.ask(asked))[1] == ["IV.2"]
    assert told(varied.ask("so ke hoach quang ninh la gi"))[0] == ("205/KH-UBND",)


def test_duties_are_those_of_the_part_of_a_body_and_others_are_offered(varied):
    answer = varied.ask("Công an tỉnh Thanh Hóa có trách nhiệm gì?")
    assert told(answer)[1] == ["V.1.a", "V.1.b", "V.1.c"]
    assert [other.citation.locator for other in answer.alternatives] == ["VI.2"]
    assert "VI.2" in answer.coverage.note


def test_a_duty_of_the_head_of_a_body_is_one_of_the_body(varied):
    asked = "UBND cấp huyện ở Hải Dương chịu trách nhiệm gì?"
    assert told(varied.ask(asked))[1] == ["IV.7.a", "IV.7.b"]


def test_tasks_are_counted_without_the_targets_of_another_table(varied):
    asked = "Quảng Ninh và Hà Tĩnh mỗi nơi có mấy"
    assert set(varied.ask(f"{asked} nhiệm vụ trong phụ lục?").values) == {"5", "4"}
    assert set(varied.ask(f"{asked} dòng trong phụ lục?").values) == {"5", "6"}


@pytest.mark.parametrize(
    ("asked", "values"),
    [
        (
            "Nhiệm vụ nào của Quảng Ninh có kinh phí 45.000 triệu đồng?",
            ("Xây dựng trung tâm giám sát an toàn thông tin mạng",),
        ),
        (
            "Việc nào ở Quảng Ninh được cấp 45 tỷ?",
            ("Xây dựng trung tâm giám sát an toàn thông tin mạng",),
        ),
        ("Sở nào ở Thanh Hóa chủ trì việc có kinh phí 6.400 triệu đồng?", ("Công an tỉnh",)),
        ("Tổng kinh phí phòng cháy của Thanh Hóa là bao nhiêu?", ("15.680 triệu đồng",)),
        ("Tổng kinh phí mua xe chữa cháy ở Thanh Hóa là bao nhiêu?", ("6.400",)),
        (
            "KH giảm nghèo Đắk Lắk: NSTW và NSĐP mỗi nguồn bao nhiêu?",
            ("352 tỷ đồng", "84,5 tỷ đồng"),
        ),
        (
            "Hải Dương chi bao nhiêu cho thực phẩm, Thanh Hóa chi bao nhiêu cho phòng cháy?",
            ("4.120.000.000 đồng", "15.680 triệu đồng"),
        ),
    ],
)
def test_money_is_that_of_what_is_asked(varied, asked, values):
    assert varied.ask(asked).values == values


@pytest.mark.parametrize(
    ("asked", "values", "place"),
    [
        (
            "Các huyện ở Thanh Hóa gửi báo cáo năm cho CA tỉnh trước ngày mấy?",
            ("trước ngày 10/11/2025",),
            "VI.1",
        ),
        (
            "Các sở, ban, ngành ở Quảng Ninh nộp BC cho Sở TT&TT hạn nào?",
            ("trước ngày 05/6", "trước ngày 05/12"),
            "IV.4.b",
        ),
        (
            "Khi có ổ dịch, các xã ở Sơn La phải báo về Sở Y tế chậm nhất mấy giờ?",
            ("trước 16 giờ",),
            "IV.5.b",
        ),
        (
            "Hạn báo cáo năm lên UBND tỉnh của Sở TTTT Hà Tĩnh là ngày nào?",
            ("trước ngày 10/12",),
            "III.1",
        ),
    ],
)
def test_a_report_is_due_from_whom_it_is_asked_of(varied, asked, values, place):
    assert told(varied.ask(asked)) == (values, [place])


def test_through_whom_a_report_goes_is_told_where_that_is_asked(engine):
    asked = "các đơn vị liên quan ở Kiên Giang gửi báo cáo {} và trước ngày nào?"
    through = engine.ask(asked.format("qua cơ quan nào"))
    assert told(through) == (
        ("Sở Lao động - Thương binh và Xã hội", "trước ngày 20/6", "trước ngày 20/11"),
        ["IX.1"],
    )
    assert "Ủy ban nhân dân tỉnh" in engine.ask(asked.format("cho ai")).values
