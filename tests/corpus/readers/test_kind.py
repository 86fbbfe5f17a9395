"""What a file is, by its bytes."""

import zipfile

import pytest

from corpus.errors import Refusal, UnreadableFile
from corpus.readers.kind import ending_lies, kind_of
from corpus.readers.limits import Limits


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n", "pdf"),
        (b"\n\n%PDF-1.7\n", "pdf"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"\xff\xd8\xff\xe0", "image"),
        (b"{\\rtf1\\ansi", "writer"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "writer"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "calc"),
        (b"<!DOCTYPE html><html><p>a</p></html>", "html"),
        ("<html><body>".encode("utf-16"), "html"),
        ("Kế hoạch <https://kiengiang.gov.vn> và a < b".encode(), "text"),
        ("KẾ HOẠCH".encode("utf-16"), "text"),
        (b"K\xd5 ho\xb9ch truy\xd2n th\xabng", "text"),
    ],
)
def test_bytes_tell_the_kind(data, kind, tmp_path):
    (tmp_path / "a.bin").write_bytes(data)
    assert kind_of(tmp_path / "a.bin", Limits()) == kind


@pytest.mark.parametrize(
    ("member", "content", "kind"),
    [
        ("word/document.xml", "", "docx"),
        ("xl/workbook.xml", "", "xlsx"),
        ("mimetype", "application/vnd.oasis.opendocument.text", "writer"),
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet", "calc"),
    ],
)
def test_members_tell_the_kind_of_an_archive(member, content, kind, tmp_path):
    with zipfile.ZipFile(tmp_path / "a", "w") as archive:
        archive.writestr(member, content)
    assert kind_of(tmp_path / "a", Limits()) == kind


def test_an_archive_of_something_else_is_not_supported(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.txt", "a")
    with pytest.raises(UnreadableFile) as refused:
        kind_of(tmp_path / "a.zip", Limits())
    assert refused.value.reason is Refusal.UNSUPPORTED


def test_an_ending_lies_only_where_it_promises_another_kind(tmp_path):
    assert ending_lies(tmp_path / "a.pdf", "docx")
    assert not ending_lies(tmp_path / "a.PDF", "pdf")
    assert not ending_lies(tmp_path / "a.unknown", "text")
