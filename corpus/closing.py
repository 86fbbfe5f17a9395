"""The end of a plan: who receives it and who signed it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.model import Signatory, Span

_RECIPIENTS = re.compile(r"^Nơi nhận\b\s*:?", re.I)
_POSITION = re.compile(
    r"^(?:(?:KT|TM|TL|TUQ|Q)\.\s*)?(?:(?:Ủ|U)Y BAN NHÂN DÂN|UBND|(?:PHÓ )?CHỦ TỊCH|(?:PHÓ )?GIÁM ĐỐC|CHÁNH VĂN PHÒNG)\b[^a-zà-ỹ]*$"
)
# Two to five capitalised words and nothing else: "Nguyễn Lưu Trung".
_PERSON = re.compile(r"^(?:[A-ZĐÀ-Ỹ][^\W\d_]*)(?:\s+[A-ZĐÀ-Ỹ][^\W\d_]*){1,4}$")
_BULLET = re.compile(r"^[-–+•]\s*")


def begins_closing(text: str) -> bool:
    """Say whether a line opens the recipients or the signature block."""
    return bool(_RECIPIENTS.match(text) or _POSITION.match(text))


def parse_closing(
    lines: Sequence[tuple[str, Span]],
) -> tuple[tuple[Span, ...], Signatory | None]:
    """Return the span of each recipient and the signatory of the closing lines."""
    recipients: list[Span] = []
    positions: list[tuple[str, Span]] = []
    signatory = None
    listing = False
    for text, span in lines:
        if heading := _RECIPIENTS.match(text):
            listing = True
            rest = text[heading.end() :].strip()
            if rest:
                recipients.append(Span(span.end - len(rest), span.end))
        elif _POSITION.match(text):
            positions.append((text, span))
        elif positions and _PERSON.match(text):
            signatory = Signatory(
                text,
                " ".join(position for position, _ in positions),
                Span(positions[0][1].start, span.end),
            )
        elif listing and (bullet := _BULLET.match(text)):
            name = text[bullet.end() :].rstrip(" ;.,/")
            recipients.append(
                Span(span.start + bullet.end(), span.start + bullet.end() + len(name))
            )
    return tuple(recipients), signatory
