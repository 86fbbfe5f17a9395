"""Files that are broken, lie or want to do harm: refused with a reason, and the next is read."""

import contextlib
import os
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from corpus.errors import Refusal, UnreadableFile
from corpus.readers import Limits, read_document
from tests.corpus.readers import editions

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def refusal(path: Path, **options) -> Refusal:
    with pytest.raises(UnreadableFile) as refused:
        read_document(path, **options)
    assert refused.value.message
    assert refused.value.path == path
    return refused.value.reason


def word_file(path: Path, xml: str | bytes, **more: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", xml)
        for name, data in more.items():
            archive.writestr(f"word/{name}.xml", data)
    return path


def pdf_file(path: Path, pages: int = 1, stream: bytes = b"") -> Path:
    """Write a small PDF whose pages share one compressed content stream."""
    packed = zlib.compress(stream)
    kids = " ".join(f"{number + 4} 0 R" for number in range(pages))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {pages}>>".encode(),
        b"<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream" % (len(packed), packed),
        *[b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R>>"] * pages,
    ]
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    path.write_bytes(data)
    return path


def test_an_empty_file_is_refused(tmp_path):
    (tmp_path / "a.docx").write_bytes(b"")
    assert refusal(tmp_path / "a.docx") is Refusal.EMPTY


def test_a_missing_file_and_a_folder_are_no_files(tmp_path):
    assert refusal(tmp_path / "nowhere.pdf") is Refusal.NOT_A_FILE
    assert refusal(tmp_path) is Refusal.NOT_A_FILE


def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.txt")
    assert refusal(tmp_path / "a.txt") is Refusal.NOT_A_FILE


def test_a_link_out_of_the_folder_is_refused_and_one_inside_is_read(tmp_path):
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    (outside / "secret.txt").write_text("Kế hoạch mật", encoding="utf-8")
    (inside / "plan.txt").write_text("Kế hoạch truyền thông", encoding="utf-8")
    (inside / "bad.txt").symlink_to(outside / "secret.txt")
    (inside / "good.txt").symlink_to(inside / "plan.txt")
    assert refusal(inside / "bad.txt", folder=inside) is Refusal.OUTSIDE_FOLDER
    assert refusal(inside / ".." / "out" / "secret.txt", folder=inside) is Refusal.OUTSIDE_FOLDER
    assert read_document(inside / "good.txt", folder=inside).blocks


def test_a_file_over_the_size_limit_is_refused_unread(tmp_path):
    (tmp_path / "a.txt").write_text("a" * 2_000, encoding="utf-8")
    assert refusal(tmp_path / "a.txt", limits=Limits(size=1_000)) is Refusal.TOO_LARGE


def test_a_program_is_not_taken_for_an_old_encoding(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"\x7fELF" + bytes(range(256)) * 20)
    (tmp_path / "b.txt").write_bytes(bytes(range(256)) * 20)
    assert refusal(tmp_path / "a.txt") is Refusal.UNSUPPORTED
    assert refusal(tmp_path / "b.txt") is Refusal.UNSUPPORTED


def test_a_lying_ending_is_read_by_its_content_and_noted(tmp_path):
    truth = editions.truths()["appendix"]
    path = editions.write_docx(truth, tmp_path / "a.docx")
    lying = path.rename(tmp_path / "a.pdf")
    document = read_document(lying)
    assert document.format == "docx"
    assert [note.code for note in document.notes] == ["ending_lies"]


def test_an_archive_that_swells_is_refused_before_it_is_opened(tmp_path):
    path = word_file(tmp_path / "bomb.docx", b" " * 60_000_000)
    assert refusal(path) is Refusal.BOMB


def test_an_archive_of_too_many_members_is_refused(tmp_path):
    path = tmp_path / "many.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
        for number in range(3_000):
            archive.writestr(str(number), "")
    assert refusal(path) is Refusal.BOMB


def test_an_archive_that_lies_about_its_size_is_refused(tmp_path):
    path = word_file(tmp_path / "a.docx", b"<a>" + b"x" * 900_000 + b"</a>")
    data = path.read_bytes()
    path.write_bytes(data.replace(struct.pack("<L", 900_007), struct.pack("<L", 100)))
    assert refusal(path) in (Refusal.BOMB, Refusal.DAMAGED)


def test_entities_are_never_expanded(tmp_path):
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE a [<!ENTITY l0 "lol">{lol}]><w:document xmlns:w="{W}">&l9;</w:document>'
    assert refusal(word_file(tmp_path / "lol.docx", bomb)) is Refusal.BOMB


def test_external_entities_leak_nothing(tmp_path):
    (tmp_path / "secret").write_text("BÍ MẬT", encoding="utf-8")
    xml = (
        f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]><w:document xmlns:w="{W}">'
        "<w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>"
    )
    assert refusal(word_file(tmp_path / "xxe.docx", xml)) is Refusal.BOMB
    # The same behind enough blanks to be missed by a look at the beginning.
    late = xml.replace("<w:document", " " * 70_000 + "<w:document", 1)
    blank = '<?xml version="1.0"?>' + " " * 70_000 + late
    try:
        document = read_document(word_file(tmp_path / "late.docx", blank))
    except UnreadableFile:
        return
    assert not any("BÍ MẬT" in getattr(block, "text", "") for block in document.blocks)


