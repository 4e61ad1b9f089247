"""What Hugging Face's language models call the tensors of ours."""

import re

from keras_nn import models
from keras_nn.pretrained.keras_applications_names import own_names
from keras_nn.pretrained.keras_applications_names import renamed
from keras_nn.pretrained.tensor_place import TensorPlace

# `{p}` is the prefix of the network. All names end as torch's do: see _COMMON.
_BERT = (
    ("^token_embedding/embeddings", "{p}embeddings/word_embeddings/weight"),
    ("^positions/embeddings", "{p}embeddings/position_embeddings/weight"),
    (
        "^segment_embedding/embeddings",
        "{p}embeddings/token_type_embeddings/weight",
    ),
    ("^embedding_norm/", "{p}embeddings/LayerNorm/"),
)
_BERT_BLOCK = (
    (r"^block_(\d+)/", r"{p}encoder/layer/\1/"),
    ("/attention/output/", "/attention/output/dense/"),
    ("/attention/(query|key|value)/", r"/attention/self/\1/"),
    ("/attention_norm/", "/attention/output/LayerNorm/"),
    ("/feed_forward/up/", "/intermediate/dense/"),
    ("/feed_forward/down/", "/output/dense/"),
    ("/feed_forward_norm/", "/output/LayerNorm/"),
    ("^pooler/", "{p}pooler/dense/"),
)
_RULES = {
    "bert": (
        *_BERT,
        *_BERT_BLOCK,
        ("^head_dense/", "cls/predictions/transform/dense/"),
        ("^head_norm/", "cls/predictions/transform/LayerNorm/"),
        ("^head_bias/", "cls/predictions/"),
    ),
    "roberta": (
        *_BERT,
        *_BERT_BLOCK,
        ("^head_dense/", "lm_head/dense/"),
        ("^head_norm/", "lm_head/layer_norm/"),
        ("^head_bias/", "lm_head/"),
    ),
    "distilbert": (
        *_BERT,
        (r"^block_(\d+)/", r"{p}transformer/layer/\1/"),
        ("/attention/output/", "/attention/out_lin/"),
        ("/attention/(q|k|v)(uery|ey|alue)/", r"/attention/\1_lin/"),
        ("/attention_norm/", "/sa_layer_norm/"),
        ("/feed_forward/up/", "/ffn/lin1/"),
        ("/feed_forward/down/", "/ffn/lin2/"),
        ("/feed_forward_norm/", "/output_layer_norm/"),
        ("^head_dense/", "vocab_transform/"),
        ("^head_norm/", "vocab_layer_norm/"),
        ("^head_bias/", "vocab_projector/"),
    ),
    "gpt2": (
        ("^token_embedding/embeddings", "{p}wte/weight"),
        ("^positions/embeddings", "{p}wpe/weight"),
        (r"^block_(\d+)/", r"{p}h/\1/"),
        ("/norm_before/", "/ln_1/"),
        ("/norm_after/", "/ln_2/"),
        ("/attention/(query|key|value)/", "/attn/c_attn/"),
        ("/attention/output/", "/attn/c_proj/"),
        ("/feed_forward/up/", "/mlp/c_fc/"),
        ("/feed_forward/down/", "/mlp/c_proj/"),
        ("^norm/", "{p}ln_f/"),
    ),
    "llama": (
        ("^token_embedding/embeddings", "{p}embed_tokens/weight"),
        (r"^block_(\d+)/", r"{p}layers/\1/"),
        ("/norm_before/", "/input_layernorm/"),
        ("/norm_after/", "/post_attention_layernorm/"),
        ("/attention/(q|k|v|o)[a-z]+/", r"/self_attn/\1_proj/"),
        ("/feed_forward/(gate|up|down)/", r"/mlp/\1_proj/"),
        ("^norm/", "{p}norm/"),
        ("^head/", "lm_head/"),
    ),
    "mamba": (
        ("^token_embedding/embeddings", "{p}embeddings/weight"),
        (r"^block_(\d+)/norm/", r"{p}layers/\1/norm/"),
        (r"^block_(\d+)/", r"{p}layers/\1/mixer/"),
        ("/mixer/kernel$", "/mixer/conv1d/weight"),
        ("/mixer/bias$", "/mixer/conv1d/bias"),
        ("/enter/", "/in_proj/"),
        ("/select/", "/x_proj/"),
        ("/step/", "/dt_proj/"),
        ("/step_bias$", "/dt_proj/bias"),
        ("/leave/", "/out_proj/"),
        ("/log_rates$", "/A_log"),
        ("/skip$", "/D"),
        ("^norm/", "{p}norm_f/"),
        ("^head/", "lm_head/"),
    ),
    "t5": (
        ("^token_embedding/embeddings", "shared/weight"),
        ("^(encoder|decoder)_norm/", r"\1/final_layer_norm/"),
        (
            "^(encoder|decoder)_bias/table",
            r"\1/block/0/layer/0/SelfAttention/relative_attention_bias/weight",
        ),
        (r"^(encoder|decoder)_block_(\d+)/", r"\1/block/\2/layer/"),
        ("/cross_attention/(q|k|v|o)[a-z]+/", r"/1/EncDecAttention/\1/"),
        ("/attention/(q|k|v|o)[a-z]+/", r"/0/SelfAttention/\1/"),
        ("/attention_norm/", "/0/layer_norm/"),
        ("/cross_norm/", "/1/layer_norm/"),
        ("^(encoder.*layer)/feed_forward", r"\1/1/feed_forward"),
        ("^(decoder.*layer)/feed_forward", r"\1/2/feed_forward"),
        ("/feed_forward_norm/", "/layer_norm/"),
        ("/feed_forward/", "/DenseReluDense/"),
        ("Dense/gate/", "Dense/wi_0/"),
        ("Dense/up/", "Dense/{wi}/"),
        ("Dense/down/", "Dense/wo/"),
        ("^head/", "lm_head/"),
    ),
}
_COMMON = (
    ("/(kernel|gamma|scale)$", "/weight"),
    ("/beta$", "/bias"),
    ("/", "."),
)
PREFIXES = {
    "bert": "bert.",
    "roberta": "roberta.",
    "distilbert": "distilbert.",
    "gpt2": "transformer.",
    "llama": "model.",
    "mamba": "backbone.",
    "t5": "",
}
# Tensors that no output of ours depends on: masks and counts that torch
# stores beside weights, a bias of distances that T5 never had a use for.
_CONSTANTS = re.compile(
    r"(position_ids|token_type_ids|\.attn\.(masked_)?bias|inv_freq|"
    r"EncDecAttention\.relative_attention_bias\.weight)$"
)
# Heads that a network without them, or with another, leaves out.
_HEADS = re.compile(
    r"^(cls\.|lm_head\.|vocab_|classifier|pre_classifier|qa_outputs|"
    r"(bert\.|roberta\.|distilbert\.)?pooler\.)"
)


