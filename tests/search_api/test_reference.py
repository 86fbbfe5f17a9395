"""Places named by number, and numbers that are not places."""

import pytest

from search_api.reference import find_reference


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ("mục viii.1.d nói gì", ("VIII", "1", "d")),
        ("điểm đ khoản 9 mục viii", ("VIII", "9", "đ")),
        ("diem a muc i.2", ("I", "2", "a")),
        ("phần iii", ("III",)),
        ("yêu cầu thứ 2 là gì", ("2",)),
        ("đối tượng tuyên truyền số 3", ("3",)),
    ],
)
def test_a_part_of_the_body_is_named_by_its_labels(asked, path):
    assert find_reference(asked).path == path


@pytest.mark.parametrize(
    ("asked", "ordinals"),
    [
        ("dòng 5.2 do ai chủ trì", ("5.2",)),
        ("dong so 8", ("8",)),
        ("dòng 5.1, 5.2 và 5.3", ("5.1", "5.2", "5.3")),
        ("hoạt động 7.2 làm gì", ("7.2",)),
        ("hoạt động số 9 trong phụ lục", ("9",)),
        ("hoạt động số 9 do ai chủ trì", ("9",)),
    ],
)
def test_a_row_is_named_by_its_printed_ordinal(asked, ordinals):
    assert find_reference(asked).ordinals == ordinals


@pytest.mark.parametrize(
    "asked",
    [
        "kế hoạch 97/kh-ubnd",
        "giai đoạn 2023-2025",
        "mục tiêu là gì",
        "hoạt động tuyên truyền năm 2024",
        "dòng kèm theo",
        "i.e. là gì",
        "phiên bản 97.5",
    ],
)
def test_a_number_that_is_no_place_names_none(asked):
    assert find_reference(asked) is None


def test_only_a_top_part_makes_a_path_absolute():
    assert find_reference("khoản 4 mục iii").is_absolute
    assert not find_reference("khoản 4").is_absolute
