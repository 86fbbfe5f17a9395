"""Words of one thing: what an official calls it and what a plan calls it.

General administrative Vietnamese, not the wording of any plan: "heo" and "lợn", "giấy tờ" and
"thủ tục hành chính". What is only akin ("dân quân", "dân phòng") is no synonym: it would make one
body's task another's. A member is written with its marks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from corpus.text import fold, tokenise
from search_api.cues import cue

# A group a line, its members between bars; "#" opens the name of a subject.
_GROUPS = Path(__file__).parent / "weights" / "synonyms.txt"


@dataclass(frozen=True, slots=True)
class Group:
    """Words of one thing: `pattern` finds any as typed, `members` are they as syllables.

    Where none of the keys in `openings` stands, none of them does.
    """

    pattern: re.Pattern[str]
    members: tuple[str, ...]
    openings: frozenset[str]


@cache
def groups() -> tuple[Group, ...]:
    """Return the groups, compiled."""
    lines = _GROUPS.read_text(encoding="utf-8").splitlines()
    compiled = []
    for members in (line.split(" | ") for line in lines if line and not line.startswith("#")):
        spoken = [" ".join(token.text for token in tokenise(member)) for member in members]
        pattern = cue("|".join(sorted(spoken, key=len, reverse=True)))
        openings = frozenset(fold(member.partition(" ")[0]) for member in spoken)
        compiled.append(Group(pattern, tuple(spoken), openings))
    return tuple(compiled)
