"""The program read aloud, from what a plan is to the command that answers; and the laws it keeps.

`READING_ORDER` is the map and the import law at once: a module imports only what stands above it.
"""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("corpus", "indexer", "search_api", "eval", "kehoach")

READING_ORDER = """
A plan is a text with places in it
    corpus.model                    the types every other module speaks
    corpus.text                     one normaliser for text and question, and the keys to match them
    corpus.archive                  a plan as JSON, and back
    corpus.errors                   what cannot be read

Names that plans use
    corpus.abbreviations            what people shorten, written out
    corpus.places                   provinces before and after July 2025
    corpus.units                    bodies: names, ids, successors, and the single ones of a cell
    corpus.collective               which bodies a collective name covers

A file becomes a document: what stands in it, not yet what it means
    corpus.readers.document         the blocks every reader returns
    corpus.readers.limits           how much of the machine one file may use
    corpus.readers.kind             what a file is, told by its bytes
    corpus.readers.encoding         bytes and old fonts to Unicode
    corpus.readers.grid             ruling lines to cells
    corpus.readers.page             words on a page to paragraphs and tables
    corpus.readers.text             plain text and Markdown
    corpus.readers.docx             Word
    corpus.readers.html             web pages
    corpus.readers.sheet            spreadsheets
    corpus.readers.scan             pictures of pages
    corpus.readers.pdf              PDF with a text layer, pictures handed on
    corpus.readers.office           old formats, converted first
    corpus.readers.isolate          a child process in which a hostile file harms nobody
    corpus.readers                  any file to a document

A document becomes a plan
    corpus.marker                   the numbering in front of a line
    corpus.paragraphs               lines to paragraphs
    corpus.header                   who, number, when, what, for which years, on which basis
    corpus.outline                  lines to a tree of sections
    corpus.appendix                 tables to rows, whatever their columns
    corpus.labelled                 tasks of the body, told like a table's
    corpus.raw_table                a table of which only the order of its lines is left
    corpus.closing                  recipients and signatory
    corpus.parse                    the recipe
    corpus.duedate                  times as plans write them
    corpus.likeness                 how alike two texts of plans are
    corpus.align                    rows of two plans that are the same activity
    corpus.editions                 which plans are one plan
    corpus.lint                     contradictions inside one plan

A plan becomes chunks that can be found
    indexer.errors                  what cannot be indexed or opened
    indexer.config                  every choice that changes an index
    indexer.segment                 sentences and words
    indexer.syllables               syllables of one spelling, for encoder and restorer
    indexer.chunk                   a plan to chunks, each exactly a span of it
    indexer.bags                    the encoder that comes along: texts to sums of vectors
    indexer.static                  the same for whoever opens it with sentence-transformers
    indexer.embed                   texts to vectors, by any model
    indexer.rerank                  a question and texts to scores, by any cross-encoder
    indexer.catalogue               what is known of every plan while none is open
    indexer.frequencies             in how many chunks each word stands
    indexer.filter                  which chunks a search may see
    indexer.dense                   vectors to their nearest
    indexer.lexical                 words to scored chunks
    indexer.prepare                 one plan to all that is kept of it, needing no other
    indexer.bundle                  the index on disk, written whole or not at all
    indexer.places                  where things lie in files that only grow
    indexer.backup                  all of it in one file, and back
    indexer.store                   where vectors and words of an index are
    indexer.milvus                  the same in Milvus, one server or many
    indexer.workers                 work done side by side
    indexer.build                   the recipe
    indexer.bulk                    very many files, read and embedded by a cluster

How the encoder was made
    indexer.training.pairs          texts that belong together
    indexer.training.vocabulary     features worth a row
    indexer.training.start          where training starts
    indexer.training.vary           pairs as people would have typed them
    indexer.training.contrast       the training itself
    indexer.training.marks          tables for the restorer of marks
    indexer.training.publish        what a training leaves behind
    indexer.training.__main__       the recipe

A question is understood
    search_api.errors               what cannot be asked
    search_api.model                questions, hits, citations, answers
    search_api.trace                what one request went through
    search_api.cues                 words that say what is wanted
    search_api.synonyms             words of one thing
    search_api.everyday             words of every talk
    search_api.spelling             what hurried hands type
    search_api.reference            places named by their number
    search_api.vocabulary           the words of the indexed plans, and slips of the keyboard
    search_api.restore              marks for a question typed without
    search_api.question             raw words to a question
    search_api.several              several questions in one text
    search_api.titles               which plans a question is about
    search_api.scope                where to look

Its evidence is found
    search_api.rank                 many lists to one
    search_api.numbered             texts as numbers, very many compared at once
    search_api.match                how well a place fits a topic
    search_api.retrieve             a question to candidates
    search_api.cite                 the only way to make a citation
    search_api.succession           who is that today

It is answered, one module for each kind of question
    search_api.answer.draft         an answer while it is put together
    search_api.answer.rows          who leads, who supports, what comes out
    search_api.answer.money         what costs how much, most, or just so much
    search_api.answer.labelled      tasks of the body that somebody leads
    search_api.answer.sections      what a part of the plan says
    search_api.answer.head          numbers, dates, bases, signatories
    search_api.answer.years         in which years
    search_api.answer.deadlines     by when
    search_api.answer.duties        what a unit has to do
    search_api.answer.activities    which activities
    search_api.answer.count         how many
    search_api.answer.compare       province beside province
    search_api.answer.verify        is it so
    search_api.answer.today         what a unit or a province is now
    search_api.answer.wants         amounts, phones, addresses: what must be there to answer
    search_api.answer.conflict      where the plan itself says two things
    search_api.comparison           provinces side by side
    search_api.matrix               all duties of a unit
    search_api.agenda               dates to meet
    search_api.ladder               the documents that plans stand on
    search_api.rephrase             the one door to a language model
    search_api.engine               the recipe

The answer goes out
    search_api.bounds               what is refused before it is looked up
    search_api.tally                duties counted, and who holds them
    search_api.diary                deadlines on the calendar
    search_api.wording              what people read for the names the program uses
    search_api.uploads              plans sent to the server, until they are indexed
    search_api.feedback             what people say about answers
    search_api.schemas              the wire format
    search_api.export.extract       a table as a file shows it
    search_api.export.tables        what each route answers, as such a table
    search_api.export.workbook      XLSX
    search_api.export.delimited     CSV
    search_api.export.document      DOCX
    search_api.export.file          any of the three
    search_api.problems             every error as a problem document
    search_api.access               who may ask for what
    search_api.limits               how often one caller may ask
    search_api.metrics              what the server counts
    search_api.hosts                by which names it may be called
    search_api.origins              which sites may use it
    search_api.logs                 what it writes down, and what never
    search_api.spans                the same for OpenTelemetry
    search_api.turns                so much work at once and no more
    search_api.gate                 what every request passes through
    search_api.routes               the API
    search_api.administration       the API for administrators
    search_api.portal.reading       a plan laid out for reading
    search_api.portal.linked        the pages as search engines read them
    search_api.portal.rendering     templates to pages
    search_api.portal.pages         the pages of questions and plans
    search_api.portal.pictures      bars, bands and days on a line of years
    search_api.portal.overviews     the pages of duties, deadlines and comparison
    search_api.portal.holdings      the page of what is held
    search_api.portal.embedding     what other sites put into their pages
    search_api.portal.administration  the page for administrators
    search_api.live                 the newest of it, swapped whole
    search_api.tenants              several bodies on one server
    search_api.app                  all of it put together

Is it any good
    eval.errors                     what cannot be measured
    eval.cases                      questions with known answers
    eval.metrics                    what is measured
    eval.alignment                  rows of two plans paired as people pair them
    eval.planted                    contradictions planted into sound plans
    eval.run                        the recipe
    eval.report                     what a run found
    eval.retrieval                  rankings of any labelled set
    eval.synthetic                  plans in any number, made by a seed
    eval.faults                     what is left of an index when everything goes wrong
    eval.bench.measure              times, memory and disk of one piece of work
    eval.bench.ours                 one size of a made corpus, indexed and asked
    eval.bench.routes               every route over one index, asked twice
    eval.bench.encoder              what an encoder costs
    eval.bench.peer                 one other library on the same texts
    eval.bench.peers                all of them, in an environment of their own
    eval.bench.report               a page with tables and a plot
    eval.bench.run                  the recipe of a benchmark
    eval.bench.load                 requests that arrive whether or not a server keeps up
    eval.bench.serving              a real server under load

The command
    kehoach.parts                   opens the real parts
    kehoach.terminal                what people see
    kehoach.quality                 kehoach eval
    kehoach.keys                    kehoach keys
    kehoach.doctor                  kehoach doctor
    kehoach.serving                 the server as it is run
    kehoach.cli                     kehoach
    kehoach.__main__                python -m kehoach
"""

