"""Records how Hugging Face stores language models and their tokenizers.

    pip install torch transformers
    python tests/parity/record_hf_language.py

writes `hf_language.json`: the `config.json` of each network whose weights
the other scripts recorded, and small tokenizers with the ids that they give.

    python tests/parity/record_hf_language.py --check FOLDER

reads the sub-folders that `keras_nn.pretrained.hugging_face.save` wrote with
`from_pretrained`, and prints what was missing and how far logits are from
those that `expected.npz` beside them holds.
"""

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
import tokenizers
import torch
import transformers

FOLDER = Path(__file__).parent
ENCODER = {
    "vocab_size": 37,
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 24,
}
T5 = {
    "vocab_size": 37,
    "d_model": 16,
    "d_kv": 6,
    "d_ff": 24,
    "num_layers": 2,
    "num_heads": 4,
    "relative_attention_num_buckets": 8,
    "relative_attention_max_distance": 12,
}
LLAMA = {
    **ENCODER,
    "num_key_value_heads": 2,
    "rms_norm_eps": 1e-5,
    "max_position_embeddings": 32,
}
NETWORKS = {
    "hf_bert": transformers.BertForPreTraining(
        transformers.BertConfig(max_position_embeddings=12, **ENCODER)
    ),
    "hf_roberta": transformers.RobertaForMaskedLM(
        transformers.RobertaConfig(
            max_position_embeddings=14,
            type_vocab_size=1,
            pad_token_id=1,
            layer_norm_eps=1e-5,
            **ENCODER,
        )
    ),
    "hf_distilbert": transformers.DistilBertForMaskedLM(
        transformers.DistilBertConfig(
            vocab_size=37,
            max_position_embeddings=12,
            dim=16,
            n_layers=2,
            n_heads=4,
            hidden_dim=24,
        )
    ),
    "hf_gpt2": transformers.GPT2LMHeadModel(
        transformers.GPT2Config(
            vocab_size=37, n_positions=32, n_embd=16, n_layer=2, n_head=4
        )
    ),
    "hf_llama": transformers.LlamaForCausalLM(
        transformers.LlamaConfig(**LLAMA)
    ),
    "hf_mamba": transformers.MambaForCausalLM(
        transformers.MambaConfig(
            vocab_size=37, hidden_size=16, state_size=4, num_hidden_layers=2
        )
    ),
    "hf_t5": transformers.T5ForConditionalGeneration(
        transformers.T5Config(**T5, feed_forward_proj="relu")
    ),
    "hf_t5_gated": transformers.T5ForConditionalGeneration(
        transformers.T5Config(
            **T5, feed_forward_proj="gated-gelu", tie_word_embeddings=False
        )
    ),
}
TEXTS = ["A man, and a woman!", "the woman is in the hat", "", "né à Zürich"]


def trained(kind):
    """A small tokenizer in the form of one published with a model."""
    models, trainers = tokenizers.models, tokenizers.trainers
    cutting = tokenizers.pre_tokenizers
    words = ["a man and a woman in a hat", "the man is in the woman's hat"]
    if kind == "bert":
        special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
        tokenizer = tokenizers.Tokenizer(models.WordPiece(unk_token="[UNK]"))
        tokenizer.normalizer = tokenizers.normalizers.BertNormalizer()
        tokenizer.pre_tokenizer = cutting.BertPreTokenizer()
        tokenizer.decoder = tokenizers.decoders.WordPiece()
        trainer = trainers.WordPieceTrainer(
            vocab_size=60, special_tokens=special
        )
        tokenizer.train_from_iterator(words, trainer)
        tokenizer.post_processor = tokenizers.processors.TemplateProcessing(
            single="[CLS] $A [SEP]",
            special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
        )
        names = "pad_token", "unk_token", "cls_token", "sep_token", "mask_token"
        return tokenizer, dict(zip(names, special, strict=True))
    tokenizer = tokenizers.Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = cutting.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = tokenizers.decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=270,
        special_tokens=["<|endoftext|>"],
        initial_alphabet=cutting.ByteLevel.alphabet(),
    )
    tokenizer.train_from_iterator(words, trainer)
    names = "bos_token", "eos_token", "unk_token"
    return tokenizer, dict.fromkeys(names, "<|endoftext|>")


def stored(thing):
    """What `save_pretrained` writes as JSON: dict from file to text."""
    with tempfile.TemporaryDirectory() as folder:
        thing.save_pretrained(folder)
        return {
            path.name: path.read_text(encoding="utf-8")
            for path in Path(folder).glob("*.json")
        }


def record():
    found = {"networks": {}, "tokenizers": {}, "texts": TEXTS}
    for name, model in NETWORKS.items():
        found["networks"][name] = json.loads(stored(model)["config.json"])
    for kind in ("bert", "gpt2"):
        tokenizer, special = trained(kind)
        theirs = transformers.PreTrainedTokenizerFast(
            tokenizer_object=tokenizer, **special
        )
        found["tokenizers"][kind] = {
            "files": stored(theirs),
            "ids": [theirs(text)["input_ids"] for text in TEXTS],
        }
    text = json.dumps(found, indent=1, ensure_ascii=False)
    (FOLDER / "hf_language.json").write_text(text, encoding="utf-8")
    print(len(text), "characters")


def check(folder):
    for path in sorted(p for p in Path(folder).iterdir() if p.is_dir()):
        config = transformers.AutoConfig.from_pretrained(path)
        cls = getattr(transformers, config.architectures[0])
        model, report = cls.from_pretrained(path, output_loading_info=True)
        with np.load(path / "expected.npz") as file:
            expected = {name: torch.tensor(file[name]) for name in file}
        logits = expected.pop("logits")
        with torch.no_grad():
            found = model.eval()(**expected).logits
        print(
            path.name,
            {key: list(value) for key, value in report.items() if value},
            "largest difference of logits",
            float((found - logits).abs().max()),
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", help="a folder of folders")
    given = parser.parse_args()
    check(given.check) if given.check else record()
