import warnings

import numpy as np

from keras_nn.callbacks.instrument import Instrument
from keras_nn.callbacks.validation_sample import ValidationSample


class ClassifierInstrument(Instrument):
    """An instrument that looks at the class probabilities of a sample.

    Abstract. A subclass says what to write in `report(probabilities)`, which
    is called with the run `log_dir/validation` open at the epoch's index.
    Instruments that are handed one `ValidationSample` share one forward pass
    per epoch. An epoch after which probabilities are not finite is left out,
    with a warning.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        sample: `ValidationSample`, or anything `ValidationSample.of` takes.
        every: int. Write once per this many epochs. Defaults to 1.
    """

    def __init__(self, log_dir, sample, every=1):
        super().__init__(log_dir, every)
        self.sample = ValidationSample.of(sample)

    def on_epoch_end(self, epoch, logs=None):
        if self.is_due(epoch):
            self.look(epoch)

    def look(self, epoch):
        """Predict the sample and write what the instrument shows.

        Args:
            epoch: int, counted from 0.
        """
        probabilities = self.sample.probabilities(self.model)
        if not np.isfinite(probabilities).all():
            warnings.warn(
                f"{type(self).__name__} writes nothing for epoch {epoch}: the "
                "model's outputs are not finite.",
                stacklevel=2,
            )
            return
        self.check_labels(probabilities.shape[1])
        with self.write(epoch, "validation"):
            self.report(epoch, probabilities)

    def report(self, epoch, probabilities):
        """Write what the instrument shows.

        Args:
            epoch: int, counted from 0.
            probabilities: float32 array `(examples, classes)`, finite.
        """
        raise NotImplementedError(
            f"{type(self).__name__} must override `report`. "
            f"Received: epoch={epoch}"
        )

    def check_labels(self, num_classes):
        """Refuse labels that are no class of the model.

        Args:
            num_classes: int.

        Raises:
            ValueError: If a label lies outside `0..num_classes - 1`.
        """
        if self.sample.multi_label:
            return  # rows of 0 and 1 name no class
        labels = self.sample.labels
        if labels.min() < 0 or labels.max() >= num_classes:
            raise ValueError(
                f"labels must lie in 0..{num_classes - 1}. Received: "
                f"labels from {labels.min()} to {labels.max()}"
            )
