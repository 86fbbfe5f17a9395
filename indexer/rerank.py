"""A question and texts to scores, by any cross-encoder: read together, not one by one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.text import one_line
from indexer.embed import (
    halved_to_fit,
    open_model,
    reads_segmented,
    tokenizer_of,
    window_of,
)
from indexer.errors import RerankerUnavailable
from indexer.segment import segmented

_BATCH = 32
# Of the window a question may take at most so much: the text it is compared with needs the rest.
_QUESTION_SHARE = 0.5
# A model that only turns texts into vectors would be given a random last layer.
_JUDGES = ("ForSequenceClassification", "ForCausalLM")


class CrossEncoder:
    """A loaded cross-encoder with its window and its segmentation."""

    def __init__(self, model: Any, name: str) -> None:  # noqa: ANN401 - the library has no types
        self.name = name
        self._model = model
        self._tokenizer = tokenizer_of(model)
        self._segmented = reads_segmented(self._tokenizer)
        self._window = window_of(model, self._tokenizer)
        if self._window is not None:
            model.max_seq_length = self._window

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return how well each of `texts` answers `question`: float32 [texts], higher is better.

        A text longer than the model reads counts as its best piece.
        """
        if not len(texts):
            return np.empty(0, dtype=np.float32)
        asked = self._prepared(question)
        room = self._room(asked)
        pieces = [list(halved_to_fit(self._prepared(text), self._tokens, room)) for text in texts]
        scores = self._model.predict(
            [(asked, piece) for piece in chain.from_iterable(pieces)],
            batch_size=_BATCH,
            show_progress_bar=False,
        )
        starts = np.cumsum([0, *map(len, pieces[:-1])])
        return np.maximum.reduceat(np.asarray(scores, dtype=np.float32), starts)

    def _room(self, question: str) -> int | None:
        """Return how many tokens of a text are read beside `question`."""
        if self._window is None or self._tokenizer is None:
            return None
        window = self._window - int(self._tokenizer.num_special_tokens_to_add(pair=True))
        asked = min(self._tokens(question), int(_QUESTION_SHARE * window))
        return max(1, window - asked)

    def _prepared(self, text: str) -> str:
        text = one_line(text)
        return segmented(text) if self._segmented else text

    def _tokens(self, text: str) -> int:
        return len(self._tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"])


def open_reranker(name: str, *, local: bool = False) -> CrossEncoder:
    """Load the cross-encoder `name`: a folder, or a hub name.

    A hub model already on this machine is used without asking the network; `local` forbids to ask
    at all. Raise RerankerUnavailable where it cannot be loaded or gives no single score.
    """
    model = open_model(name, _load, RerankerUnavailable, local=local)
    kinds = getattr(getattr(model.transformers_model, "config", None), "architectures", None) or ()
    if not any(kind.endswith(_JUDGES) for kind in kinds):
        raise RerankerUnavailable(name, "đây không phải mô hình chấm cặp câu (cross-encoder)")
    if model.num_labels != 1:
        raise RerankerUnavailable(name, f"mô hình cho {model.num_labels} số, cần đúng một điểm")
    return CrossEncoder(model, name)


def _load(name: str, *, local: bool) -> Any:  # noqa: ANN401
    # Takes seconds, and only who asked for a reranker needs it.
    import sentence_transformers

    return sentence_transformers.CrossEncoder(name, device="cpu", local_files_only=local).eval()
