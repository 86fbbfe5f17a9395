"""Words of one thing: what an official calls it and what a plan calls it.

General administrative Vietnamese, not the wording of any plan: "heo" and "lợn", "giấy tờ" and
"thủ tục hành chính". What is only akin ("dân quân", "dân phòng") is no synonym: it would make one
body's task another's. A member is written with its marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from corpus.text import fold, token_texts
from search_api.cues import cue

# A group a line, its members between bars; "#" opens the name of a subject.
_GROUPS = Path(__file__).parent / "weights" / "synonyms.txt"


@dataclass(frozen=True)
class Group:
    """Words of one thing, as syllables with a blank between."""

    members: tuple[str, ...]

    # Compiled when first asked for: all of them would take longer than opening a small index.
    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What finds any of them as typed."""
        return cue("|".join(sorted(self.members, key=len, reverse=True)))


@cache
def groups() -> tuple[Group, ...]:
    """Return all groups, in the order of the file."""
    lines = _GROUPS.read_text(encoding="utf-8").splitlines()
    return tuple(
        Group(tuple(" ".join(token_texts(member)) for member in line.split(" | ")))
        for line in lines
        if line and not line.startswith("#")
    )


def groups_that_may_stand(keys: Iterable[str]) -> list[Group]:
    """Return the groups of which a member may stand in a text that has these folded syllables."""
    by_opening = _by_opening()
    numbers = {number for key in keys for number in by_opening.get(key, ())}
    return [groups()[number] for number in sorted(numbers)]


@cache
def _by_opening() -> dict[str, tuple[int, ...]]:
    """Return the numbers of the groups with a member that begins with a folded syllable."""
    found: dict[str, tuple[int, ...]] = {}
    for number, group in enumerate(groups()):
        for key in sorted({fold(member.partition(" ")[0]) for member in group.members}):
            found[key] = (*found.get(key, ()), number)
    return found
