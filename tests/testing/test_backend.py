import keras
import numpy as np
from keras import ops

from keras_nn.testing import backend


def test_gradients_and_updated_states():
    weight = keras.Variable([1.0, 2.0])
    count = keras.Variable(0.0, trainable=False)

    def function():
        count.assign_add(1.0)
        return ops.sum(weight**2), weight * 3

    loss, outputs, found = backend.gradients(function, [weight], [count])
    assert float(loss) == 5.0
    np.testing.assert_allclose(ops.convert_to_numpy(outputs), [3.0, 6.0])
    np.testing.assert_allclose(ops.convert_to_numpy(found[0]), [2.0, 4.0])
    assert float(count.value) == 1.0


def test_one_compiled_function_takes_any_batch_and_updates_states():
    count = keras.Variable(0.0)

    def function(inputs):
        count.assign_add(1.0)
        return ops.sum(inputs["x"]) + count

    example = {"x": np.ones((2, 3), "float32")}
    run = backend.compiled(function, [count], any_batch_of=example)
    assert float(run(example)) == 7.0
    assert float(run({"x": np.ones((5, 3), "float32")})) == 17.0
    assert float(count.value) == 2.0


def test_an_optimizer_moves_weights_with_loss_scaling():
    weight = keras.Variable([1.0])
    optimizer = keras.optimizers.LossScaleOptimizer(
        keras.optimizers.SGD(0.1), initial_scale=4.0
    )
    backend.apply(optimizer, [ops.convert_to_tensor([4.0])], [weight])
    np.testing.assert_allclose(backend.read([weight])[0], [0.9], rtol=1e-6)
