import keras
import numpy as np
from keras import ops

from keras_nn.models import DDPMSampler
from keras_nn.models import DiffusionModel
from keras_nn.schedules import CosineNoise


@keras.saving.register_keras_serializable(package="keras_nn_tests")
class SaysItsLabel(keras.layers.Layer):
    """A denoiser to whom a picture of class `k` is `k` all over."""

    def call(self, noisy, labels):
        value = ops.cast(labels, noisy.dtype)[:, None]
        return ops.zeros_like(noisy) + value


def model():
    inputs = {
        "noisy": keras.Input((3,), name="noisy"),
        "times": keras.Input((), name="times"),
        "labels": keras.Input((), dtype="int32", name="labels"),
    }
    outputs = SaysItsLabel(name="says")(inputs["noisy"], inputs["labels"])
    network = keras.Model(inputs, outputs)
    return DiffusionModel(network, CosineNoise(), "x0", num_classes=4)


def test_guidance_goes_from_any_class_toward_the_one_asked_for():
    asked, any_class = np.array([0.0, 3.0]), 4.0
    for guidance in (0.5, 1.0, 3.0):
        drawn = model().generate(2, [0, 3], guidance, steps=3, seed=0)
        expected = any_class + guidance * (asked - any_class)
        np.testing.assert_allclose(
            drawn, np.repeat(expected[:, None], 3, 1), rtol=1e-5, atol=1e-5
        )
    np.testing.assert_allclose(model().generate(2, steps=3, seed=0), 4.0)


def test_rescaled_guidance_keeps_the_deviation_of_what_is_asked():
    # What is said is flat, of deviation 0: nothing is left of it.
    how = {"guidance": 3.0, "steps": 3, "seed": 0}
    drawn = model().generate(2, [0, 3], guidance_rescale=1.0, **how)
    np.testing.assert_allclose(drawn, 0.0, atol=1e-6)
    half = model().generate(2, [0, 3], guidance_rescale=0.5, **how)
    full = model().generate(2, [0, 3], **how)
    np.testing.assert_allclose(half, full / 2, rtol=1e-5)


def test_a_change_of_guidance_or_count_compiles_nothing_new():
    subject = model()
    for count, guidance in ((2, 2.0), (5, 2.0), (2, 7.5)):
        subject.generate(count, 1, guidance, steps=3, seed=0)
    assert len(subject.generator.compiled) == 1
    subject.generate(2, 1, sampler=DDPMSampler(), steps=3, seed=0)
    assert len(subject.generator.compiled) == 2


def test_moments_lead_from_the_noise_to_the_picture():
    subject = model()
    how = {"labels": [0, 3], "steps": 4, "seed": 0}
    way = subject.generate(2, moments=3, **how)
    assert way.shape == (2, 3, 3)
    np.testing.assert_allclose(way[:, 2], subject.generate(2, **how))
    _, alphas, sigmas = subject.schedule.grid(4)
    # DDIM: the clean estimate is known, the noise stays what it was.
    clean = np.array([[0.0], [3.0]])
    kept = (way[:, 0] - alphas[0] * clean) / sigmas[0]
    np.testing.assert_allclose(
        way[:, 1], alphas[2] * clean + sigmas[2] * kept, rtol=1e-4, atol=1e-5
    )
