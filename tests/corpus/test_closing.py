import pytest

from corpus.closing import begins_closing, opens_closing, parse_closing
from corpus.model import Span


def closing_of(*texts):
    lines, start = [], 0
    for text in texts:
        lines.append((text, Span(start, start + len(text))))
        start += len(text) + 1
    whole = "\n".join(texts)
    recipients, signatory = parse_closing(lines)
    return [span.of(whole) for span in recipients], signatory


@pytest.mark.parametrize(
    "text",
    [
        "Nơi nhận:",
        "Nơi nhận",
        "KT. CHỦ TỊCH",
        "TM. ỦY BAN NHÂN DÂN TỈNH",
        "TM. UỶ BAN NHÂN DÂN",
        "CHỦ TỊCH",
        "PHÓ CHỦ TỊCH THƯỜNG TRỰC",
        "TRƯỞNG BAN",
    ],
)
def test_the_closing_begins_with_recipients_or_a_position(text):
    assert begins_closing(text)


@pytest.mark.parametrize(
    "text",
    ["Nơi nhận hồ sơ là cấp xã", "Chủ tịch UBND tỉnh", "I. CHỦ TỊCH", "KT. Nguyễn Văn A", ""],
)
def test_prose_begins_no_closing(text):
    assert not begins_closing(text)


def test_the_issuer_at_the_head_opens_no_closing():
    assert not opens_closing("ỦY BAN NHÂN DÂN")
    assert opens_closing("TM. ỦY BAN NHÂN DÂN")


def test_recipients_and_signatory_are_read_in_either_order():
    recipients = ("Nơi nhận:", "- Bộ Nội vụ;", "- Lưu: VT, NC./.")
    signature = ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Nguyễn Lưu Trung")
    for lines in ((*recipients, *signature), (*signature, *recipients)):
        names, signatory = closing_of(*lines)
        assert names == ["Bộ Nội vụ", "Lưu: VT, NC"]
        assert signatory.name == "Nguyễn Lưu Trung"
        assert signatory.position == "KT. CHỦ TỊCH PHÓ CHỦ TỊCH"


def test_recipients_without_bullets_are_read():
    names, _ = closing_of("Nơi nhận:", "Thường trực Tỉnh ủy;", "Lưu: VT.", "(đã ký)")
    assert names == ["Thường trực Tỉnh ủy", "Lưu: VT"]


def test_two_recipients_on_one_line_are_two():
    names, _ = closing_of("Nơi nhận:", "- V01, C04 - Bộ Công an; - Thường trực Tỉnh ủy;")
    assert names == ["V01, C04 - Bộ Công an", "Thường trực Tỉnh ủy"]


def test_a_recipient_beside_the_heading_is_read():
    names, _ = closing_of("Nơi nhận: Như trên;")
    assert names == ["Như trên"]


def test_a_position_beside_the_heading_is_a_position():
    names, signatory = closing_of("Nơi nhận: KT. CHỦ TỊCH", "- Bộ Nội vụ;", "Nguyễn Minh")
    assert names == ["Bộ Nội vụ"]
    assert signatory.position == "KT. CHỦ TỊCH"


def test_a_name_needs_a_position_above_it():
    assert closing_of("Nguyễn Minh")[1] is None


@pytest.mark.parametrize("text", ["Thường trực Tỉnh ủy", "(Đã ký)", "Minh", "ngày Nguyễn Văn"])
def test_what_is_no_name_signs_nothing(text):
    assert closing_of("CHỦ TỊCH", text)[1] is None


def test_the_first_name_signs_and_its_repetition_belongs_to_it():
    _, signatory = closing_of("CHỦ TỊCH", "Nguyễn Minh", "Nguyễn Minh", "Trần Văn Hiệp")
    assert signatory.name == "Nguyễn Minh"
    assert len(signatory.span) == len("CHỦ TỊCH\nNguyễn Minh\nNguyễn Minh")


def test_a_plan_not_yet_signed_has_no_signatory():
    names, signatory = closing_of("Nơi nhận:", "- Bộ Nội vụ;", "CHỦ TỊCH")
    assert names == ["Bộ Nội vụ"]
    assert signatory is None
