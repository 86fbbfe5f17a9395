"""Opens the real parts; whatever is heavy is imported here, when a command needs it."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from corpus.model import Plan
from indexer.errors import IndexMissing
from search_api.errors import SearchError, UnknownPlan

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from indexer.build import Index
    from indexer.bulk import Prepared
    from indexer.embed import Encoder, SentenceEncoder
    from indexer.rerank import CrossEncoder
    from indexer.store import Store
    from search_api.engine import Engine
    from search_api.rephrase import Rephraser

T = TypeVar("T")

# Requests of one key or address a second: a page with its files, a busy office behind one address.
_RATE = "20"
_MILVUS_PORT = 19530
# Workers beyond which nothing is won: the process that writes has a ninth of what a plan costs, and
# each worker takes some 160 MB. Two cores are all that this was measured on.
_MOST_WORKERS = 8
# Ids offered when the one asked for does not exist.
_NEAREST = 3


class Progress(Protocol):
    """Is told how much of the work is done, and which stage it is in."""

    def __call__(self, done: int, total: int, stage: str | None = None) -> None:
        """Show that `done` of `total` is done."""


def open_encoder() -> SentenceEncoder:
    """Load the encoder that ``KEHOACH_ENCODER`` names, else the one that comes along."""
    from indexer import embed

    return embed.open_encoder(os.environ.get("KEHOACH_ENCODER") or None)


def count_workers(encoder: SentenceEncoder) -> int:
    """Return how many processes may prepare plans side by side: one for each core, up to a few."""
    return min(len(os.sched_getaffinity(0)), _MOST_WORKERS) if encoder.is_light else 1


def open_reranker() -> CrossEncoder | None:
    """Load the cross-encoder that ``KEHOACH_RERANKER`` names, if it names one."""
    name = os.environ.get("KEHOACH_RERANKER")
    if not name:
        return None
    from indexer import rerank

    return rerank.open_reranker(name)


def open_store() -> Store | None:
    """Return the engine of vectors and words that ``KEHOACH_STORE`` names, None for our own.

    ``milvus://[USER:PASSWORD@]HOST[:PORT][/DATABASE][?replicas=N]``. Raise BadSettingError, or
    StoreUnavailable where nobody answers there.
    """
    if not os.environ.get("KEHOACH_STORE"):
        return None
    from urllib.parse import parse_qs, unquote, urlsplit

    try:
        parts = urlsplit(os.environ["KEHOACH_STORE"])
        port = parts.port or _MILVUS_PORT
        options = parse_qs(parts.query, strict_parsing=bool(parts.query))
        replicas = int(options.pop("replicas", ["1"])[-1])
        if parts.scheme != "milvus" or not parts.hostname or replicas < 1 or options:
            raise ValueError
    except ValueError as error:
        hidden = "(không hiện ra vì có thể chứa mật khẩu)"
        raise BadSettingError("KEHOACH_STORE", hidden, "milvus://127.0.0.1:19530") from error
    from indexer.milvus import Milvus

    token = ":".join(unquote(part) for part in (parts.username, parts.password) if part)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return Milvus(f"http://{host}:{port}", token, unquote(parts.path.strip("/")), replicas)


def prepare_on_ray(
    address: str, paths: Sequence[Path], index: Path, encoder: Encoder, folder: Path
) -> Prepared:
    """Read and embed what an index at `index` does not know yet of `paths`, on a Ray cluster."""
    from indexer import bulk
    from indexer.build import files_to_read

    name = os.environ.get("KEHOACH_ENCODER") or None
    return bulk.prepare_on_ray(address, files_to_read(paths, index), encoder, name, folder)


def open_rephraser() -> Rephraser | None:
    """Return the language model that ``KEHOACH_LLM_URL`` names, None where nobody set it."""
    url = os.environ.get("KEHOACH_LLM_URL")
    if not url:
        return None
    from search_api.rephrase import Rephraser

    model = os.environ.get("KEHOACH_LLM_MODEL") or "default"
    return Rephraser(url, model, os.environ.get("KEHOACH_LLM_KEY"))


def open_engine(index: Path, rephraser: Rephraser | None = None) -> Engine:
    """Open the index at `index` for questions; without one, refuse before loading the encoder."""
    from indexer.bundle import current_generation

    if current_generation(index) is None:
        raise IndexMissing(index)
    from search_api.engine import Engine

    return Engine.open(index, open_encoder(), rephraser, open_reranker(), open_store())


def open_server(index: Path) -> tuple[ASGIApp, int]:
    """Return the application over `index`, and how many plans it serves.

    The environment says who may use it: ``KEHOACH_KEYS`` is the file of keys, ``KEHOACH_OPEN`` what
    callers without a key may do where there is one ("read", "feedback"), ``KEHOACH_EMBED_ORIGINS``
    the sites that may embed us, ``KEHOACH_HOSTS`` the names by which the server may be called
    beside this machine's own, ``KEHOACH_RATE`` the requests of one caller a second (0 for any).
    ``KEHOACH_TRACES`` is where traces are sent (OTLP over HTTP).
    ``KEHOACH_TENANTS`` is a folder with one index for each tenant, then served instead of `index`.
    Raise BadSettingError, or IndexerError where an index cannot serve.
    """
    from search_api.access import OPEN_SCOPES, WITHOUT_KEYS, Access, KeyFile, Scope
    from search_api.app import create_live_app, create_tenant_app
    from search_api.hosts import read_hosts
    from search_api.metrics import Metrics
    from search_api.origins import read_origins
    from search_api.spans import Spans
    from search_api.turns import AT_ONCE, AT_ONCE_ELSEWHERE, Turns

    origins = _setting("KEHOACH_EMBED_ORIGINS", "", read_origins, "https://tinh.gov.vn")
    hosts = _setting("KEHOACH_HOSTS", "", read_hosts, "kehoach.tinh.gov.vn")
    rate = _setting("KEHOACH_RATE", _RATE, _read_rate, _RATE)
    opened = _setting(
        "KEHOACH_OPEN", "", lambda text: frozenset(map(Scope, text.split())), "read feedback"
    )
    if not opened <= OPEN_SCOPES:
        raise BadSettingError("KEHOACH_OPEN", "admin", "read feedback")
    key_file = KeyFile(Path(os.environ["KEHOACH_KEYS"])) if os.environ.get("KEHOACH_KEYS") else None
    access = Access(key_file, opened) if key_file else WITHOUT_KEYS
    access.check()
    asks_others = os.environ.get("KEHOACH_LLM_URL") or os.environ.get("KEHOACH_STORE")
    metrics = Metrics()
    settings: dict[str, Any] = {
        "origins": origins,
        "hosts": hosts,
        "rate": rate,
        "metrics": metrics,
        "turns": Turns(metrics, AT_ONCE_ELSEWHERE if asks_others else AT_ONCE),
        "spans": Spans.to(os.environ["KEHOACH_TRACES"])
        if os.environ.get("KEHOACH_TRACES")
        else None,
    }
    tenants = os.environ.get("KEHOACH_TENANTS")
    if not tenants:
        engine = open_engine(index, open_rephraser())
        served = create_live_app(engine, access=access, **settings)
        return served, len(engine.plans)
    if key_file is None:
        raise BadSettingError("KEHOACH_KEYS", "", "keys.json")
    if opened:
        raise BadSettingError("KEHOACH_OPEN", " ".join(opened), "")
    engines = _open_tenants(Path(tenants))
    count = sum(len(engine.plans) for engine in engines.values())
    return create_tenant_app(engines, key_file, **settings), count


def _open_tenants(folder: Path) -> dict[str, Engine]:
    """Open every index in `folder` by the name of its tenant, with one encoder for all."""
    from indexer.bundle import current_generation
    from search_api.access import NAME
    from search_api.engine import Engine

    found = [path for path in sorted(folder.glob("*")) if NAME.match(path.name)]
    found = [path for path in found if current_generation(path)]
    if not found:
        raise IndexMissing(folder / "TÊN_ĐƠN_VỊ")
    parts = open_encoder(), open_rephraser(), open_reranker(), open_store()
    return {path.name: Engine.open(path, *parts) for path in found}


def _read_rate(text: str) -> float:
    rate = float(text)
    if not 0 <= rate < math.inf:
        raise ValueError(text)
    return rate


def _setting(name: str, default: str, read: Callable[[str], T], example: str) -> T:
    text = os.environ.get(name, default)
    try:
        return read(text)
    except ValueError as error:
        raise BadSettingError(name, text, example) from error


class BadSettingError(SearchError):
    """A variable of the environment has a value that means nothing."""

    def __init__(self, name: str, value: str, example: str) -> None:
        super().__init__(
            f"Biến {name} có giá trị không dùng được: {value}. Ví dụ: {name}={example}"
        )


def shipped_plans() -> Path:
    """Return the folder of the plans that come with the program."""
    import corpus

    return Path(corpus.__path__[0]) / "data" / "plans"


def find_plan(index: Index, wanted: str) -> Plan:
    """Return the plan whose id or number is `wanted`, or the only one whose id contains it."""
    plans = index.catalogue.heads
    if wanted in plans:
        return index.plans[wanted]
    key = wanted.casefold()
    matching = [plan for plan in plans.values() if (plan.number or "").casefold() == key]
    matching = matching or [plan for plan in plans.values() if key in plan.id]
    if len(matching) == 1:
        return index.plans[matching[0].id]
    if matching:
        raise UnknownPlan(wanted, tuple(plan.id for plan in matching[:_NEAREST]))
    import difflib

    raise UnknownPlan(wanted, tuple(difflib.get_close_matches(key, plans, _NEAREST, 0.3)))


@contextmanager
def progress_bar(what: str) -> Iterator[Progress]:
    """Show a bar on the terminal while work goes on; where nobody watches, show nothing."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=None)

        def tell(done: int, total: int, stage: str | None = None) -> None:
            bar.update(task, completed=done, total=total, description=stage or what)

        yield tell
