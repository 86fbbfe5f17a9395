"""Old encodings and fonts become Unicode; what is Unicode stays."""

import unicodedata

import pytest

from corpus.readers import read_document
from corpus.readers.encoding import (
    could_be_syllable,
    decode,
    encoding_of_font,
    guess_encoding,
    to_unicode,
)

TEXT = (
    "Ủy ban nhân dân tỉnh ban hành kế hoạch truyền thông về giáo dục nghề nghiệp; "
    "sở, ban, ngành chủ động phối hợp, hỗ trợ người lao động, học sinh; đường, đặc khu, ưu tiên."
)
TONES = "\u0300\u0301\u0303\u0309\u0323"


def windows_1258(text: str) -> bytes:
    """Encode as Windows does: the letter with its shape, then the tone."""
    out = ""
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tone = "".join(mark for mark in parts if mark in TONES)
        out += unicodedata.normalize("NFC", "".join(m for m in parts if m not in TONES)) + tone
    return out.encode("cp1258")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("utf-8", TEXT.encode()),
        ("utf-8", b"\xef\xbb\xbf" + TEXT.encode()),
        ("utf-8", unicodedata.normalize("NFD", TEXT).encode()),
        ("utf-16-le", TEXT.encode("utf-16-le")),
        ("utf-16-le", b"\xff\xfe" + TEXT.encode("utf-16-le")),
        ("utf-16-be", b"\xfe\xff" + TEXT.encode("utf-16-be")),
        ("windows-1258", windows_1258(TEXT)),
    ],
)
def test_text_of_any_encoding_is_decoded(name, data):
    decoded = decode(data)
    assert decoded.encoding == name
    assert unicodedata.normalize("NFC", decoded.text) == TEXT
    assert bool(decoded.notes) == (name == "windows-1258")


@pytest.mark.parametrize(
    ("encoding", "typed", "shown"),
    [
        ("tcvn3", "KÕ ho¹ch truyÒn th«ng", "Kế hoạch truyền thông"),
        ("tcvn3", "®­êng, chñ nghÜa x· héi", "đường, chủ nghĩa xã hội"),
        ("tcvn3-capitals", "kÕ ho¹ch", "KẾ HOẠCH"),
        ("vni", "Keá hoaïch truyeàn thoâng", "Kế hoạch truyền thông"),
        ("vni", "ÑÖÔØNG, ñöôïc, kyõ thuaät", "ĐƯỜNG, được, kỹ thuật"),
        ("vni", "\uf04b\uf065\uf0e1", "Kế"),
    ],
)
def test_legacy_fonts_are_converted(encoding, typed, shown):
    assert to_unicode(typed, encoding) == shown


def test_text_that_lost_its_font_is_recognised_by_its_syllables():
    assert guess_encoding("Céng hßa x· héi chñ nghÜa ViÖt Nam, kÕ ho¹ch truyÒn th«ng") == "tcvn3"
    assert guess_encoding("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam, keá hoaïch") == "vni"
    assert guess_encoding(TEXT) is None
    assert guess_encoding("Café déjà vu à la carte") is None


@pytest.mark.parametrize(
    ("font", "encoding"),
    [
        (".VnTime", "tcvn3"),
        (".VnArial NarrowH", "tcvn3-capitals"),
        (".VnTimeH", "tcvn3-capitals"),
        ("ABCDEF+.VnTime", "tcvn3"),
        ("VNI-Times", "vni"),
        ("VNI Times", "vni"),
        ("Times New Roman", None),
        ("VNISans", None),
        ("Vntime", None),
        (None, None),
    ],
)
def test_a_font_names_its_encoding(font, encoding):
    assert encoding_of_font(font) == encoding


@pytest.mark.parametrize(
    "word", ["nghiệp", "truyền", "Đường", "quyết", "giữa", "ghi", "uỷ", "yếu", "khuyến", "a"]
)
def test_syllables_have_the_shape_of_syllables(word):
    assert could_be_syllable(word)


@pytest.mark.parametrize("word", ["video", "kiengiang", "truyÒn", "hßa", "cáccơ", "website"])
def test_other_words_have_not(word):
    assert not could_be_syllable(word)


def test_a_converted_file_says_so(tmp_path):
    (tmp_path / "plan.txt").write_bytes(windows_1258(TEXT))
    document = read_document(tmp_path / "plan.txt")
    assert [note.code for note in document.notes] == ["encoding_converted"]
    assert "WINDOWS-1258" in document.notes[0].message
