import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_nn.applications import ImageClassifier
from keras_nn.models import MLP
from keras_nn.testing import check_application
from keras_nn.training.replicas import current_step

X, Y = (6, 4, 4, 1), np.arange(6) % 3


def arguments():
    network = MLP(False, input_shape=(4, 4, 1), units=[8])
    return {"backbone": network, "num_classes": 3, "preprocess": None}


def test_an_application_that_keeps_every_promise_passes():
    check_application(ImageClassifier, arguments, X, Y, epochs=3)


class ForgetsCompiledState(ImageClassifier):
    def compile_from_config(self, config):
        pass


class WarnsWhenLoaded(ImageClassifier):
    compile_from_config = keras.Model.compile_from_config


class PredictsOnce(ImageClassifier):
    def predict(self, *args, **kwargs):
        return super().predict(*args, **kwargs)[:1]


class StandsStill(ImageClassifier):
    def compute_loss(self, *args, **kwargs):
        return super().compute_loss(*args, **kwargs) * 0.0 + 1.0


class LooksOnTheHost(ImageClassifier):
    def compute_loss(self, *args, **kwargs):
        loss = super().compute_loss(*args, **kwargs)
        seen = tf.numpy_function(lambda value: value, [loss], "float32")
        return loss + 0.0 * tf.reshape(seen, ())


class WeighsSmallBatchesMore(ImageClassifier):
    def compute_loss(self, *args, **kwargs):
        loss = super().compute_loss(*args, **kwargs)
        # What `sum_over_batch_size` means for all else, forgotten.
        return loss * tf.sqrt(tf.cast(current_step().total_examples, "float32"))


class DropsArgument(ImageClassifier):
    def get_config(self):
        config = super().get_config()
        del config["num_classes"]
        return config


BROKEN = {
    ForgetsCompiledState: "restore the compiled state",
    WarnsWhenLoaded: "load_model warns",
    PredictsOnce: "one prediction an example",
    StandsStill: "does not lower the loss",
    DropsArgument: "`num_classes` is not in get_config",
}


@pytest.mark.parametrize(
    ("cls", "options", "message"),
    [
        (LooksOnTheHost, {"replicas": False}, "cannot compile the train_step"),
        (WeighsSmallBatchesMore, {"jit": False}, "two accumulated batches"),
    ],
)
def test_a_step_that_breaks_its_promise_is_caught(cls, options, message):
    keras.saving.register_keras_serializable("kit_applications")(cls)
    with pytest.raises(AssertionError, match=message):
        check_application(
            cls,
            arguments,
            X,
            Y,
            epochs=3,
            half=False,
            package="kit_applications",
            **options,
        )


@pytest.mark.parametrize("cls", BROKEN, ids=lambda cls: cls.__name__)
def test_a_broken_promise_is_caught(cls):
    keras.saving.register_keras_serializable("kit_applications")(cls)
    with pytest.raises(AssertionError, match=BROKEN[cls]):
        check_application(
            cls,
            arguments,
            X,
            Y,
            epochs=3,
            half=False,
            jit=False,
            replicas=False,
            package="kit_applications",
        )
