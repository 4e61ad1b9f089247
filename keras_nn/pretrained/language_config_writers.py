"""Our language models as Hugging Face's configurations."""

from keras_nn.pretrained.language_names import kind_of

_ACTIVATIONS = {"gelu_tanh": "gelu_new"}
_MASKED = {
    "bert": "BertForMaskedLM",
    "roberta": "RobertaForMaskedLM",
    "distilbert": "DistilBertForMaskedLM",
}
_PLAIN = {"bert": "BertModel", "roberta": "RobertaModel"}


def language_config_of(model):
    """The `config.json` with which Hugging Face builds a model of ours.

    Args:
        model: `BERT`, `GPT2`, `Llama`, `Mamba` or `T5`.

    Returns:
        dict.

    Raises:
        ValueError: if theirs has no such form.
    """
    kind = kind_of(model)
    kind = "mistral" if kind == "llama" and model.window else kind
    return {"model_type": kind, **_WRITERS[kind](model)}


def _write_bert(model):
    kind = kind_of(model)
    masked = model.head == "masked_lm"
    if kind == "distilbert":
        if model.head == "pooled" or model.epsilon != 1e-12:
            raise ValueError(
                "Hugging Face's DistilBERT has no pooled head, and the "
                f"epsilon 1e-12. Received: head={model.head!r}, "
                f"epsilon={model.epsilon}"
            )
        return {
            "architectures": [_MASKED[kind] if masked else "DistilBertModel"],
            "dim": model.width,
            "n_layers": model.num_layers,
            "n_heads": model.num_heads,
            "hidden_dim": model.hidden_dim or 4 * model.width,
            "activation": _theirs(model.activation),
            "dropout": model.dropout,
            "attention_dropout": model.dropout,
            "vocab_size": model.vocabulary_size,
            "max_position_embeddings": model.context_length,
            "pad_token_id": model.padding_id,
        }
    skipped = model.padding_id + 1 if kind == "roberta" else 0
    return {
        "architectures": [_MASKED[kind] if masked else _PLAIN[kind]],
        "hidden_size": model.width,
        "num_hidden_layers": model.num_layers,
        "num_attention_heads": model.num_heads,
        "intermediate_size": model.hidden_dim or 4 * model.width,
        "hidden_act": _theirs(model.activation),
        "hidden_dropout_prob": model.dropout,
        "attention_probs_dropout_prob": model.dropout,
        "vocab_size": model.vocabulary_size,
        "type_vocab_size": model.num_segments,
        "layer_norm_eps": model.epsilon,
        "max_position_embeddings": model.context_length + skipped,
        "pad_token_id": model.padding_id,
    }


def _write_gpt2(model):
    if not model.use_bias:
        raise ValueError(
            "Hugging Face's GPT-2 has biases. Received: use_bias=False"
        )
    return {
        "architectures": ["GPT2LMHeadModel"],
        "activation_function": "gelu_new",
        "vocab_size": model.vocabulary_size,
        "n_positions": model.context_length,
        "n_layer": model.num_layers,
        "n_head": model.num_heads,
        "n_embd": model.width,
        "n_inner": model.hidden_dim,
        "resid_pdrop": model.dropout,
        "embd_pdrop": model.dropout,
        "attn_pdrop": model.dropout,
        "layer_norm_epsilon": model.epsilon,
    }


def _write_llama(model):
    groups = model.num_key_value_heads or model.num_heads
    config = {
        "architectures": ["LlamaForCausalLM"],
        "hidden_act": "silu",
        "vocab_size": model.vocabulary_size,
        "max_position_embeddings": model.context_length,
        "num_hidden_layers": model.num_layers,
        "num_attention_heads": model.num_heads,
        "num_key_value_heads": groups,
        "hidden_size": model.width,
        "intermediate_size": model.hidden_dim,
        "head_dim": model.width // model.num_heads,
        # Both names: the older one is what older versions read.
        "rope_theta": model.rotary_base,
        "rope_parameters": {
            "rope_type": "default",
            "rope_theta": model.rotary_base,
        },
        "tie_word_embeddings": model.tie_weights,
        "rms_norm_eps": model.epsilon,
    }
    if model.window:
        config["architectures"] = ["MistralForCausalLM"]
        config["sliding_window"] = model.window
    return config


def _write_mamba(model):
    return {
        "architectures": ["MambaForCausalLM"],
        "hidden_act": "silu",
        "vocab_size": model.vocabulary_size,
        "num_hidden_layers": model.num_layers,
        "hidden_size": model.width,
        "state_size": model.num_states,
        "conv_kernel": model.kernel_size,
        "expand": model.expansion,
        "intermediate_size": model.expansion * model.width,
        "time_step_rank": model.rank or -(-model.width // 16),
        "tie_word_embeddings": model.tie_weights,
        "layer_norm_epsilon": model.epsilon,
        "use_bias": False,
        "use_conv_bias": True,
    }


def _write_t5(model):
    act = model.activation
    if model.gated and act == "gelu":
        raise ValueError(
            "Hugging Face's gated GELU is the approximation by tanh. "
            f"Received: activation={act!r}"
        )
    kind = _theirs(act)
    if model.gated:
        kind = "gated-gelu" if act == "gelu_tanh" else f"gated-{act}"
    return {
        "architectures": ["T5ForConditionalGeneration"],
        "is_encoder_decoder": True,
        "vocab_size": model.vocabulary_size,
        "n_positions": model.context_length,
        "num_layers": model.num_layers,
        "num_decoder_layers": model.num_decoder_layers or model.num_layers,
        "num_heads": model.num_heads,
        "d_kv": model.key_dim,
        "d_model": model.width,
        "d_ff": model.hidden_dim,
        "feed_forward_proj": kind,
        "tie_word_embeddings": model.tie_weights,
        "scale_decoder_outputs": model.tie_weights,
        "relative_attention_num_buckets": model.num_buckets,
        "relative_attention_max_distance": model.max_distance,
        "dropout_rate": model.dropout,
        "pad_token_id": model.padding_id,
        "decoder_start_token_id": model.start_id,
        "eos_token_id": model.end_id,
        "layer_norm_epsilon": model.epsilon,
    }


def _theirs(activation):
    return _ACTIVATIONS.get(activation, activation)


_WRITERS = {
    "bert": _write_bert,
    "roberta": _write_bert,
    "distilbert": _write_bert,
    "gpt2": _write_gpt2,
    "llama": _write_llama,
    "mamba": _write_mamba,
    "mistral": _write_llama,
    "t5": _write_t5,
}
