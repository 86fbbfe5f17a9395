"""The end of a plan: who receives it and who signed it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.model import Signatory, Span
from corpus.text import CAPITALS, place_tones

# "Nơi nhận:", "Nơi nhận: Như trên"; not "Nơi nhận hồ sơ".
_RECIPIENTS = re.compile(r"^Nơi nhận\s*(?::|$)", re.I)
# "KT. CHỦ TỊCH", "TM. BAN CHỈ ĐẠO"; not "KT. Nguyễn Văn A", for a position is in capitals.
_ON_BEHALF = re.compile(r"^(?:KT|TM|TL|TUQ|TUN|Q)\s*\.")
# "CHỦ TỊCH", "PHÓ GIÁM ĐỐC SỞ"; not "I. CHỦ TỊCH".
_POSITION = re.compile(
    r"^(?:ỦY BAN NHÂN DÂN|UBND|(?:PHÓ )?(?:CHỦ TỊCH|GIÁM ĐỐC|CHÁNH VĂN PHÒNG|TRƯỞNG BAN))\b"
)
# Two to five capitalised words and nothing else: "Nguyễn Lưu Trung"; not "Thường trực Tỉnh ủy".
_PERSON = re.compile(rf"^[{CAPITALS}][^\W\d_]*(?:\s+[{CAPITALS}][^\W\d_]*){{1,4}}$")
_BULLET = re.compile(r"^[-–+•*]\s*")
# Two recipients on one line: "- Bộ Công an; - Thường trực Tỉnh ủy"; not "Lưu: VT; NC".
_NEXT_RECIPIENT = re.compile(r";\s*[-–+•]\s+")


def opens_closing(text: str) -> bool:
    """Say whether a line opens the recipients or the signature block, wherever it stands."""
    return bool(_RECIPIENTS.match(text) or (_ON_BEHALF.match(text) and text.isupper()))


def begins_closing(text: str) -> bool:
    """Say whether a line below the body opens the recipients or the signature block."""
    return opens_closing(text) or _is_position(text)


def parse_closing(
    lines: Sequence[tuple[str, Span]],
) -> tuple[tuple[Span, ...], Signatory | None]:
    """Return the span of each recipient and the signatory of the closing lines."""
    recipients: list[Span] = []
    positions: list[tuple[str, Span]] = []
    signatory: Signatory | None = None
    listing = False
    for text, span in lines:
        if heading := _RECIPIENTS.match(text):
            listing = True
            beside = text[heading.end() :].strip()
            if _is_position(beside):
                positions.append((beside, Span(span.end - len(beside), span.end)))
            else:
                recipients.extend(_recipients(text, span, heading.end()))
        elif _is_position(text):
            if signatory is None:
                positions.append((text, span))
        elif positions and _PERSON.match(text) and (signatory is None or signatory.name == text):
            # A name that stands twice is a signature and the name under it.
            signatory = Signatory(
                text,
                " ".join(position for position, _ in positions),
                Span(positions[0][1].start, span.end),
            )
        elif listing and (_BULLET.match(text) or text.endswith((";", ".", "./"))):
            recipients.extend(_recipients(text, span, 0))
    return tuple(recipients), signatory


def _is_position(text: str) -> bool:
    return text.isupper() and bool(_ON_BEHALF.match(text) or _POSITION.match(place_tones(text)))


def _recipients(text: str, span: Span, start: int) -> Iterator[Span]:
    """Yield where each recipient of a line stands, without bullet and punctuation."""
    ends = [(match.start(), match.end()) for match in _NEXT_RECIPIENT.finditer(text, start)]
    for end, following in [*ends, (len(text), len(text))]:
        part = text[start:end].lstrip()
        bullet = _BULLET.match(part)
        name = part[bullet.end() if bullet else 0 :]
        begin = end - len(name)
        if name := name.rstrip(" ;.,/"):
            yield Span(span.start + begin, span.start + begin + len(name))
        start = following
