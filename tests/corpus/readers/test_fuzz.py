"""Whatever bytes change, readers return a Document or refuse: no other error, no hang."""

import functools
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.readers import Limits, read_document
from corpus.readers.document import Document
from corpus.readers.isolate import document_of_json, document_to_json
from tests.corpus.readers import editions


def print_pdf(truth: editions.Truth, path: Path) -> Path:
    written = editions.write_docx(truth, path.with_suffix(".docx"))
    return editions.convert([written], "pdf", path.parent)[0]


WRITERS = {
    "docx": editions.write_docx,
    "xlsx": editions.write_xlsx,
    "html": editions.write_html,
    "pdf": print_pdf,
}


@functools.cache
def original(kind: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a.{kind}"
        return WRITERS[kind](editions.truths()["appendix"], path).read_bytes()


@pytest.mark.parametrize("kind", WRITERS)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_file_with_changed_bytes_is_read_or_refused(kind, data, tmp_path_factory):
    source = bytearray(original(kind))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(source) - 1))
        source[place] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(1, len(source)))
    path = tmp_path_factory.mktemp("fuzz") / f"a.{kind}"
    path.write_bytes(bytes(source[: end if data.draw(st.booleans()) else len(source)]))
    try:
        document = read_document(path, limits=Limits(seconds=20))
    except UnreadableFile:
        return
    assert isinstance(document, Document)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.binary(min_size=1, max_size=400))
def test_any_bytes_at_all_are_read_or_refused(data, tmp_path_factory):
    path = tmp_path_factory.mktemp("fuzz") / "a.txt"
    path.write_bytes(data)
    try:
        assert isinstance(read_document(path), Document)
    except UnreadableFile:
        return


def test_a_document_survives_the_way_out_of_the_child(truths, tmp_path):
    path = editions.write_docx(truths["merged"], tmp_path / "a.docx")
    document = read_document(path)
    assert document_of_json(document_to_json(document)) == document