def kind_of(model):
    """What Hugging Face calls the kind of a model of ours: str, or None."""
    if type(model) is models.BERT:
        return ("distilbert", "roberta", "bert")[min(model.num_segments, 2)]
    return {
        models.GPT2: "gpt2",
        models.Llama: "llama",
        models.Mamba: "mamba",
        models.T5: "t5",
    }.get(type(model))


def places(model, prefix):
    """Where the numbers of each tensor of theirs lie in a model of ours.

    Args:
        model: one of our language models.
        prefix: str. What their names of the network begin with, such as
            `"bert."`, or an empty one.

    Returns:
        dict from str to `TensorPlace`.

    Example:

    >>> model = models.GPT2(9, 4, num_layers=1, num_heads=1, width=2)
    >>> len(places(model, "").pop("h.0.attn.c_attn.weight").variables)
    3
    """
    kind = kind_of(model)
    path = prefix.replace(".", "/")
    gate = "wi_1" if getattr(model, "gated", False) else "wi"
    rules = [
        (pattern, there.replace("{p}", path).replace("{wi}", gate))
        for pattern, there in (*_RULES[kind], *_COMMON)
    ]
    found = {}
    for own, variable in zip(own_names(model), model.weights, strict=True):
        name = renamed(own, rules)
        if name not in found:
            found[name] = TensorPlace(**_form(kind, own, model))
        found[name].holding(variable)
    return found


def copies(model, prefix):
    """Tensors of theirs that are another one of theirs: dict from str to str.

    Args: as of `places`.
    """
    kind = kind_of(model)
    words = f"{prefix}embeddings.word_embeddings.weight"
    if kind == "t5":
        names = ["encoder.embed_tokens.weight", "decoder.embed_tokens.weight"]
        names += ["lm_head.weight"] if model.tie_weights else []
        return dict.fromkeys(names, "shared.weight")
    if kind == "gpt2":
        return {"lm_head.weight": f"{prefix}wte.weight"}
    if kind in ("llama", "mamba"):
        table = "embed_tokens" if kind == "llama" else "embeddings"
        tied = {"lm_head.weight": f"{prefix}{table}.weight"}
        return tied if model.tie_weights else {}
    if model.head != "masked_lm":
        return {}
    return {
        "bert": {
            "cls.predictions.decoder.weight": words,
            "cls.predictions.decoder.bias": "cls.predictions.bias",
        },
        "roberta": {
            "lm_head.decoder.weight": words,
            "lm_head.decoder.bias": "lm_head.bias",
        },
        "distilbert": {"vocab_projector.weight": words},
    }[kind]


def is_unused(name, model):
    """Whether a model of ours has no use for a tensor of this name."""
    if _CONSTANTS.search(name):
        return True
    if kind_of(model) not in ("bert", "roberta", "distilbert"):
        return False
    return bool(_HEADS.match(name))


def _form(kind, own, model):
    """Arguments of `TensorPlace` for a variable of this name."""
    if kind == "gpt2":  # its matrices lie as ours
        return {"axis": 1 if own.endswith("kernel") else 0}
    form = {"turned": own.endswith("kernel")}
    if kind == "mamba" and re.match(r"block_\d+/kernel$", own):
        form["middle"] = True
    if kind == "t5" and own.endswith("query/kernel"):
        form["scale"] = model.key_dim**0.5
    if kind == "roberta" and own.startswith("positions/"):
        form["skipped"] = model.padding_id + 1
    return form
