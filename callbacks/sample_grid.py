import numpy as np
import tensorflow as tf

from keras_nn.callbacks.asked_in_turn import asked_in_turn
from keras_nn.callbacks.averaged_weights import averaged_weights
from keras_nn.callbacks.drawing import picture_grid
from keras_nn.callbacks.instrument import Instrument
from keras_nn.data.displayable import displayable


class SampleGrid(Instrument):
    """Shows what a generative model draws, from the same noise each time.

    Read it for: shapes that settle from grid to grid; one and the same
    picture in many places (collapse); grey where the data has contrast. With
    classes, each column is a class; of an `InfoGAN`, a value of its first
    code. If an optimiser averages weights, the averages draw.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        every: int. Write once per this many epochs. Defaults to 1.
        count: int. How many pictures. Defaults to 40.
        seed: int. Of the noise. Defaults to 0.
        **how: further arguments of the model's `generate`, such as `steps`.

    Raises:
        ValueError: If `count` is less than 1; in training, if the model has
            no `generate`.

    Writes to `log_dir/train`, at the epoch's index:
        `samples`: image. The pictures in rows.

    Example:

    >>> import keras, pathlib, tempfile
    >>> from keras_nn.models import DenoisingUNet, DiffusionModel
    >>> from keras_nn.schedules import CosineNoise
    >>> from keras_nn.testing import read_events
    >>> network = DenoisingUNet((4, 4, 1), filters=[4], embedding_units=4)
    >>> model = DiffusionModel(network, CosineNoise())
    >>> model.compile("adam")
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> grid = SampleGrid(folder, count=4, steps=2)
    >>> _ = model.fit(np.zeros((4, 4, 4, 1)), verbose=0, callbacks=[grid])
    >>> "samples" in read_events(folder)["train"]
    True
    """

    def __init__(self, log_dir, every=1, count=40, seed=0, **how):
        super().__init__(log_dir, every)
        if count < 1:
            raise ValueError(f"`count` must be positive. Received: {count=}")
        self.count = count
        self.seed = seed
        self.how = how

    def on_train_begin(self, logs=None):
        check_draws(self, self.model)
        super().on_train_begin(logs)

    def on_epoch_end(self, epoch, logs=None):
        if not self.is_due(epoch):
            return
        asked, labels = asked_in_turn(self.model, self.count)
        columns = min(labels or int(np.ceil(np.sqrt(self.count))), self.count)
        with averaged_weights(self.model):
            pictures = self.model.generate(
                self.count, seed=self.seed, **{**asked, **self.how}
            )
        grid = picture_grid(displayable(pictures), columns)
        with self.write(epoch):
            tf.summary.image("samples", grid[None])


def check_draws(instrument, model):
    """Raises unless a model draws with `generate`."""
    if not hasattr(model, "generate"):
        raise ValueError(
            f"{type(instrument).__name__} shows what a model draws with "
            f"`generate`. Received: a {type(model).__name__}, which has none"
        )
