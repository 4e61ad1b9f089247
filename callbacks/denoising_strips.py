import numpy as np
import tensorflow as tf

from keras_nn.callbacks.asked_in_turn import asked_in_turn
from keras_nn.callbacks.averaged_weights import averaged_weights
from keras_nn.callbacks.drawing import picture_grid
from keras_nn.callbacks.instrument import Instrument
from keras_nn.data.displayable import displayable


class DenoisingStrips(Instrument):
    """Shows how a diffusion model makes pictures of noise, step by step.

    A row is the way of one picture, from the same noise each time: noise on
    the left, the picture on the right. With classes, the rows are of one class
    after another. If the optimiser averages weights, the averages draw.

    Read it for: shapes that come out of the noise in the middle of the way.
    Grey or specks to the end: too little is learnt of the last, small noise. A
    finished picture near the left, no detail added later: too little is learnt
    of large noise, or the schedule spends steps where nothing happens.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        every: int. Write once per this many epochs. Defaults to 1.
        count: int. How many pictures. Defaults to 6.
        moments: int. Pictures in a row, at equal distances in steps. Defaults
            to 8.
        seed: int. Of the noise. Defaults to 0.
        **how: further arguments of the model's `generate`, such as `steps`.

    Raises:
        ValueError: If `count` is less than 1 or `moments` less than 2; in
            training, if the model does not draw in steps.

    Writes to `log_dir/train`, at the epoch's index:
        `denoising`: image. The ways in rows.

    Example:

    >>> import keras, pathlib, tempfile
    >>> from keras_nn.models import DenoisingUNet, DiffusionModel
    >>> from keras_nn.schedules import CosineNoise
    >>> from keras_nn.testing import read_events
    >>> network = DenoisingUNet((4, 4, 1), filters=[4], embedding_units=4)
    >>> model = DiffusionModel(network, CosineNoise())
    >>> model.compile("adam")
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> strips = DenoisingStrips(folder, count=2, moments=3, steps=2)
    >>> _ = model.fit(np.zeros((4, 4, 4, 1)), verbose=0, callbacks=[strips])
    >>> "denoising" in read_events(folder)["train"]
    True

    Reference:
        [Ho et al., 2020](https://arxiv.org/abs/2006.11239), figure 6
    """

    def __init__(self, log_dir, every=1, count=6, moments=8, seed=0, **how):
        super().__init__(log_dir, every)
        if count < 1 or moments < 2:
            raise ValueError(
                "`count` must be positive and `moments` at least 2. "
                f"Received: {count=}, {moments=}"
            )
        self.count = count
        self.moments = moments
        self.seed = seed
        self.how = how

    def on_train_begin(self, logs=None):
        if not self.suits(self.model):
            raise ValueError(
                "DenoisingStrips shows what a model draws with "
                "`generate(count, moments=...)`. Received: a "
                f"{type(self.model).__name__}, which cannot"
            )
        super().on_train_begin(logs)

    @staticmethod
    def suits(model):
        """Whether a model, or what an application draws with, has moments."""
        drawing = getattr(model, "generator", None)
        return any(
            "moments" in getattr(one, "generation_options", ())
            for one in (model, drawing)
        )

    def on_epoch_end(self, epoch, logs=None):
        if not self.is_due(epoch):
            return
        asked, _ = asked_in_turn(self.model, self.count)
        with averaged_weights(self.model):
            ways = self.model.generate(
                self.count,
                seed=self.seed,
                moments=self.moments,
                **{**asked, **self.how},
            )
        if hasattr(self.model, "picture_range"):  # noise lies beyond
            ways = np.clip(ways, *self.model.picture_range)
        pictures = displayable(ways.reshape(-1, *ways.shape[2:]))
        with self.write(epoch):
            grid = picture_grid(pictures, self.moments)
            tf.summary.image("denoising", grid[None])