# Each of these libraries is spoken to in one place (and where that place's own model is made).
DOORS = {
    "underthesea": {"indexer.segment"},
    "langchain_text_splitters": {"indexer.chunk"},
    "sentence_transformers": {
        "indexer.embed",
        "indexer.rerank",
        "indexer.static",
        "indexer.training",
    },
    "torch": {"indexer.static", "indexer.training"},
    # The benchmark hands an index of its own to another library.
    "faiss": {"indexer.dense", "eval.bench.peer"},
    "tantivy": {"indexer.lexical"},
    "pymilvus": {"indexer.milvus"},
    "grpc": {"indexer.milvus"},
    "ray": {"indexer.bulk"},
    "fastapi": {
        "search_api.app",
        "search_api.routes",
        "search_api.administration",
        "search_api.portal",
    },
    "pydantic": {"search_api.schemas"},
    "icalendar": {"search_api.diary"},
    "prometheus_client": {"search_api.metrics"},
    "opentelemetry": {"search_api.spans"},
    "typer": {"kehoach"},
    "uvicorn": {"kehoach.serving"},
    "httpx": {"search_api.rephrase"},
    # Old fonts are taken apart where they are converted; the others compare marks of letters.
    "unicodedata": {
        "corpus.text",
        "corpus.readers.encoding",
        "corpus.readers.scan",
        "corpus.places",
        "corpus.units",
        "indexer.bags",
        "search_api.restore",
    },
}

