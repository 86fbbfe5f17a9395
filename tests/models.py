"""Tiny transformers with random weights and a vocabulary of their own, made on the spot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

TEXTS = [
    "Sở Lao động - Thương binh và Xã hội chủ trì truyền thông về giáo dục nghề nghiệp",
    "Các cơ quan thông tấn, báo chí phối hợp tuyên truyền trên mạng internet",
    "Sở Tài chính bố trí kinh phí thực hiện kế hoạch hằng năm",
]
SEGMENTED = [
    "Sở Lao_động - Thương_binh và Xã_hội chủ_trì truyền_thông về giáo_dục nghề_nghiệp",
    "các cơ_quan thông_tấn , báo_chí phối_hợp tuyên_truyền trên mạng internet",
]
WINDOW = 32


def save_model(
    folder: Path,
    *,
    roberta: bool = False,
    prompts: dict[str, str] | None = None,
    positions: int = WINDOW,
    declared: int | None = WINDOW,
) -> Path:
    """Make and save a tiny random transformer with a vocabulary of its own."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, RobertaConfig, RobertaModel

    torch.manual_seed(3)
    lines = SEGMENTED if roberta else [*TEXTS, "query: passage:"]
    fast = _tokenizer(roberta=roberta, lines=lines, declared=declared)
    sizes = _sizes(fast, positions)
    model = RobertaModel(RobertaConfig(**sizes)) if roberta else BertModel(BertConfig(**sizes))
    plain = folder / "plain"
    model.save_pretrained(plain)
    fast.save_pretrained(plain)
    modules = [Transformer(str(plain)), Pooling(24)]
    whole = SentenceTransformer(modules=modules, prompts=prompts, device="cpu")
    whole.save(str(folder / "model"))
    return folder / "model"


def save_cross_encoder(folder: Path, *, segmented: bool = False, labels: int = 1) -> Path:
    """Make and save a tiny random cross-encoder."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    torch.manual_seed(5)
    lines = SEGMENTED if segmented else TEXTS
    fast = _tokenizer(roberta=segmented, lines=lines, declared=WINDOW)
    # Weights ten times the usual ones: a random model that tells its texts well apart.
    config = BertConfig(**_sizes(fast, WINDOW), num_labels=labels, initializer_range=0.2)
    BertForSequenceClassification(config).save_pretrained(folder)
    fast.save_pretrained(folder)
    return folder


def _sizes(tokenizer: Any, positions: int) -> dict[str, Any]:
    return {
        "vocab_size": len(tokenizer),
        "hidden_size": 24,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "intermediate_size": 32,
        "max_position_embeddings": positions,
        "pad_token_id": 1,
    }


def _tokenizer(*, roberta: bool, lines: list[str], declared: int | None) -> Any:
    from tokenizers import Tokenizer, models, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    special = (
        ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
        if roberta
        else ["[CLS]", "[PAD]", "[SEP]", "[UNK]", "[MASK]"]
    )
    if roberta:
        tokenizer = Tokenizer(models.BPE(unk_token=special[3]))
        trainer: trainers.Trainer = trainers.BpeTrainer(special_tokens=special, vocab_size=400)
    else:
        tokenizer = Tokenizer(models.WordPiece(unk_token=special[3]))
        trainer = trainers.WordPieceTrainer(special_tokens=special, vocab_size=400)
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.train_from_iterator(lines * 5, trainer)
    begin, pad, end, unknown, mask = special
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}",
        pair=f"{begin} $A {end} $B {end}",
        special_tokens=[(begin, 0), (end, 2)],
    )
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer, cls_token=begin, pad_token=pad, sep_token=end,
        unk_token=unknown, mask_token=mask, model_max_length=declared or 10**30,
    )  # fmt: skip
