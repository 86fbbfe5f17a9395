"""The same two plans as DOCX, PDF and HTML give the same answers as the shipped text."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.cases import CASES, Manner, read_cases
from indexer.build import build_index
from search_api.engine import Engine
from tests.conftest import SHIPPED_PLANS
from tests.corpus.readers import editions
from tests.fakes import FakeEncoder


def open_engine(folder: Path, index_dir: Path) -> Engine:
    build_index([folder], index_dir, FakeEncoder())
    return Engine.open(index_dir, FakeEncoder())


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return open_engine(SHIPPED_PLANS, tmp_path_factory.mktemp("text") / "index")


def write_editions(kind: str, folder: Path) -> Path:
    truths = editions.truths()
    plans = {name: truths[name] for name in ("plan", "appendix")}
    write = editions.write_html if kind == "html" else editions.write_docx
    written = [
        write(truth, folder / f"{name}.{'html' if kind == 'html' else 'docx'}")
        for name, truth in plans.items()
    ]
    if kind != "pdf":
        return folder
    printed = folder / "printed"
    printed.mkdir()
    for path in editions.convert(written, "pdf", folder / "profile"):
        path.rename(printed / path.name)
    return printed


@pytest.mark.parametrize("kind", ["docx", "pdf", "html"])
def test_every_plain_question_is_answered_alike(kind: str, shipped: Engine, tmp_path: Path) -> None:
    folder = tmp_path / kind
    folder.mkdir()
    engine = open_engine(write_editions(kind, folder), tmp_path / "index")
    assert engine.plans.keys() == shipped.plans.keys()
    cases = [c for c in read_cases(CASES / "dev.jsonl", shipped.plans) if c.manner is Manner.PLAIN]
    assert len(cases) > 100
    differing = []
    for case in cases:
        there, here = (e.ask(case.question, case.filters) for e in (engine, shipped))
        if there.values != here.values or [(c.plan_id, c.locator) for c in there.citations] != [
            (c.plan_id, c.locator) for c in here.citations
        ]:
            differing.append(case.question)
    assert differing == []
