"""What discriminators of every body end in."""

from keras import layers

from keras_nn.layers import SpectralNormalized

CONDITIONS = ("projection", "auxiliary")


def check_condition(condition):
    """Raise unless there is such a way to be told, or to tell, the class."""
    if condition not in CONDITIONS:
        raise ValueError(
            f"`condition` must be one of {CONDITIONS}. Received: {condition=}"
        )


def scored(x, labels, num_classes, condition, spectral, dtype):
    """Scores of feature vectors.

    Args:
        x: Keras tensor `(batch, units)`.
        labels: `keras.Input` or None.
        num_classes: int or None.
        condition: str. `"projection"` adds the inner product of the features
            with a vector of the class, zero for "any" and at first;
            `"auxiliary"` also says a logit for each class.
        spectral: bool. Whether kernels are spectrally normalised.
        dtype: str or dtype policy of the layers.
    """
    if labels is None:
        says = 1 + (num_classes or 0)
        return normalized(
            layers.Dense(says, dtype=dtype, name="score"), spectral
        )(x)
    score = normalized(layers.Dense(1, dtype=dtype, name="score"), spectral)(x)
    return projected(score, x, labels, num_classes, dtype)


def projected(score, x, labels, num_classes, dtype):
    """A score, and how well features fit a class; see `scored`."""
    table = layers.Embedding(
        num_classes + 1,
        x.shape[-1],
        embeddings_initializer="zeros",
        dtype=dtype,
        name="classes",
    )
    fits = layers.Dot(axes=1, dtype=dtype, name="projection")(
        [x, table(labels)]
    )
    return layers.Add(dtype=dtype, name="scores")([score, fits])


def normalized(layer, spectral):
    """`layer`, its kernel spectrally normalised or not."""
    if not spectral:
        return layer
    return SpectralNormalized(
        layer, dtype=layer.dtype_policy, name=f"{layer.name}_spectral"
    )
