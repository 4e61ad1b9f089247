import keras
import numpy as np
import pytest

from keras_nn.models import DenoisingUNet
from keras_nn.models import DiffusionModel
from keras_nn.models import DPMSolverSampler
from keras_nn.schedules import CosineNoise
from keras_nn.testing import check_model

SMALL = {"input_shape": (4, 6, 2), "filters": [4, 6], "embedding_units": 6}


def inputs(count=3, **more):
    random = np.random.default_rng(0)
    noisy = random.normal(size=(count, 4, 6, 2)).astype("float32")
    times = np.linspace(10, 900, count, dtype="float32")
    return {"noisy": noisy, "times": times, **more}


def test_conformance():
    small = {**SMALL, "filters": [4]}
    check_model(DenoisingUNet, small, inputs(), fit=False)


def awake(model):
    """`model` with a last convolution that is not zero."""
    head = model.get_layer("head_conv")
    kernel, bias = head.get_weights()
    random = np.random.default_rng(1)
    head.set_weights([random.normal(size=kernel.shape), bias])
    return model


def test_begins_with_saying_nothing():
    assert not np.any(DenoisingUNet(**SMALL)(inputs()))


def test_is_told_time_and_class():
    model = awake(DenoisingUNet(**SMALL, num_classes=2))
    known = inputs(2, labels=np.array([0, 1]))
    said = np.array(model(known))
    later = {**known, "times": known["times"] + np.array([0, 50], "float32")}
    same, other = np.abs(np.array(model(later)) - said).max(axis=(1, 2, 3))
    assert same < 1e-6 < 1e-4 < other
    asked = {**known, "labels": np.array([0, 2])}  # 2 is any class
    same, other = np.abs(np.array(model(asked)) - said).max(axis=(1, 2, 3))
    assert same < 1e-6 < 1e-4 < other


def test_a_block_deeper_and_with_dropout_keeps_the_shape():
    model = DenoisingUNet(**SMALL, blocks=2, dropout=0.5)
    assert model(inputs(), training=True).shape == (3, 4, 6, 2)


@pytest.mark.slow
def test_conformance_with_patches_and_attention():
    small = {**SMALL, "filters": [4], "patch_size": 2, "attention": [0]}
    check_model(DenoisingUNet, small, inputs(), fit=False)


def test_a_patch_is_a_pixel_of_its_own_channels():
    patched = DenoisingUNet((8, 12, 2), filters=[4], patch_size=2)
    head = patched.get_layer("head_conv")
    bias = np.arange(8.0)  # of the 2 x 2 pixels, of 2 channels each
    head.set_weights([np.zeros(head.kernel.shape), bias])
    noisy = np.ones((1, 8, 12, 2), "float32")
    said = np.array(patched({"noisy": noisy, "times": np.zeros(1)}))
    expected = np.tile(bias.reshape(2, 2, 2), (4, 6, 1))
    np.testing.assert_array_equal(said[0], expected)
    series = DenoisingUNet((8, 2), filters=[4], patch_size=4)
    head = series.get_layer("head_conv")
    head.set_weights([np.zeros(head.kernel.shape), bias])
    noisy = np.ones((1, 8, 2), "float32")
    said = np.array(series({"noisy": noisy, "times": np.zeros(1)}))
    np.testing.assert_array_equal(said[0], np.tile(bias.reshape(4, 2), (2, 1)))


def test_attention_follows_each_block_of_its_size():
    model = DenoisingUNet((8, 8, 1), filters=[4, 4], attention=[1])
    found = {x.name for x in model.layers if x.name.endswith("_look")}
    places = ("down_1_0", "middle", "up_1_0", "up_1_1")
    assert found == {f"{place}_attention_look" for place in places}


def test_begins_without_attention():
    given = inputs()
    plain = awake(DenoisingUNet(**SMALL))
    attentive = awake(DenoisingUNet(**SMALL, attention=[0, 1]))
    for layer in plain.layers:
        attentive.get_layer(layer.name).set_weights(layer.get_weights())
    np.testing.assert_allclose(attentive(given), plain(given), atol=1e-6)


def test_refuses_attention_at_a_size_that_is_not():
    with pytest.raises(ValueError, match="from 0.*to 1.*Received: .*2"):
        DenoisingUNet(**SMALL, attention=[2])


def test_refuses_a_picture_that_cannot_be_halved():
    with pytest.raises(ValueError, match="divisible by 4.*input_shape="):
        DenoisingUNet((6, 8, 1), filters=[4, 4, 4])
    with pytest.raises(ValueError, match="divisible by 2.*input_shape="):
        DenoisingUNet((7, 1), filters=[4, 4])
    with pytest.raises(ValueError, match="divisible by 8.*patch_size=4"):
        DenoisingUNet((12, 1), filters=[4, 4], patch_size=4)


@pytest.mark.slow
def test_draws_sines_of_any_phase_and_of_the_frequency_that_it_learnt():
    keras.utils.set_random_seed(0)
    phase = np.random.default_rng(0).uniform(0, 2 * np.pi, (512, 1, 1))
    time = np.arange(16)[:, None] / 16
    series = 0.9 * np.sin(2 * np.pi * 2 * time + phase)
    network = DenoisingUNet((16, 1), filters=[8, 16], embedding_units=16)
    model = DiffusionModel(network, CosineNoise(), clip=1.0)
    model.compile(keras.optimizers.Adam(1e-2))
    model.fit(series, batch_size=128, epochs=30, verbose=0)
    sampler = DPMSolverSampler(clip=1.0)
    drawn = model.generate(64, sampler=sampler, steps=12, seed=0)
    waves = np.fft.rfft(drawn[..., 0], axis=1)
    power = np.abs(waves) ** 2
    share = power[:, 2] / power.sum(axis=1)
    assert share.mean() > 0.65, share.mean()  # of noise 1/9
    # Phases all around.
    assert np.abs(np.exp(1j * np.angle(waves[:, 2])).mean()) < 0.4
