import weakref

import keras
import numpy as np

from keras_nn.callbacks.validation_sample import ValidationSample
from keras_nn.models.diffusion.latent_codes import codes_of


class CodeSample:
    """A fixed set of pictures, and the codes that a model has for them.

    However many instruments hold it, the model encodes it once per epoch.
    The model is an autoencoder (`Autoencoder`, `VAE`, `VQVAE`), or has one as
    its `coder`, as applications and `FactorVAE` have; pictures go through the
    application's `scaled` before.

    Args:
        sample: `ValidationSample`, or anything `ValidationSample.of` takes.

    Example:

    >>> from keras_nn.models import Autoencoder, DenseDecoder, DenseEncoder
    >>> encoder = DenseEncoder((4, 4, 1), output_units=2, units=[8])
    >>> model = Autoencoder(encoder, DenseDecoder(2, (4, 4, 1), units=[8]))
    >>> mean, log_variance = CodeSample((np.ones((5, 4, 4, 1)), None)).codes(
    ...     model
    ... )
    >>> mean.shape, log_variance
    ((5, 2), None)
    """

    def __init__(self, sample):
        self.sample = ValidationSample.of(sample)
        self._model = lambda: None

    @classmethod
    def of(cls, data):
        """A sample of what `fit` accepts; one that is a sample stays it."""
        return data if isinstance(data, cls) else cls(data)

    @property
    def labels(self):
        """Class indices, int64 `(examples,)`; None where there are none."""
        y = self.sample.y
        if not isinstance(y, np.ndarray) or y.dtype.kind not in "iu":
            return None
        return self.sample.labels if y.size == len(self.sample) else None

    @property
    def names(self):
        """The name of each class, a list; the number where none is known."""
        count = int(self.labels.max()) + 1
        return self.sample.class_names or self.sample.names(count)

    def codes(self, model):
        """Codes of the pictures, as the model is now.

        Args:
            model: `keras.Model`.

        Returns:
            Float32 arrays `(examples, ...)`: of a `VAE` means and log
            variances, of other autoencoders codes and None.
        """
        if self._model() is not model:
            self._model = weakref.ref(model)
            self._encoding = _Encoding(coder_of(model))
            given = {"pictures": scaled_pictures(model, self.sample.x)}
            if self.labels is not None:
                given["labels"] = self.labels.astype("int32")
            self._inputs = ValidationSample(given)
        found = self._inputs.predictions(self._encoding)
        return found["mean"], found.get("log_variance")


class _Encoding:
    """The encoder of a model, as `ValidationSample` calls a model."""

    def __init__(self, coder):
        self.coder = coder

    @property
    def trainable_variables(self):
        return self.coder.trainable_variables

    def __call__(self, inputs, training):
        pictures = inputs["pictures"]
        if not hasattr(self.coder, "posterior"):
            return {"mean": codes_of(self.coder, pictures)}
        labels = inputs.get("labels") if self.coder.num_classes else None
        mean, log_variance = self.coder.posterior(pictures, labels, training)
        return {"mean": mean, "log_variance": log_variance}


def coder_of(model):
    """What encodes inside of a model: its `coder`, or the model itself."""
    return getattr(model, "coder", model)


def encodes(model):
    """Whether a model has codes of pictures, and pictures of codes."""
    coder = coder_of(model)
    networks = (getattr(coder, n, None) for n in ("encoder", "decoder"))
    return all(isinstance(one, keras.Model) for one in networks)


def scaled_pictures(model, pictures):
    """Pictures in the range of what encodes them: a float32 array."""
    if hasattr(model, "scaled"):
        pictures = model.scaled(pictures)
    return np.asarray(keras.ops.convert_to_numpy(pictures), "float32")
