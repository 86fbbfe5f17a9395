"""What hurried hands type, and what they type on purpose."""

import pytest

from search_api.spelling import is_syllable, sound_alikes, spell_out


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("dvi nao chur trif", "đơn vị nao chủ trì"),
        ("ko bik", "không bik"),
        ("hssv đc j", "học sinh, sinh viên được gì"),
        ("ngừơi lao động", "người lao động"),
        ("đối tuợng", "đối tượng"),
        ("đv PH, T mấy", "đơn vị phối hợp, tháng mấy"),
        ("PH vs đv nào từ T10/2025", "phối hợp với đơn vị nào từ tháng 10/2025"),
        ("PL2: bn %", "phụ lục 2: bao nhiêu %"),
        ("ngày BH", "ngày ban hành"),
        ("ai CT, ai PH", "ai chủ trì, ai phối hợp"),
        ("phải PH làm gì", "phải phối hợp làm gì"),
        ("Sở Y tế CT việc gì trong PL", "Sở Y tế chủ trì việc gì trong phụ lục"),
        ("CT, PH là ai", "chủ trì, phối hợp là ai"),
        ("thời gian TH, vốn NS tỉnh", "thời gian thực hiện, vốn ngân sách tỉnh"),
        ("mấy đợt KT liên ngành", "mấy đợt kiểm tra liên ngành"),
        ("đoàn KT: TV gồm ai", "đoàn kiểm tra: thành viên gồm ai"),
    ],
)
def test_a_shortcut_is_written_out(typed, meant):
    assert spell_out(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "internet",
        "thuở ấy",
        "huơ tay",
        "trai tim",
        "UBND",
        "97/KH-UBND",
        "website",
        "PH-12",
        "mã PH 12",
        "PH HS",
        "Sở NV, Sở CT",
        "CT tỉnh",
        "phổ biến PL",
        "KT-XH",
        "BN",
        "T5",
    ],
)
def test_what_is_meant_as_typed_stays(typed):
    assert spell_out(typed) == typed


@pytest.mark.parametrize("word", ["nghiep", "truong", "chuyen", "quy", "gi", "uyen"])
def test_a_syllable_has_the_shape_of_one(word):
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["chur", "trif", "internet", "kh", "zalo", ""])
def test_other_strings_have_not(word):
    assert not is_syllable(word)


@pytest.mark.parametrize(
    ("word", "heard"), [("chi", {"tri"}), ("sa", {"xa"}), ("lo", {"no"}), ("ba", set())]
)
def test_letters_that_sound_alike_are_tried(word, heard):
    assert sound_alikes(word) == heard
