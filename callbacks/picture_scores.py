import numpy as np
import tensorflow as tf

from keras_nn.callbacks.asked_in_turn import asked_in_turn
from keras_nn.callbacks.averaged_weights import averaged_weights
from keras_nn.callbacks.instrument import Instrument
from keras_nn.callbacks.sample_grid import check_draws
from keras_nn.metrics import feature_scores


class PictureScores(Instrument):
    """Scores what a generative model draws, by the features of an extractor.

    Read it for: a Frechet or kernel distance that stops falling, which says
    when to end; recall that falls while precision rises (collapse); the floor,
    what as many real pictures score, below which nothing can be told. As many
    pictures are drawn as there are real ones, of every label in turn, from the
    same noise each time, with the weights as they are, not their averages.
    Distances grow where the pictures are few: compare with the floor, and not
    with numbers of other counts or extractors.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        real: array `(n, height, width, channels)`: pictures that were not
            trained on.
        extractor: `keras.Model` from pictures to features, such as that of
            `keras_nn.models.feature_extractor`; or a function without
            arguments that makes it, called in the first training.
        floor: array of as many other real pictures, or None.
        every: int. Write once per this many epochs. Defaults to 1.
        seed: int. Of the noise. Defaults to 0.
        **how: further arguments of the model's `generate`, such as `steps`.

    Raises:
        ValueError: If there are fewer than 6 real pictures; in training, if
            the model has no `generate`.

    Writes to `log_dir/train`, at the epoch's index, and of the floor with
    `floor` in the place of `scores`:
        `scores/frechet_distance_<extractor>`: scalar.
        `scores/kernel_distance_<extractor>`: scalar.
        `scores/precision_<extractor>`, `recall`, `density`, `coverage`: scalar.

    Example:

    >>> import keras, tempfile
    >>> from keras_nn.models import DenseDecoder, DenseEncoder, VAE
    >>> from keras_nn.testing import read_events
    >>> encoder = DenseEncoder((4, 4, 1), output_units=4, units=[8])
    >>> model = VAE(encoder, DenseDecoder(2, (4, 4, 1), units=[8]))
    >>> model.compile("adam")
    >>> x = np.random.default_rng(0).uniform(size=(8, 4, 4, 1))
    >>> flat = [keras.Input((4, 4, 1)), keras.layers.Flatten()]
    >>> pixels = keras.Sequential(flat, name="pixels")
    >>> folder = tempfile.mkdtemp()
    >>> scores = PictureScores(folder, x, pixels)
    >>> _ = model.fit(x, verbose=0, callbacks=[scores])
    >>> "scores/frechet_distance_pixels" in read_events(folder)["train"]
    True

    Reference:
        [Heusel et al., 2017](https://arxiv.org/abs/1706.08500)
    """

    def __init__(
        self, log_dir, real, extractor, floor=None, every=1, seed=0, **how
    ):
        super().__init__(log_dir, every)
        if len(real) < 6:
            raise ValueError(
                "`real` must hold 6 pictures at least. "
                f"Received: {len(real)} pictures"
            )
        self.real = real
        self.extractor = extractor
        self.floor = floor
        self.seed = seed
        self.how = how
        self.known = None  # features of the real pictures, scores of the floor

    def on_train_begin(self, logs=None):
        check_draws(self, self.model)
        super().on_train_begin(logs)
        if self.known is not None:
            return
        if not hasattr(self.extractor, "predict"):
            self.extractor = self.extractor()
        real, floor = self._features(self.real), {}
        if self.floor is not None:
            floor = feature_scores(
                real, self._features(self.floor), self.extractor.name
            )
        self.known = real, floor

    def on_epoch_end(self, epoch, logs=None):
        if not self.is_due(epoch):
            return
        asked, _ = asked_in_turn(self.model, len(self.real))
        with averaged_weights(self.model):
            drawn = self.model.generate(
                len(self.real), seed=self.seed, **{**asked, **self.how}
            )
        real, floor = self.known
        found = feature_scores(real, self._features(drawn), self.extractor.name)
        with self.write(epoch):
            for name, value in found.items():
                tf.summary.scalar(f"scores/{name}", value)
            for name, value in floor.items():
                tf.summary.scalar(f"floor/{name}", value)

    def _features(self, pictures):
        return self.extractor.predict(
            np.asarray(pictures, "float32"), batch_size=256, verbose=0
        )
