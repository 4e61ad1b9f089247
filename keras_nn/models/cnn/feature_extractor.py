"""Networks whose features say how near pictures are to others, by name."""

import os
from pathlib import Path

import keras
import numpy as np

from keras_nn.models.cnn.lenet5 import LeNet5

EXTRACTORS = ("lenet5", "inception_v3")
SEEN = 30_000  # pictures that LeNet-5 sees, in 3 to 30 passes
INCEPTION = "inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5"
ADDRESS = (
    "https://storage.googleapis.com/tensorflow/keras-applications/inception_v3/"
)


def feature_extractor(
    name,
    x,
    y=None,
    value_range=(0, 255),
    weights=None,
    layers=None,
    epochs=None,
):
    """The network of that name, from pictures to features.

    What is measured with it is named after it, since numbers of two
    extractors do not compare: `frechet_distance_lenet5`.

    Args:
        name: str. `"lenet5"`, trained on the pictures given, see
            `lenet5_extractor`; or `"inception_v3"`, of published weights, see
            `inception_v3_extractor`.
        x: array `(n, height, width, channels)`: real pictures, such as those
            of the training. Of `"inception_v3"` the shape alone matters.
        y: ints `(n,)`, their classes, which `"lenet5"` needs.
        value_range: pair of numbers. Darkest and brightest value of pictures.
            Defaults to `(0, 255)`.
        weights: path of the weights of `"inception_v3"`, or None.
        layers: names of layers whose maps are given in place of the features,
            for `keras_nn.metrics.PerceptualDistance`. Defaults to None.
        epochs: int or None. As in `lenet5_extractor`.

    Returns:
        A `keras.Model` of that name, from pictures in their range and of
        their shape to features `(batch, units)`, or to a list of maps.

    Raises:
        ValueError: If there is no such extractor, or no labels to learn from.
        FileNotFoundError: If the published weights are not at hand.

    Example:

    >>> x, y = np.zeros((20, 8, 8, 1), "uint8"), np.arange(20) % 2
    >>> model = feature_extractor("lenet5", x, y, epochs=1)
    >>> model.name, model.output_shape
    ('lenet5', (None, 84))
    """
    if name == "lenet5":
        return lenet5_extractor(x, y, value_range, epochs, layers=layers)[0]
    if name == "inception_v3":
        return inception_v3_extractor(
            np.shape(x)[1:], value_range, weights, layers
        )
    raise ValueError(
        f"`name` must be one of {EXTRACTORS}. Received: name={name!r}"
    )


