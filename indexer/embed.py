"""Texts and questions to unit vectors, by any sentence-transformers model."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.text import count_tokens, one_line
from indexer.bags import VectorSums, is_static
from indexer.errors import EncoderUnavailable
from indexer.segment import segmented

# The model that comes with the repository.
DEFAULT_FOLDER = Path(__file__).parent / "weights" / "encoder"

# A folder may say how its model wants to be used: {"segmented": true, "prompts": {"query": …}}.
_SETTINGS = "kehoach.json"
_BATCH = 64
# Tokens, for models that read any length (sums of word vectors); chunks are cut far below.
_UNLIMITED = 8_192
# Prompts of families whose model files often do not carry them, by a part of the name.
_PROMPTS_BY_NAME = (
    (re.compile(r"(?:^|[/_-])e5(?:[/_-]|$)", re.I), {"query": "query: ", "document": "passage: "}),
    (
        re.compile(r"bge-(?:small|base|large)-en", re.I),
        {"query": "Represent this sentence for searching relevant passages: ", "document": ""},
    ),
)
_DOCUMENT_PROMPTS = ("document", "passage", "corpus")
_QUERY_PROMPTS = ("query", "question")
# "giáo_dục" in a vocabulary: the model was trained on segmented words. Not "_", "<s>", "▁giáo".
_JOINED_SYLLABLES = re.compile(r"^[^\W\d_]+_[^\W\d_]+")
# PhoBERT has such words for a third of its vocabulary; one in a hundred is no accident.
_SEGMENTED_SHARE = 0.01
# Positions that RoBERTa-like models keep for padding before the first token.
_PADDED_POSITIONS = ("roberta", "phobert", "xlm-roberta", "camembert")


class Encoder(Protocol):
    """What turns text into vectors.

    `longest` is the most tokens of a text that are read, without special tokens and prompt, and
    `count` counts them alike. `fingerprint` differs whenever vectors may differ. Vectors are
    float32 of unit length, [texts, dimensions]; a text without anything known may be all zeros.
    """

    @property
    def name(self) -> str:
        """What the model is called."""

    @property
    def dimensions(self) -> int:
        """The length of a vector."""

    @property
    def longest(self) -> int:
        """The most tokens of a text that are read."""

    @property
    def fingerprint(self) -> str:
        """What differs whenever vectors may differ."""

    def count(self, text: str) -> int:
        """Return how many tokens `text` has."""

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of what is searched."""

    def encode_questions(self, questions: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of what is asked."""


class SentenceEncoder:
    """A loaded sentence-transformers model with its prompts, its window and its segmentation."""

    def __init__(
        self,
        model: Any,  # noqa: ANN401 - the library has no types
        name: str,
        fingerprint: str,
        settings: dict[str, Any],
    ) -> None:
        self.name = name
        self._model = model
        self._tokenizer = tokenizer_of(model)
        self._segmented = bool(settings.get("segmented", reads_segmented(self._tokenizer)))
        prompts = {
            **_prompts_by_name(name),
            **_filled(model.prompts),
            **settings.get("prompts", {}),
        }
        self._text_prompt = _first(prompts, _DOCUMENT_PROMPTS)
        self._question_prompt = _first(prompts, _QUERY_PROMPTS)
        self.dimensions = int(model.get_embedding_dimension())
        window = window_of(model, self._tokenizer)
        if window is not None:
            model.max_seq_length = window
        prompt_tokens = max(map(self._tokens, (self._text_prompt, self._question_prompt)))
        special = self._special_tokens()
        self.longest = max(1, (window or _UNLIMITED) - special - prompt_tokens)
        how = json.dumps([self._segmented, self._text_prompt, self._question_prompt, self.longest])
        self.fingerprint = _digest(f"{fingerprint}{how}".encode())

    @property
    def is_light(self) -> bool:
        """Say whether several processes may each have a copy, and are faster for it."""
        return isinstance(self._model, VectorSums)

    def count(self, text: str) -> int:
        """Return how many tokens `text` has, special tokens and prompt left out."""
        return self._tokens(self._prepared(text))

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of what is searched."""
        return self._encode(texts, self._text_prompt)

    def encode_questions(self, questions: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of what is asked."""
        return self._encode(questions, self._question_prompt)

    def _encode(self, texts: Sequence[str], prompt: str) -> NDArray[np.float32]:
        if not len(texts):
            return np.empty((0, self.dimensions), dtype=np.float32)
        vectors = self._model.encode(
            [self._prepared(text) for text in texts],
            prompt=prompt or None,
            batch_size=_BATCH,
            show_progress_bar=False,
            convert_to_numpy=True,
            normalize_embeddings=True,
        )
        return np.ascontiguousarray(vectors, dtype=np.float32)

    def _prepared(self, text: str) -> str:
        text = one_line(text)
        return segmented(text) if self._segmented else text

    def _tokens(self, text: str) -> int:
        if not text:
            return 0
        if self._tokenizer is None:
            return count_tokens(text)
        return len(self._tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"])

    def _special_tokens(self) -> int:
        counts = getattr(self._tokenizer, "num_special_tokens_to_add", None)
        return int(counts()) if counts else 0


def open_encoder(name: str | None = None, *, local: bool = False) -> SentenceEncoder:
    """Load the model `name`: a folder, or a hub name; by default the one that comes along.

    A hub model already on this machine is used without asking the network; `local` forbids to ask
    at all. Raise EncoderUnavailable where it cannot be loaded.
    """
    name = name or str(DEFAULT_FOLDER)
    model = open_model(name, _load, EncoderUnavailable, local=local)
    folder = Path(name).expanduser()
    if folder.is_dir():
        return SentenceEncoder(model, folder.name, _fingerprint(folder), _settings(folder))
    snapshot = _snapshot(name)
    if snapshot is None:
        return SentenceEncoder(model, name, name, {})
    return SentenceEncoder(model, name, f"{name}@{snapshot.name}", _settings(snapshot))


def open_model(
    name: str,
    load: Callable[..., Any],
    unavailable: Callable[[str, str], Exception],
    *,
    local: bool = False,
) -> Any:  # noqa: ANN401
    """Return ``load(place, local=…)`` of a folder or a hub name; raise `unavailable` with a reason.

    What is on this machine is loaded without asking the network, and `local` forbids to ask.
    """
    folder = Path(name).expanduser()
    if folder.is_dir():
        tries = [(str(folder), True)]
    elif folder.is_absolute() or name.startswith((".", "~")) or name.count("/") > 1:
        raise unavailable(name, "không có thư mục này")
    elif local or os.environ.get("HF_HUB_OFFLINE", "") in ("1", "true"):
        tries = [(name, True)]
    else:
        tries = [(name, True), (name, False)]
    failed: Exception | None = None
    for place, here in tries:
        try:
            return load(place, local=here)
        # Loading a foreign folder can fail in as many ways as there are libraries below.
        except Exception as error:
            failed = error
    first_line = next(iter(str(failed).splitlines()), type(failed).__name__)
    raise unavailable(name, first_line) from failed


def _load(name: str, *, local: bool) -> Any:  # noqa: ANN401
    if is_static(Path(name)):
        return VectorSums.load(Path(name))
    # Takes seconds, and only foreign models need it.
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(name, device="cpu", local_files_only=local).eval()


def _snapshot(name: str) -> Path | None:
    """Return the folder of the cached hub model; its name is the commit."""
    from huggingface_hub import try_to_load_from_cache

    for file in ("modules.json", "config.json"):
        found = try_to_load_from_cache(name, file)
        if isinstance(found, str):
            return Path(found).parent
    return None


def _settings(folder: Path) -> dict[str, Any]:
    path = folder / _SETTINGS
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def _fingerprint(folder: Path) -> str:
    """Return a digest of every file below `folder` that is not documentation."""
    parts = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in (".md", ".png", ".svg"):
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            parts.append(f"{path.relative_to(folder).as_posix()} {digest}")
    return _digest("\n".join(parts).encode())


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def halved_to_fit(text: str, count: Callable[[str], int], longest: int | None) -> Iterator[str]:
    """Yield `text`, halved between words until no piece has more than `longest` tokens."""
    words = text.split()
    if longest is None or len(words) < 2 or count(text) <= longest:
        yield text
        return
    middle = len(words) // 2
    yield from halved_to_fit(" ".join(words[:middle]), count, longest)
    yield from halved_to_fit(" ".join(words[middle:]), count, longest)


def tokenizer_of(model: Any) -> Any:  # noqa: ANN401
    """Return the model's tokenizer if it is called as those of transformers are, else None."""
    tokenizer = getattr(model, "tokenizer", None)
    return tokenizer if callable(tokenizer) and hasattr(tokenizer, "get_vocab") else None


def reads_segmented(tokenizer: Any) -> bool:  # noqa: ANN401
    """Say whether a vocabulary is made of words whose syllables are joined by ``_``."""
    if tokenizer is None:
        return False
    words = tokenizer.get_vocab()
    joined = sum(1 for word in words if _JOINED_SYLLABLES.match(word))
    return joined > _SEGMENTED_SHARE * len(words)


def window_of(model: Any, tokenizer: Any) -> int | None:  # noqa: ANN401
    """Return the most tokens the model reads, special ones included; None for any length."""
    limits = [model.max_seq_length, getattr(tokenizer, "model_max_length", None)]
    transformer = model.transformers_model
    positions = getattr(getattr(transformer, "config", None), "max_position_embeddings", None)
    if positions:
        padded = getattr(transformer.config, "model_type", "") in _PADDED_POSITIONS
        padding = getattr(transformer.config, "pad_token_id", None) or 0
        limits.append(positions - (padding + 1 if padded else 0))
    # A tokenizer that knows no limit says 10^30.
    known = [int(limit) for limit in limits if limit and 0 < limit < 1_000_000]
    return min(known, default=None)


def _prompts_by_name(name: str) -> dict[str, str]:
    return next((prompts for family, prompts in _PROMPTS_BY_NAME if family.search(name)), {})


def _filled(prompts: dict[str, str]) -> dict[str, str]:
    """Return the prompts that say something: the library fills in empty ones."""
    return {name: prompt for name, prompt in prompts.items() if prompt}


def _first(prompts: dict[str, str], names: Sequence[str]) -> str:
    return next((prompts[name] for name in names if prompts.get(name)), "")
