"""Spreadsheets: what a person sees, whatever is stored."""

import datetime

import pytest
from openpyxl import Workbook

from corpus.readers.document import Line, Table
from corpus.readers.sheet import read_csv, read_sheet

HEAD = ("STT", "Nội dung", "Đơn vị chủ trì", "Thời gian")


@pytest.fixture
def book(tmp_path):
    """Return a workbook, its sheet and a function that saves and reads it."""
    made = Workbook()
    path = tmp_path / "a.xlsx"

    def read():
        made.save(path)
        return read_sheet(path)

    return made, made.active, read


def rows(document):
    return next(block for block in document.blocks if isinstance(block, Table)).rows


def test_dates_and_numbers_are_shown_as_the_sheet_shows_them(book):
    _, sheet, read = book
    sheet.append(HEAD)
    sheet.append((1, "Tập huấn", "Sở Nội vụ", datetime.date(2024, 6, 30)))
    sheet.append((2, "Kinh phí", "Sở Tài chính", 120_000_000))
    sheet["D3"].number_format = "#,##0"
    sheet.append((3, "Tỷ lệ", "Sở Y tế", 0.4))
    sheet["D4"].number_format = "0%"
    assert [row[3] for row in rows(read())[1:]] == ["30/06/2024", "120.000.000", "40%"]


def test_an_ordinal_that_lost_its_zero_gets_it_back_with_a_note(book):
    _, sheet, read = book
    sheet.append(HEAD)
    for number in (3.1, 3.2, 3.3, 3.4, 3.5, 3.6, 3.7, 3.8, 3.9, 3.1, 4.1):
        sheet.append((number, "Tập huấn", "Sở Nội vụ", "Quý I"))
    document = read()
    assert [row[0] for row in rows(document)[-3:]] == ["3.9", "3.10", "4.1"]
    assert [note.code for note in document.notes] == ["ordinal_mended"]


def test_ordinals_that_start_again_are_left_alone(book):
    _, sheet, read = book
    sheet.append(HEAD)
    for number in (1.1, 1.2, 1.1, 1.2):
        sheet.append((number, "Tập huấn", "Sở Nội vụ", "Quý I"))
    assert [row[0] for row in rows(read())[1:]] == ["1.1", "1.2", "1.1", "1.2"]


def test_hidden_rows_columns_and_sheets_are_not_read(book):
    made, sheet, read = book
    sheet.append((*HEAD, "mật"))
    sheet.append((1, "Tập huấn", "Sở Nội vụ", "Quý I", "mật"))
    sheet.append((2, "bỏ", "bỏ", "bỏ", "mật"))
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["E"].hidden = True
    made.create_sheet("ẩn").append(("mật",))
    made["ẩn"].sheet_state = "hidden"
    document = read()
    assert rows(document) == (HEAD, ("1", "Tập huấn", "Sở Nội vụ", "Quý I"))
    assert [note.code for note in document.notes] == ["hidden_sheet"]


def test_group_rows_stay_in_the_table_and_titles_and_signatures_do_not(book):
    _, sheet, read = book
    sheet.append(("PHỤ LỤC I",))
    sheet.append(HEAD)
    sheet.append(("I", "Nhóm nhiệm vụ một"))
    sheet.append((1, "Tập huấn", "Sở Nội vụ", "Quý I"))
    sheet.append(("II", "Nhóm nhiệm vụ hai"))
    sheet.append(("", "", "TM. ỦY BAN NHÂN DÂN"))
    document = read()
    assert [row[0] for row in rows(document)] == ["STT", "I", "1", "II"]
    lines = [block.text for block in document.blocks if isinstance(block, Line)]
    assert lines == ["PHỤ LỤC I", "TM. ỦY BAN NHÂN DÂN"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_values_separated_by_any_mark_are_a_table(delimiter, tmp_path):
    lines = [HEAD, ("1", "Tập huấn", "Sở Nội vụ", "Quý I"), ("2", "Hội nghị", "Sở Y tế", "")]
    text = "\n".join(delimiter.join(line) for line in lines)
    (tmp_path / "a.csv").write_text(text, encoding="utf-16")
    assert rows(read_csv(tmp_path / "a.csv")) == tuple(lines)