def lenet5_extractor(
    x,
    y,
    value_range=(0, 255),
    epochs=None,
    batch_size=64,
    learning_rate=1e-3,
    layers=None,
):
    """LeNet-5, trained on labelled pictures: its 84 features of F6.

    Pictures are scaled to 0..1 and, bilinearly, to 28x28. Training draws from
    the global sources of random numbers, which
    `keras.utils.set_random_seed` sets.

    Args:
        x: array `(n, height, width, channels)`.
        y: ints `(n,)`, of two classes at least.
        value_range: pair of numbers. Defaults to `(0, 255)`.
        epochs: int or None. Passes. Defaults to None: as many as it takes to
            see 30,000 pictures, but from 3 to 30.
        batch_size: int. Defaults to 64.
        learning_rate: float, of Adam. Defaults to 1e-3.
        layers: as in `feature_extractor`.

    Returns:
        Two models of the pictures: of the features, named `"lenet5"`, and of
        the probabilities of the classes, compiled with its accuracy.

    Raises:
        ValueError: If the pictures are not of two classes at least.

    Example:

    >>> x, y = np.zeros((20, 8, 8, 1), "uint8"), np.arange(20) % 2
    >>> features, classifier = lenet5_extractor(x, y, epochs=1)
    >>> features.output_shape, classifier.output_shape
    ((None, 84), (None, 2))

    Reference:
        [LeCun et al., 1998](http://yann.lecun.com/exdb/publis/pdf/lecun-98.pdf)
    """
    found = None if y is None else np.unique(y)
    if found is None or len(found) < 2:
        raise ValueError(
            "The extractor lenet5 learns from pictures of two classes at "
            f"least. Received: labels {found}"
        )
    shape = tuple(np.shape(x)[1:])
    network = LeNet5(
        input_shape=(28, 28, shape[-1]), classes=int(found.max()) + 1
    )
    maps = _maps(network, layers, "f6")
    images, seen = _seen(shape, value_range, (0.0, 1.0), (28, 28))
    model = network if seen is images else keras.Model(images, network(seen))
    model.compile(
        keras.optimizers.Adam(learning_rate),
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    epochs = epochs or min(max(3, -(-SEEN // len(x))), 30)
    model.fit(x, y, batch_size=batch_size, epochs=epochs, verbose=0)
    if seen is images:
        return keras.Model(network.input, maps.output, name="lenet5"), model
    return keras.Model(images, maps(seen), name="lenet5"), model


def inception_v3_extractor(
    shape, value_range=(0, 255), weights=None, layers=None
):
    """Keras's Inception-v3: its 2048 features, the means of the last maps.

    Pictures are scaled to -1..1 and, bilinearly, to 299x299; grey ones are
    shown in three equal channels. The weights are those of
    `keras.applications`. Published Frechet distances are of the network of
    2015 with other weights: numbers do not compare with them.

    Args:
        shape: tuple `(height, width, 1 or 3)` of pictures.
        value_range: pair of numbers. Defaults to `(0, 255)`.
        weights: path of the file of weights without the classifier. Defaults
            to None: where Keras keeps it, `KERAS_HOME/models` or
            `~/.keras/models`. Nothing is fetched.
        layers: as in `feature_extractor`, such as `["mixed0", "mixed4"]`.

    Returns:
        A `keras.Model` named `"inception_v3"`.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the pictures have neither one channel nor three, or the
            file holds something else.

    Example:

    >>> try:
    ...     inception_v3_extractor((32, 32, 3), weights="elsewhere.h5")
    ... except FileNotFoundError as error:
    ...     print(str(error)[:41])
    The extractor inception_v3 reads the file

    Reference:
        [Szegedy et al., 2015](https://arxiv.org/abs/1512.00567)
    """
    shape = tuple(shape)
    if shape[-1] not in (1, 3):
        raise ValueError(
            "The extractor inception_v3 looks at one channel or three. "
            f"Received: pictures of shape {shape}"
        )
    home = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")
    path = Path(weights or home / "models" / INCEPTION)
    if not path.is_file():
        raise FileNotFoundError(
            f"The extractor inception_v3 reads the file {INCEPTION} of "
            f"{ADDRESS}: put it there, or say where it lies. Received: {path}"
        )
    try:
        network = keras.applications.InceptionV3(
            include_top=False,
            weights=str(path),
            input_shape=(299, 299, 3),
            pooling="avg",
        )
    except (ValueError, OSError, KeyError) as error:
        raise ValueError(
            "The file does not hold the weights of Inception-v3 without its "
            f"classifier, {INCEPTION}. Received: {path}"
        ) from error
    images, seen = _seen(shape, value_range, (-1.0, 1.0), (299, 299))
    if shape[-1] == 1:
        seen = keras.layers.Concatenate(name="grey")([seen] * 3)
    maps = _maps(network, layers, network.layers[-1].name)
    model = keras.Model(images, maps(seen), name="inception_v3")
    model.trainable = False
    return model


def _seen(shape, value_range, its_range, its_size):
    """An input for pictures, and what a network is shown of it."""
    images = keras.Input(shape, name="pictures")
    (low, high), (least, most) = value_range, its_range
    seen, scale = images, (most - least) / (high - low)
    if (low, high) != (least, most):
        seen = keras.layers.Rescaling(
            scale, least - low * scale, name="in_range"
        )(seen)
    if tuple(shape[:2]) != its_size:
        seen = keras.layers.Resizing(
            *its_size, data_format="channels_last", name="in_size"
        )(seen)
    return images, seen


def _maps(network, layers, usual):
    """The model from a network's input to its features or named layers."""
    known = [layer.name for layer in network.layers]
    if unknown := [name for name in layers or () if name not in known]:
        raise ValueError(
            f"`layers` must name layers of the extractor: {known}. "
            f"Received: {unknown}"
        )
    if not layers:
        return keras.Model(network.input, network.get_layer(usual).output)
    outputs = [network.get_layer(name).output for name in layers]
    return keras.Model(network.input, outputs)
