"""Editions of the shipped plans, printed once for all tests of the readers."""

from pathlib import Path

import pytest

from tests.corpus.readers import editions

# Every way of setting a table that the default suite prints to PDF.
PRINTS: dict[str, dict[str, object]] = {
    "bordered": {},
    "dashed": {"borders": "dashed"},
    "borderless": {"borders": "none"},
    "landscape": {"landscape": True},
    "flush": {"indent": False},
}


@pytest.fixture(scope="session")
def truths() -> dict[str, editions.Truth]:
    return editions.truths()


@pytest.fixture(scope="session")
def prints(tmp_path_factory, truths) -> Path:
    """Return a folder of <plan>-<way>.docx and .pdf."""
    folder = tmp_path_factory.mktemp("prints")
    files = [
        editions.write_docx(truth, folder / f"{name}-{way}.docx", **options)
        for name, truth in truths.items()
        for way, options in PRINTS.items()
    ]
    editions.convert(files, "pdf", folder)
    return folder
