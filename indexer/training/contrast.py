"""Contrastive training: in a batch, every question must find its own text among all the texts.

The model is a sum of rows, so the gradient is written out by hand: the loss is symmetric InfoNCE
(van den Oord et al. 2018) with a learned temperature, also over the first 128 and 64 numbers of
each vector (Kusupati et al. 2022), the optimiser Adam. Many times faster than tracing it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse
import torch
from numpy.typing import NDArray

from indexer.static import Bags, Vocabulary
from indexer.training.pairs import Ids, Source
from indexer.training.vary import Varier

# Larger sources are drawn more often, but less than in proportion.
_SIZE_POWER = 0.75
_WARM_STEPS = 20
_LAST_RATE = 0.03
_MOMENTS = (0.9, 0.99)
_SCALE_RATE = 0.005
_LARGEST_SCALE = 50.0


@dataclass(frozen=True, slots=True)
class Course:
    """How long and how fast to train; `sizes` are (numbers of a vector, share of the loss)."""

    steps: int = 300
    batch: int = 2_048
    rate: float = 0.03
    temperature: float = 0.05
    sizes: tuple[tuple[int, float], ...] = ((384, 1.0), (256, 1.0), (128, 0.3), (64, 0.2))
    one_source: bool = True
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Trained:
    """The vectors of all rows, and the loss after every step."""

    vectors: NDArray[np.float32]
    losses: tuple[float, ...]


def train(
    vocabulary: Vocabulary,
    sources: Sequence[Source],
    start: NDArray[np.float32],
    course: Course,
    varier: Varier,
    watch: Callable[[int, float, NDArray[np.float32]], None],
) -> Trained:
    """Return `start` after training; `watch` is told step, loss and the live vectors."""
    random = np.random.default_rng(course.seed)
    choices = [source.telling() for source in sources]
    shares = np.array([len(choice) for choice in choices]) ** _SIZE_POWER
    shares /= shares.sum()
    weights = torch.nn.Parameter(torch.from_numpy(start.copy()))
    scale = torch.nn.Parameter(torch.tensor(math.log(1 / course.temperature)))
    weights.grad = torch.zeros_like(weights)
    optimiser = torch.optim.Adam(
        [
            {"params": [weights], "lr": course.rate},
            {"params": [scale], "lr": _SCALE_RATE},
        ],
        betas=_MOMENTS,
        fused=True,
    )
    losses = []
    for step in range(course.steps):
        optimiser.param_groups[0]["lr"] = course.rate * _schedule(step, course.steps)
        which = (
            np.full(course.batch, random.choice(len(sources), p=shares))
            if course.one_source
            else random.choice(len(sources), course.batch, p=shares)
        )
        drawn = [
            varier.draw(sources[index], int(random.choice(choices[index])))
            for index in which.tolist()
        ]
        bags = _bags(vocabulary, [side for pair in drawn for side in pair[:2]])
        labels = np.array([pair[2] for pair in drawn])
        same = torch.from_numpy(labels[:, None] == labels[None, :])
        sums = _sums(weights.detach(), bags).view(-1, 2, weights.shape[1])
        loss, questions, texts, slope = contrast(
            sums[:, 0], sums[:, 1], same, float(scale.detach()), course.sizes
        )
        _fill_gradient(weights.grad, bags, torch.stack([questions, texts], dim=1).flatten(0, 1))
        scale.grad = torch.tensor(slope)
        optimiser.step()
        losses.append(loss)
        watch(step, loss, weights.detach().numpy())
    return Trained(weights.detach().numpy(), tuple(losses))


def contrast(
    questions: torch.Tensor,
    texts: torch.Tensor,
    same: torch.Tensor,
    log_scale: float,
    sizes: Sequence[tuple[int, float]],
) -> tuple[float, torch.Tensor, torch.Tensor, float]:
    """Return the loss and its gradients by `questions`, `texts` and `log_scale`.

    `questions` and `texts` are [pairs, dimensions]; ``same[i, j]`` says that pair j is no
    counterexample for pair i, its diagonal is True.
    """
    count = len(questions)
    scale = min(math.exp(log_scale), _LARGEST_SCALE)
    others = ~same
    loss = slope = 0.0
    by_question, by_text = torch.zeros_like(questions), torch.zeros_like(texts)
    for size, share in sizes:
        left, left_length = _unit(questions[:, :size])
        right, right_length = _unit(texts[:, :size])
        cosine = left @ right.T
        own = cosine.diagonal().clone()
        # Cosines are at most 1, so subtracting the scale keeps every exponential in range.
        likeness = torch.exp(scale * (cosine - 1)) * others
        likeness.diagonal().copy_(torch.exp(scale * (own - 1)))
        rows, columns = likeness.sum(1), likeness.sum(0)
        each = scale * (own - 1)
        loss += share * float((rows.log() + columns.log() - 2 * each).mean()) / 2
        push = likeness * (1 / rows[:, None] + 1 / columns[None, :])
        push.diagonal().sub_(2)
        push *= share / (2 * count)
        slope += float((push * cosine).sum()) * scale
        push *= scale
        by_question[:, :size] += _through_unit(push @ right, left, left_length)
        by_text[:, :size] += _through_unit(push.T @ left, right, right_length)
    return loss, by_question, by_text, slope


def encode(
    vocabulary: Vocabulary, vectors: NDArray[np.float32], texts: Sequence[Ids]
) -> NDArray[np.float32]:
    """Return the unit vectors of `texts` under unpacked `vectors`."""
    parts = []
    for first in range(0, len(texts), 2_000):
        bags = _bags(vocabulary, texts[first : first + 2_000])
        parts.append(_unit(_sums(torch.from_numpy(vectors), bags))[0].numpy())
    return np.concatenate(parts)


def progress(total: int) -> Callable[[int, float, NDArray[np.float32]], None]:
    """Return a watcher that writes a line every fiftieth step."""
    began = time.monotonic()

    def watch(step: int, loss: float, _vectors: NDArray[np.float32]) -> None:
        if step % 50 == 0 or step == total - 1:
            print(f"step {step:5d}  loss {loss:.3f}  {time.monotonic() - began:.0f} s", flush=True)  # noqa: T201  # the recipe's own report

    return watch


def _schedule(step: int, steps: int) -> float:
    falling = (1 + math.cos(math.pi * step / steps)) / 2
    return min(1.0, (step + 1) / _WARM_STEPS) * (_LAST_RATE + (1 - _LAST_RATE) * falling)


def _bags(vocabulary: Vocabulary, texts: Sequence[Ids]) -> Bags:
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    return vocabulary.bags(np.concatenate(texts).astype(np.int64), lengths)


def _sums(weights: torch.Tensor, bags: Bags) -> torch.Tensor:
    return torch.nn.functional.embedding_bag(
        torch.from_numpy(bags.rows),
        weights,
        torch.from_numpy(bags.starts),
        mode="sum",
        per_sample_weights=torch.from_numpy(bags.weights),
    )


def _fill_gradient(gradient: torch.Tensor, bags: Bags, by_sum: torch.Tensor) -> None:
    """Write into `gradient` the sum over the texts of each feature: the same sum, transposed."""
    ends = np.append(bags.starts, len(bags.rows))
    turned = scipy.sparse.csr_matrix(
        (bags.weights, bags.rows, ends), shape=(len(bags.starts), len(gradient))
    ).tocsc()
    touched = np.flatnonzero(np.diff(turned.indptr))
    gradient.zero_()
    gradient[torch.from_numpy(touched)] = torch.nn.functional.embedding_bag(
        torch.from_numpy(turned.indices.astype(np.int64)),
        by_sum.contiguous(),
        torch.from_numpy(turned.indptr[touched].astype(np.int64)),
        mode="sum",
        per_sample_weights=torch.from_numpy(turned.data),
    )


def _unit(vectors: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    length = vectors.norm(dim=1, keepdim=True).clamp_min(1e-9)
    return vectors / length, length


def _through_unit(gradient: torch.Tensor, unit: torch.Tensor, length: torch.Tensor) -> torch.Tensor:
    return (gradient - unit * (gradient * unit).sum(1, keepdim=True)) / length
