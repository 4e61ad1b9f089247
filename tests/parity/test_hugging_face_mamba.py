"""Mamba against what Hugging Face's network computed."""

from pathlib import Path

import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.models import Mamba
from keras_nn.testing.backend import gradients


@pytest.fixture(scope="module")
def numbers():
    with np.load(Path(__file__).parent / "hf_mamba.npz") as file:
        return dict(file)


@pytest.fixture(scope="module")
def model(numbers):
    model = Mamba(
        37, context_length=32, num_layers=2, width=16, num_states=4, rank=1
    )

    def take(name):
        return numbers[f"weight/backbone.{name}"]

    model.get_layer("token_embedding").set_weights([take("embeddings.weight")])
    model.get_layer("norm").set_weights([take("norm_f.weight")])
    for index in range(2):
        block, name = model.get_layer(f"block_{index}"), f"layers.{index}"
        block.norm.set_weights([take(f"{name}.norm.weight")])
        for layer, part in (
            (block.enter, "in_proj"),
            (block.select, "x_proj"),
            (block.step, "dt_proj"),
            (block.leave, "out_proj"),
        ):
            layer.set_weights([take(f"{name}.mixer.{part}.weight").T])
        block.kernel.assign(take(f"{name}.mixer.conv1d.weight")[:, 0].T)
        block.bias.assign(take(f"{name}.mixer.conv1d.bias"))
        block.step_bias.assign(take(f"{name}.mixer.dt_proj.bias"))
        block.log_rates.assign(take(f"{name}.mixer.A_log"))
        block.skip.assign(take(f"{name}.mixer.D"))
    return model


def test_logits_loss_and_gradient_are_theirs(numbers, model):
    ids = numbers["ids"]
    table = model.get_layer("token_embedding").embeddings

    def loss():
        logits = model(ids)
        losses = keras.losses.sparse_categorical_crossentropy(
            ids[:, 1:], logits[:, :-1], from_logits=True
        )
        return ops.mean(losses), (logits,)

    value, (logits,), (gradient,) = gradients(loss, [table])
    np.testing.assert_allclose(logits, numbers["logits"], atol=1e-4)
    assert float(value) == pytest.approx(float(numbers["loss"]), abs=1e-5)
    np.testing.assert_allclose(
        ops.convert_to_numpy(gradient),
        numbers["embedding_gradient"],
        atol=1e-4,
    )


@pytest.mark.skipif(
    keras.config.backend() != "tensorflow", reason="the loop is TensorFlow's"
)
def test_a_greedy_text_is_theirs_token_for_token(numbers, model):
    from keras_nn.generation import Sampler
    from keras_nn.generation import TokenGenerator

    generator = TokenGenerator(model, Sampler(temperature=0.0))
    prompts = numbers["ids"][:, :4].tolist()
    assert generator(prompts, 8) == numbers["greedy"].tolist()