def test_a_damaged_file_of_each_kind_is_refused(tmp_path):
    truth = editions.truths()["appendix"]
    docx = editions.write_docx(truth, tmp_path / "a.docx").read_bytes()
    xlsx = editions.write_xlsx(truth, tmp_path / "a.xlsx").read_bytes()
    for name, data in (
        ("half.docx", docx[: len(docx) // 2]),
        ("half.xlsx", xlsx[: len(xlsx) // 2]),
        ("half.pdf", b"%PDF-1.7\n1 0 obj<</Type/Catalog"),
        ("half.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 60),
    ):
        (tmp_path / name).write_bytes(data)
        assert refusal(tmp_path / name) is Refusal.DAMAGED, name


def test_an_encrypted_office_file_is_told_from_a_damaged_one(tmp_path):
    name = "EncryptedPackage".encode("utf-16-le")
    (tmp_path / "a.docx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + name)
    assert refusal(tmp_path / "a.docx") is Refusal.ENCRYPTED


def test_a_pdf_of_two_thousand_pages_is_refused_and_says_how_many(tmp_path):
    path = pdf_file(tmp_path / "long.pdf", pages=2_000)
    with pytest.raises(UnreadableFile) as refused:
        read_document(path)
    assert refused.value.reason is Refusal.TOO_LARGE
    assert "2000" in refused.value.message


def test_a_pdf_stream_that_swells_is_stopped(tmp_path):
    path = pdf_file(tmp_path / "bomb.pdf", stream=b"0 0 m 1 1 l S " * 3_000_000)
    limits = Limits(scan_seconds=6, memory=700_000_000)
    assert refusal(path, limits=limits) in (Refusal.TIMEOUT, Refusal.MEMORY, Refusal.DAMAGED)


def test_a_reader_that_hangs_is_stopped_with_all_it_started(tmp_path):
    path = pdf_file(tmp_path / "slow.pdf", stream=b"0 0 m 1 1 l S " * 2_000_000)
    assert refusal(path, limits=Limits(scan_seconds=1)) is Refusal.TIMEOUT


def test_an_image_of_too_many_pixels_is_refused(tmp_path):
    def chunk(name: bytes, data: bytes) -> bytes:
        check = struct.pack(">L", zlib.crc32(name + data))
        return struct.pack(">L", len(data)) + name + data + check

    header = struct.pack(">LLBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    picture = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(100_000)))
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + picture)
    assert refusal(tmp_path / "a.png") in (Refusal.BOMB, Refusal.TOO_LARGE)


def test_a_web_page_nested_very_deep_is_read_or_refused(tmp_path):
    path = tmp_path / "deep.html"
    path.write_text("<html><body>" + "<div>" * 200_000 + "sâu", encoding="utf-8")
    with contextlib.suppress(UnreadableFile):
        read_document(path, limits=Limits(seconds=30))


def test_a_cell_that_spans_millions_is_cut_down(tmp_path):
    path = tmp_path / "span.html"
    row = "<tr><td rowspan=99999999 colspan=99999999>a</td><td>b</td><td>c</td></tr>"
    path.write_text(f"<html><body><table>{row}</table></body></html>", encoding="utf-8")
    with contextlib.suppress(UnreadableFile):
        read_document(path)


def test_a_far_cell_does_not_make_a_sheet_large(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    for row in (("TT", "Nội dung", "Chủ trì"), ("1", "Tập huấn", "Sở Nội vụ")):
        sheet.append(row)
    sheet.cell(1_048_576, 16_384, "xa")
    book.save(tmp_path / "far.xlsx")
    document = read_document(tmp_path / "far.xlsx")
    table = next(block for block in document.blocks if hasattr(block, "rows"))
    assert table.rows[1][:3] == ("1", "Tập huấn", "Sở Nội vụ")


def test_after_a_hostile_file_the_next_one_is_read_and_nothing_is_left_behind(
    tmp_path, monkeypatch
):
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(work))
    assert refusal(word_file(tmp_path / "bomb.docx", b" " * 60_000_000)) is Refusal.BOMB
    path = editions.write_docx(editions.truths()["appendix"], tmp_path / "good.docx")
    assert read_document(path).blocks
    assert list(work.iterdir()) == []
