import keras
import numpy as np
import pytest

from keras_nn.models import GPT2
from keras_nn.pretrained import lora

IDS = np.random.default_rng(0).integers(0, 9, (4, 6))
PATTERN = "attention/(query|value)$|feed_forward/up$"


def network(seed=0):
    keras.utils.set_random_seed(seed)
    model = GPT2(9, 6, num_layers=2, num_heads=2, width=8, dropout=0.0)
    for weight in model.weights:
        if weight.path.endswith(("kernel", "embeddings")):
            weight.assign(10 * weight)
    return model


@pytest.fixture(scope="module")
def tuned():
    """A model, its weights before, and its adapters after a training."""
    model = network()
    before = {w.path: w.numpy() for w in model.weights}
    untouched = np.array(model(IDS))
    lora.attach(model, PATTERN, rank=2, alpha=6)
    np.testing.assert_array_equal(model(IDS), untouched)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.05), loss)
    history = model.fit(IDS, IDS, epochs=20, verbose=0)
    losses = history.history["loss"]
    assert losses[-1] < 0.9 * losses[0]
    return model, before, np.array(model(IDS))


def test_only_the_adapters_learn(tuned):
    model, before, _ = tuned
    assert len(model.trainable_weights) == 2 * 6
    for weight in model.weights:
        if "lora" in weight.path:
            assert weight.trainable and np.abs(weight.numpy()).max() > 0
        else:
            np.testing.assert_array_equal(weight, before[weight.path])


def test_saved_alone_they_adapt_another_copy(tuned, tmp_path):
    model, _, expected = tuned
    lora.save(model, tmp_path)
    sizes = {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    assert sizes.keys() == {"adapter.json", "adapter.safetensors"}
    other = network()
    assert lora.load(other, tmp_path) == sorted(
        f"block_{i}/{part}"
        for i in range(2)
        for part in ("attention/query", "attention/value", "feed_forward/up")
    )
    np.testing.assert_allclose(other(IDS), expected, atol=1e-6)
    assert len(other.trainable_weights) == 2 * 6
    with pytest.raises(ValueError, match="trained on other weights"):
        lora.load(network(seed=1), tmp_path)
    narrow = GPT2(9, 6, num_layers=1, num_heads=2, width=4)
    with pytest.raises(ValueError, match="unknown layers: .'block_1"):
        lora.load(narrow, tmp_path)
    assert not any("lora" in w.path for w in narrow.weights)
    path = tmp_path / "adapter.safetensors"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(ValueError, match="must have the sha256"):
        lora.load(network(), tmp_path)
    (tmp_path / "adapter.json").write_text("{}")
    with pytest.raises(ValueError, match="no manifest of adapters"):
        lora.load(network(), tmp_path)


def test_merged_equals_unmerged(tuned, tmp_path):
    model, before, expected = tuned
    # A file of the whole model holds the adapters merged.
    model.save_weights(tmp_path / "whole.weights.h5")
    lora.merge(model)
    np.testing.assert_allclose(model(IDS), expected, atol=1e-5)
    assert {w.path for w in model.weights} == before.keys()
    assert len(model.trainable_weights) == len(model.weights)
    plain = network()
    plain.load_weights(tmp_path / "whole.weights.h5")
    np.testing.assert_allclose(plain(IDS), expected, atol=1e-5)
    with pytest.raises(ValueError, match="must have adapters"):
        lora.merge(model)


def test_convolutions_and_tables_take_adapters():
    inputs = keras.Input((6,), dtype="int32")
    x = keras.layers.Embedding(9, 4, name="table")(inputs)
    x = keras.layers.Conv1D(3, 2, name="conv")(x)
    x = keras.layers.BatchNormalization(name="norm")(x)
    model = keras.Model(inputs, x)
    assert lora.attach(model, "table|conv", rank=1) == ["conv", "table"]
    generator = np.random.default_rng(0)
    for weight in model.trainable_weights:
        weight.assign(generator.normal(size=weight.shape))
    assert len(model.trainable_weights) == 4
    expected = np.array(model(IDS, training=True))  # statistics are frozen
    np.testing.assert_allclose(model(IDS), expected, atol=1e-6)
    lora.merge(model)
    np.testing.assert_allclose(model(IDS), expected, atol=1e-5)


def test_refuses_a_pattern_that_fits_nothing():
    with pytest.raises(ValueError, match="pattern='queery'"):
        lora.attach(network(), "queery")
    with pytest.raises(ValueError, match="rank=0"):
        lora.attach(network(), "query", rank=0)
    model = network()
    lora.attach(model, "block_0/attention/query", 1)
    with pytest.raises(ValueError, match="no adapter yet"):
        lora.attach(model, "query", 1)
