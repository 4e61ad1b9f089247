"""Hugging Face's configurations of language models, as our arguments."""

from keras_nn import models

_ACTIVATIONS = {
    "gelu": "gelu",
    "gelu_new": "gelu_tanh",
    "gelu_pytorch_tanh": "gelu_tanh",
    "relu": "relu",
    "silu": "silu",
}
_MASKED_LM = ("ForMaskedLM", "ForPreTraining")


def language_class_and_arguments(config):
    """Our class and its arguments, from a `config.json`.

    Args:
        config: dict.

    Returns:
        `(class, dict)`.

    Raises:
        ValueError: if ours cannot equal such a network.

    Example:

    >>> cls, arguments = language_class_and_arguments(
    ...     {"model_type": "gpt2", "n_layer": 2, "vocab_size": 99}
    ... )
    >>> cls.__name__, arguments["num_layers"], arguments["width"]
    ('GPT2', 2, 768)
    """
    return LANGUAGE_READERS[config["model_type"]](config)


def _require(config, **expected):
    for name, value in expected.items():
        if config.get(name, value) != value:
            raise ValueError(
                f"`{name}` of a {config['model_type']} must be {value!r} for "
                f"our network to equal it. Received: {config[name]!r}"
            )


def _activation(config, name, default, known=_ACTIVATIONS):
    given = config.get(name, default)
    if given not in known:
        raise ValueError(
            f"`{name}` of a {config['model_type']} must be one of "
            f"{sorted(known)} for our network to equal it. Received: {given!r}"
        )
    return known[given]


def _read_bert(config):
    kind = config["model_type"]
    _require(config, position_embedding_type="absolute", is_decoder=False)
    masked = str((config.get("architectures") or [""])[0]).endswith(_MASKED_LM)
    if kind == "distilbert":
        names = "dim", "n_layers", "n_heads", "hidden_dim", "activation"
        sizes = 768, 6, 12, 3072
        more = {"num_segments": 0, "epsilon": 1e-12}
    else:
        names = (
            "hidden_size",
            "num_hidden_layers",
            "num_attention_heads",
            "intermediate_size",
            "hidden_act",
        )
        sizes = 768, 12, 12, 3072
        more = {
            "num_segments": config.get("type_vocab_size", 2),
            "epsilon": config.get("layer_norm_eps", 1e-12),
        }
    width, layers, heads, hidden = (
        config.get(name, size)
        for name, size in zip(names[:4], sizes, strict=True)
    )
    if masked:
        _require(config, **{names[4]: "gelu"}, tie_word_embeddings=True)
    padding, places = 0, config.get("max_position_embeddings", 512)
    if kind == "roberta":
        _require(config, type_vocab_size=1)
        padding = config.get("pad_token_id", 1)
        places -= padding + 1
    name = "dropout" if kind == "distilbert" else "hidden_dropout_prob"
    return models.BERT, {
        "vocabulary_size": config.get(
            "vocab_size", 50265 if kind == "roberta" else 30522
        ),
        "context_length": places,
        "num_layers": layers,
        "num_heads": heads,
        "width": width,
        "hidden_dim": hidden,
        "activation": _activation(config, names[4], "gelu"),
        "dropout": config.get(name, 0.1),
        "padding_id": config.get("pad_token_id", padding),
        "head": "masked_lm" if masked else None,
        **more,
    }


def _read_gpt2(config):
    _require(
        config,
        activation_function="gelu_new",
        scale_attn_weights=True,
        scale_attn_by_inverse_layer_idx=False,
        add_cross_attention=False,
        tie_word_embeddings=True,
    )
    return models.GPT2, {
        "vocabulary_size": config.get("vocab_size", 50257),
        "context_length": config.get("n_positions", 1024),
        "num_layers": config.get("n_layer", 12),
        "num_heads": config.get("n_head", 12),
        "width": config.get("n_embd", 768),
        "hidden_dim": config.get("n_inner"),
        "dropout": config.get("resid_pdrop", 0.1),
        "epsilon": config.get("layer_norm_epsilon", 1e-5),
    }


