import warnings

import numpy as np

from keras_nn.callbacks.averaged_weights import averaged_weights
from keras_nn.callbacks.code_sample import CodeSample
from keras_nn.callbacks.code_sample import coder_of
from keras_nn.callbacks.code_sample import encodes
from keras_nn.callbacks.instrument import Instrument


class CodeInstrument(Instrument):
    """An instrument that looks at the codes that a model has for a sample.

    Abstract. A subclass says what to write in `report`, which is called with
    the run `log_dir/validation` open at the epoch's index and, if the
    optimiser averages weights, with the averages in place. Instruments that
    are handed one `CodeSample` share one look of the encoder per epoch. An
    epoch after which codes are not finite is left out, with a warning.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        sample: `CodeSample`, or anything `ValidationSample.of` takes.
        every: int. Write once per this many epochs. Defaults to 1.

    Raises:
        ValueError: In training, if the model does not encode.
    """

    needs = "codes"

    def __init__(self, log_dir, sample, every=1):
        super().__init__(log_dir, every)
        self.sample = CodeSample.of(sample)

    @classmethod
    def suits(cls, model):
        """Whether a model has what the instrument shows."""
        if not encodes(model):
            return False
        coder = coder_of(model)
        if cls.needs == "posterior":
            return hasattr(coder, "posterior")
        if cls.needs == "vectors":
            return len(coder.encoder.output_shape) == 2
        return True

    def on_train_begin(self, logs=None):
        if not self.suits(self.model):
            raise ValueError(
                f"{type(self).__name__} needs the {self.needs} of an "
                "autoencoder. Received: a "
                f"{type(coder_of(self.model)).__name__}, which has none"
            )
        super().on_train_begin(logs)

    def on_epoch_end(self, epoch, logs=None):
        if self.is_due(epoch):
            self.look(epoch)

    def look(self, epoch):
        """Encode the sample and write what the instrument shows.

        Args:
            epoch: int, counted from 0.
        """
        with averaged_weights(self.model):
            mean, log_variance = self.sample.codes(self.model)
            if not np.isfinite(mean).all():
                warnings.warn(
                    f"{type(self).__name__} writes nothing for epoch {epoch}: "
                    "the model's codes are not finite.",
                    stacklevel=2,
                )
                return
            with self.write(epoch, "validation"):
                self.report(epoch, mean, log_variance)

    def report(self, epoch, mean, log_variance):
        """Write what the instrument shows.

        Args:
            epoch: int, counted from 0.
            mean: float32 array `(examples, ...)`: codes, finite.
            log_variance: float32 array likewise, or None.
        """
        raise NotImplementedError(
            f"{type(self).__name__} must override `report`. "
            f"Received: epoch={epoch}"
        )
