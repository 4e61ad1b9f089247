import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.models import ConsistencyModel
from keras_nn.models import DenoisingMLP
from keras_nn.models import DiffusionModel
from keras_nn.models.diffusion.consistency_teacher import FlowOfTeacher
from keras_nn.schedules import EDMNoise

SMALL = {"units": 8, "depth": 1, "embedding_units": 4}
MEAN, DEVIATION = 0.3, 0.4


@keras.saving.register_keras_serializable(package="keras_nn_tests")
class KnowsTheData(keras.layers.Layer):
    """What EDM's network says where data is N(MEAN, DEVIATION**2)."""

    def call(self, noisy, times):
        low, high = np.log(0.002), np.log(80.0)
        ratio = ops.exp(times / 1000 * (high - low) + low)[:, None]
        alpha = 1 / ops.sqrt(ratio**2 + 0.25)
        y = noisy / alpha
        total = DEVIATION**2 + ratio**2
        clean = (DEVIATION**2 * y + ratio**2 * MEAN) / total
        return (clean - 0.25 * alpha * noisy) / (0.5 * ratio * alpha)


def with_layer(layer):
    inputs = {
        "noisy": keras.Input((3,), name="noisy"),
        "times": keras.Input((), name="times"),
    }
    return keras.Model(inputs, layer(inputs))


def teacher():
    network = with_layer(
        lambda given: KnowsTheData(name="says")(given["noisy"], given["times"])
    )
    return DiffusionModel(network, EDMNoise(), "edm")


def test_a_step_of_the_teacher_stays_on_its_way():
    model = ConsistencyModel(teacher().denoiser, levels=40)
    flow = FlowOfTeacher(teacher(), model)
    deviations = np.hypot(DEVIATION, flow.ratios)
    for index in (39, 20, 1):
        away = np.array([[-1.0, 0.5, 2.0]], "float32")
        noisy = MEAN + deviations[index] * away
        found = flow(noisy.astype("float32"), np.full(1, float(index)), None)
        expected = MEAN + deviations[index - 1] * away
        scale = deviations[index]
        np.testing.assert_allclose(found, expected, atol=5e-3 * scale)


@pytest.mark.slow
def test_distils_the_way_of_its_teacher_into_one_step():
    keras.utils.set_random_seed(0)
    network = DenoisingMLP((3,), units=32, depth=1, embedding_units=8)
    model = ConsistencyModel(
        network,
        teacher=teacher(),
        levels=12,
        momentum=0.0,
        distance="squared",
    )
    rate = keras.optimizers.schedules.CosineDecay(1e-2, 600)
    model.compile(keras.optimizers.Adam(rate))
    data = np.random.default_rng(0).normal(MEAN, DEVIATION, (512, 3))
    model.fit(data, batch_size=128, epochs=150, verbose=0)
    drawn = model.generate(2000, seed=0)
    # Of eleven steps, whose ends are a little wider than the data.
    ends = 80 * np.random.default_rng(1).normal(size=(2000, 3))
    ends = ops.convert_to_tensor(ends, "float32")
    for index in range(11, 0, -1):
        ends = model._flow(ends, np.full(2000, float(index)), None)
    ends = np.array(ends)
    assert DEVIATION < ends.std() < 0.48
    # New, it draws 0 with nearly no deviation.
    assert abs(drawn.mean() - ends.mean()) < 0.1
    assert abs(drawn.std() - ends.std()) < 0.1


def test_a_student_begins_as_its_teacher():
    network = DenoisingMLP((2,), **SMALL)
    network.get_layer("head_dense").kernel.assign(np.ones((8, 2)))
    given = DiffusionModel(network, EDMNoise(), "edm", clip=1.0)
    student = ConsistencyModel.from_teacher(given, levels=8)
    assert student.clip == 1.0 and student.denoiser is not network
    for one, other in zip(student.average(), network.weights, strict=True):
        np.testing.assert_array_equal(one, other)


def test_refuses_what_does_not_fit():
    with pytest.raises(ValueError, match="number of levels must not change"):
        ConsistencyModel(
            DenoisingMLP((3,), **SMALL), teacher=teacher(), levels=(4, 5)
        )
    with pytest.raises(ValueError, match="pictures of one shape"):
        ConsistencyModel(DenoisingMLP((2,), **SMALL), teacher=teacher())
    asked = DenoisingMLP((3,), num_classes=2, **SMALL)
    with pytest.raises(ValueError, match="the same classes.*None and 2"):
        ConsistencyModel(asked, teacher=teacher(), num_classes=2)
    with pytest.raises(ValueError, match="`as_teacher` needs one"):
        ConsistencyModel(DenoisingMLP((3,), **SMALL), as_teacher=True)
