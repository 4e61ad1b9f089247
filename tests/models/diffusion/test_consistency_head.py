import keras
import numpy as np
import pytest

from keras_nn.models import ConsistencyModel
from keras_nn.models import DenoisingMLP
from keras_nn.models import DiffusionModel
from keras_nn.schedules import CosineNoise
from keras_nn.schedules import FlowNoise
from keras_nn.schedules import LinearNoise

MEAN, DEVIATION = 0.3, 0.4


def shaken_teacher(schedule, prediction):
    """One that says something else of each level."""
    network = DenoisingMLP((3,), units=8, depth=1, embedding_units=8)
    random = np.random.default_rng(0)
    for weight in network.trainable_weights:
        weight.assign(random.normal(0, 0.5, weight.shape))
    return DiffusionModel(network, schedule, prediction)


@pytest.mark.parametrize(
    "schedule, prediction",
    [
        (CosineNoise(), "v"),
        (LinearNoise(), "epsilon"),
        (CosineNoise(), "x0"),
        (FlowNoise(), "flow"),
    ],
)
def test_a_student_begins_with_a_step_of_its_teacher(schedule, prediction):
    given = shaken_teacher(schedule, prediction)
    student = ConsistencyModel.from_teacher(given, levels=8)
    y = np.random.default_rng(1).normal(size=(3, 3)).astype("float32")
    for ratio in (0.002, 0.3, 5.0, 80.0):
        ratios = np.full(3, ratio, "float32")
        found = np.asarray(student.consistent(y, ratios))
        time, alpha, sigma = (
            float(v) for v in schedule.at_ratios(float(ratio))
        )
        seen = {
            "noisy": (alpha * y).astype("float32"),
            "times": np.full(3, time),
        }
        said = np.asarray(given.denoiser(seen))
        _, noise = given.levels.prediction.parts(said, alpha * y, alpha, sigma)
        expected = y + (0.002 - ratio) * noise
        np.testing.assert_allclose(found, expected, rtol=2e-3, atol=2e-3)
        if ratio == 0.002:
            np.testing.assert_allclose(found, y, atol=1e-6)


@keras.saving.register_keras_serializable(package="keras_nn_tests")
class KnowsTheFlow(keras.layers.Layer):
    """What a rectified flow says where data is N(MEAN, DEVIATION**2)."""

    def call(self, noisy, times):
        sigma = keras.ops.clip((times / 1000) + 0.001, 0.0, 1.0)[:, None]
        alpha = 1 - sigma
        total = (alpha * DEVIATION) ** 2 + sigma**2
        away = (noisy - alpha * MEAN) / total
        clean = MEAN + alpha * DEVIATION**2 * away
        return sigma * away - clean


@pytest.mark.slow
def test_distils_a_rectified_flow_into_one_step(tmp_path):
    keras.utils.set_random_seed(0)
    inputs = {
        "noisy": keras.Input((3,), name="noisy"),
        "times": keras.Input((), name="times"),
    }
    says = KnowsTheFlow(name="says")(inputs["noisy"], inputs["times"])
    given = DiffusionModel(keras.Model(inputs, says), FlowNoise(), "flow")
    model = ConsistencyModel(
        DenoisingMLP((3,), units=32, depth=1, embedding_units=8),
        teacher=given,
        as_teacher=True,
        levels=12,
        momentum=0.0,
        distance="squared",
    )
    rate = keras.optimizers.schedules.CosineDecay(1e-2, 600)
    model.compile(keras.optimizers.Adam(rate))
    data = np.random.default_rng(0).normal(MEAN, DEVIATION, (512, 3))
    model.fit(data, batch_size=128, epochs=150, verbose=0)
    drawn = model.generate(2000, seed=0)
    assert abs(drawn.mean() - MEAN) < 0.1
    assert 0.9 * DEVIATION < drawn.std() < 1.3 * DEVIATION
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(loaded.generate(5, seed=0), drawn[:5], atol=1e-5)
