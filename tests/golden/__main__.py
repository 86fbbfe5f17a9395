"""Write the golden plans anew: ``python -m tests.golden --write``. Review every line it changes."""

from __future__ import annotations

import sys
from pathlib import Path

from corpus.archive import write_plan
from corpus.parse import parse_document
from corpus.readers import read_document

HERE = Path(__file__).parent
PLANS = Path(__file__).parents[2] / "corpus" / "data" / "plans"


def main(arguments: list[str]) -> int:
    if arguments != ["--write"]:
        print(__doc__, file=sys.stderr)
        return 2
    for path in sorted(PLANS.glob("*.txt")):
        plan = parse_document(read_document(path))
        (HERE / f"{plan.id}.json").write_text(write_plan(plan) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
