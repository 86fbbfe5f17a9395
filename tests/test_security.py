"""Every threat that `docs/security.md` names is met by a test that exists."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
# "`tests/test_serving.py::test_…`"
NAMED = re.compile(r"`(?P<path>tests/[\w/]+\.py)::(?P<name>\w+)`")


def threats() -> list[str]:
    """The points of the page, up to what is said not to be done."""
    points = re.split(r"^- ", PAGE.partition("## Điều chưa làm được")[0], flags=re.M)[1:]
    return [point.partition("\n## ")[0] for point in points]


@pytest.mark.parametrize("threat", threats(), ids=lambda threat: threat.partition(":")[0])
def test_a_threat_has_a_test(threat):
    named = NAMED.findall(threat)
    assert named
    for path, name in named:
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        assert name in functions, f"{path} has no {name}"


def test_the_page_names_many_threats():
    assert len(threats()) > 30