def _read_llama(config):
    width = config.get("hidden_size", 4096)
    heads = config.get("num_attention_heads", 32)
    _require(
        config,
        hidden_act="silu",
        attention_bias=False,
        mlp_bias=False,
        rope_scaling=None,
    )
    if (config.get("head_dim") or width // heads) * heads != width:
        _require(config, head_dim=width // heads)
    turning = config.get("rope_parameters") or {}
    if turning.get("rope_type", "default") != "default":
        raise ValueError(
            "`rope_type` must be 'default' for our network to equal it. "
            f"Received: {turning['rope_type']!r}"
        )
    base = turning.get("rope_theta", config.get("rope_theta", 10_000.0))
    mistral = config["model_type"] == "mistral"
    groups = 8 if mistral else heads
    return models.Llama, {
        "vocabulary_size": config.get("vocab_size", 32000),
        "context_length": config.get("max_position_embeddings", 2048),
        "num_layers": config.get("num_hidden_layers", 32),
        "num_heads": heads,
        "num_key_value_heads": config.get("num_key_value_heads") or groups,
        "width": width,
        "hidden_dim": config.get(
            "intermediate_size", 14336 if mistral else 11008
        ),
        "window": config.get("sliding_window", 4096) if mistral else None,
        "rotary_base": base,
        "tie_weights": config.get("tie_word_embeddings", False),
        "epsilon": config.get("rms_norm_eps", 1e-6),
    }


def _read_mamba(config):
    _require(config, hidden_act="silu", use_bias=False, use_conv_bias=True)
    rank = config.get("time_step_rank", "auto")
    return models.Mamba, {
        "vocabulary_size": config.get("vocab_size", 50280),
        "num_layers": config.get("num_hidden_layers", 32),
        "width": config.get("hidden_size", 768),
        "num_states": config.get("state_size", 16),
        "kernel_size": config.get("conv_kernel", 4),
        "expansion": config.get("expand", 2),
        "rank": None if rank == "auto" else rank,
        "tie_weights": config.get("tie_word_embeddings", True),
        "epsilon": config.get("layer_norm_epsilon", 1e-5),
    }


def _read_t5(config):
    kind = config.get("feed_forward_proj", "relu")
    gated = kind.startswith("gated-")
    act = kind.removeprefix("gated-")
    # What they call gated GELU is the approximation by tanh.
    act = "gelu_new" if kind == "gated-gelu" else act
    # Newer files say of all that tables are tied, which is true of those of
    # encoder and decoder, and of the head by another name.
    tied = config.get("tie_word_embeddings", True)
    tied = config.get("scale_decoder_outputs", tied)
    return models.T5, {
        "vocabulary_size": config.get("vocab_size", 32128),
        "context_length": config.get("n_positions", 512),
        "num_layers": config.get("num_layers", 6),
        "num_decoder_layers": config.get("num_decoder_layers"),
        "num_heads": config.get("num_heads", 8),
        "key_dim": config.get("d_kv", 64),
        "width": config.get("d_model", 512),
        "hidden_dim": config.get("d_ff", 2048),
        "activation": _activation(
            {**config, "feed_forward_proj": act}, "feed_forward_proj", act
        ),
        "gated": gated,
        "tie_weights": tied,
        "num_buckets": config.get("relative_attention_num_buckets", 32),
        "max_distance": config.get("relative_attention_max_distance", 128),
        "dropout": config.get("dropout_rate", 0.1),
        "padding_id": config.get("pad_token_id", 0),
        "start_id": config.get("decoder_start_token_id", 0),
        "end_id": config.get("eos_token_id", 1),
        "epsilon": config.get("layer_norm_epsilon", 1e-6),
    }


LANGUAGE_READERS = {
    "bert": _read_bert,
    "roberta": _read_bert,
    "distilbert": _read_bert,
    "gpt2": _read_gpt2,
    "llama": _read_llama,
    "mamba": _read_mamba,
    "mistral": _read_llama,
    "t5": _read_t5,
}