# A module or class with such a name says nothing about what it does.
SAYS_NOTHING = re.compile(r"(?i)^(utils?|helpers?|common|base|misc)$|(Manager|Service|Processor)$")

# "    corpus.model    the types …" but not "A plan is a text with places in it".
LINE = re.compile(r"^ {4}(?P<module>[a-z_.]+) {2,}(?P<purpose>\S.*)$", re.M)


@cache
def reading_order() -> tuple[str, ...]:
    return tuple(match["module"] for match in LINE.finditer(READING_ORDER))


@cache
def modules() -> dict[str, ast.Module]:
    """Every module that holds more than a docstring, by name."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            tree = ast.parse(path.read_text(encoding="utf-8"))
            if not name.endswith("__init__") or len(tree.body) > 1:
                found[name.removesuffix(".__init__")] = tree
    return found


def imported_by(tree: ast.Module) -> set[str]:
    """Every name a module imports, also inside its functions."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def own_module(name: str) -> str | None:
    """The module of ours that an imported name lives in: `corpus.model.Plan` in `corpus.model`."""
    while name:
        if name in modules():
            return name
        name = name.rpartition(".")[0]
    return None


def classes_and_functions(tree: ast.Module) -> list[str]:
    kinds = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    return [node.name for node in ast.walk(tree) if isinstance(node, kinds)]


def test_the_reading_order_names_every_module_once():
    assert len(reading_order()) == len(set(reading_order()))
    assert set(modules()) - set(reading_order()) == set(), "tell their place in the story"


def test_the_reading_order_names_no_module_that_is_gone():
    assert set(reading_order()) - set(modules()) == set()


@pytest.mark.parametrize("module", reading_order())
def test_a_module_imports_only_what_was_read_before_it(module):
    if module not in modules():
        pytest.skip("not there")
    place = reading_order().index(module)
    ours = {own_module(name) for name in imported_by(modules()[module])} - {None, module}
    assert ours <= set(reading_order()[:place])


def test_search_does_not_know_how_it_is_judged_and_nobody_knows_the_command_line():
    for module, tree in modules().items():
        tops = {name.partition(".")[0] for name in imported_by(tree)}
        if not module.startswith("kehoach"):
            assert "kehoach" not in tops, module
        if not module.startswith(("kehoach", "eval")):
            assert "eval" not in tops, module


@pytest.mark.parametrize("library", DOORS)
def test_a_heavy_library_has_its_doors_and_no_others(library):
    users = {
        module
        for module, tree in modules().items()
        if any(name.partition(".")[0] == library for name in imported_by(tree))
    }
    strangers = {user for user in users if not any(_is_in(user, door) for door in DOORS[library])}
    assert strangers == set()


def _is_in(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def test_no_name_says_nothing():
    for module, tree in modules().items():
        for name in (module.rpartition(".")[2], *classes_and_functions(tree)):
            assert not SAYS_NOTHING.search(name), f"{module}: {name}"


@pytest.mark.parametrize(
    ("name", "says_nothing"),
    [("utils", True), ("PlanManager", True), ("baseline", False), ("common_prefix", False)],
)
def test_a_name_is_judged_by_what_it_is_not_by_its_letters(name, says_nothing):
    assert bool(SAYS_NOTHING.search(name)) is says_nothing


def test_every_module_opens_with_one_sentence_that_says_what_it_is():
    for module, tree in modules().items():
        docstring = ast.get_docstring(tree) or ""
        assert docstring.partition("\n")[0].endswith((".", ":", "?")), module


def test_nothing_happens_when_a_module_is_imported():
    for module, tree in modules().items():
        if module.startswith("kehoach") or module.endswith("__main__"):
            continue  # Typer's commands register themselves; a `__main__` is what runs
        for node in tree.body:
            assert not isinstance(node, ast.For | ast.While | ast.With | ast.Try), module
            happens = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
            assert not happens, f"{module}, line {node.lineno}"


def test_importing_everything_loads_no_model_and_no_segmenter():
    quiet = [
        module
        for module in reading_order()
        if module in modules()
        and not module.startswith(("indexer.training", "indexer.static"))
        and not module.endswith("__main__")
    ]
    code = (
        f"import sys\nfor name in {quiet!r}: __import__(name)\n"
        "heavy = ('torch', 'sentence_transformers', 'transformers', 'underthesea')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
