import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_nn.applications import ImageClassifier
from keras_nn.models import MaskedAutoencoder
from keras_nn.models import VisionTransformer
from keras_nn.testing import check_model
from keras_nn.testing.replica_step import check_replica_step

X = np.random.default_rng(0).uniform(size=(5, 4, 6, 2)).astype("float32")


def arguments(mask_ratio=0.5, encoder=None, **kwargs):
    given = {
        "input_shape": (4, 6, 2),
        "patch_size": 2,
        "hidden_dim": 8,
        "num_layers": 1,
        "num_heads": 2,
        "num_registers": 1,
        "pooling": "avg",
        **(encoder or {}),
    }
    return {
        "encoder": VisionTransformer(include_top=False, **given),
        "mask_ratio": mask_ratio,
        "decoder_dim": 8,
        "decoder_layers": 1,
        "decoder_heads": 2,
        **kwargs,
    }


@pytest.mark.slow  # two transformers, traced a dozen times
def test_conformance():
    check_model(
        MaskedAutoencoder, arguments, X, epochs=20, replicas=False, jit=False
    )


@keras.saving.register_keras_serializable(package="keras_nn_tests")
class KnowsItsOrder(MaskedAutoencoder):
    """Hides the brightest patches."""

    def order(self, pictures, training=False):
        grey = tf.reduce_mean(tf.nn.avg_pool2d(pictures, 2, 2, "VALID"), -1)
        return tf.argsort(tf.reshape(grey, (-1, 6)))


@pytest.mark.slow
def test_two_replicas_equal_one():
    def build():
        model = KnowsItsOrder(**arguments())
        model.compile(keras.optimizers.SGD(0.1))
        return model

    check_replica_step(build, (X,))


def squares(picture):
    return [
        picture[2 * r : 2 * r + 2, 2 * c : 2 * c + 2].ravel()
        for r in range(2)
        for c in range(3)
    ]


@pytest.mark.parametrize("normalize", [True, False])
def test_the_loss_is_that_of_a_loop_over_hidden_patches(normalize):
    model = MaskedAutoencoder(**arguments(normalize_patches=normalize))
    model.compile("sgd")
    order = np.asarray(model.order(X))
    assert (np.sort(order) == np.arange(6)).all() and len(set(order[:, 0])) > 1
    layer = model.encoder.get_layer
    total, filled = [], X.copy()
    for picture, numbers, copy in zip(X, order, filled, strict=True):
        # The encoder sees the tokens of the shown patches alone.
        tokens = layer("embeddings")(layer("patch_embeddings")(picture[None]))
        tokens = np.asarray(tokens)[0]
        seen = [tokens[0], tokens[1], *(tokens[2 + n] for n in numbers[:3])]
        seen = layer("norm")(layer("layer_0")(np.array(seen)[None]))
        places = [list(numbers).index(patch) for patch in range(6)]
        said = np.asarray(model.decoder([seen, np.array([places])]))[0]
        for patch in numbers[3:]:
            values = squares(picture)[patch]
            mean, deviation = 0.0, 1.0
            if normalize:
                mean = values.mean()
                deviation = np.sqrt(values.var(ddof=1) + 1e-6)
            error = (said[patch] - (values - mean) / deviation) ** 2
            total.append(error.mean())
            r, c = 2 * (patch // 3), 2 * (patch % 3)
            copy[r : r + 2, c : c + 2] = (
                said[patch] * deviation + mean
            ).reshape(2, 2, 2)
    found = model.evaluate(X, verbose=0)
    assert found == pytest.approx(np.mean(total), rel=1e-4)
    np.testing.assert_allclose(model(X), filled, atol=1e-4)


def test_its_encoder_is_the_backbone_of_a_classifier():
    model = MaskedAutoencoder(**arguments())
    app = ImageClassifier(model.encoder, num_classes=2, preprocess=None)
    app.compile(keras.optimizers.SGD(0.1))
    kernel = model.encoder.get_layer("patch_embeddings").projection.kernel
    before = kernel.numpy().copy()
    app.fit(X, np.array([0, 1, 0, 1, 0]), verbose=0)
    assert np.abs(kernel.numpy() - before).max() > 0


def test_refuses_what_it_cannot_be():
    for ratio in (0.0, 0.99):
        with pytest.raises(ValueError, match="must hide some of 6 patches"):
            MaskedAutoencoder(**arguments(ratio))
    with pytest.raises(ValueError, match="no top and no patch dropout"):
        MaskedAutoencoder(**arguments(encoder={"patch_dropout": 0.5}))
