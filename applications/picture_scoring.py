from functools import cached_property

import numpy as np

from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.callbacks.asked_in_turn import asked_in_turn
from keras_nn.metrics import feature_scores
from keras_nn.models import feature_extractor
from keras_nn.training.state import seeded

LEARNT = 60_000  # pictures that an extractor learns from, at most
COMPARED = 2_000  # pictures of a kind, at most, that are compared
COMPARED_OFTEN = 1_000  # likewise, while the training goes on


def asked_scoring(app, splits, settings):
    """`PictureScoring` as the settings of a run say, or None.

    Args:
        app: application of pictures with a `value_range`.
        splits: `keras_nn.data.Splits`.
        settings: dict, with `scores`, and `extractor_weights` beside it.
    """
    name = settings.get("scores", "none")
    if name == "none":
        return None
    weights = settings["extractor_weights"]
    return PictureScoring(name, splits.train, app.value_range, weights)


class PictureScoring:
    """How near drawn pictures are to real ones, by a named extractor.

    The extractor is the same whenever it is asked for: what it draws while it
    learns depends on nothing else.

    Args:
        extractor: str. A name that `keras_nn.models.feature_extractor` takes.
        train: `keras_nn.data.Split`: what the extractor learns, and where the
            floor comes from.
        value_range: pair of numbers: the values of pictures.
        weights: path of published weights, or None.

    Raises:
        WrongRequest: If the extractor learns from labels, and there are none.

    Example:

    >>> from keras_nn import data
    >>> scoring = PictureScoring("lenet5", data.load("digits").train)
    >>> scoring.sample(data.load("digits").test, 5).shape
    (5, 8, 8, 1)
    """

    def __init__(self, extractor, train, value_range=(0, 255), weights=None):
        if extractor == "lenet5" and len(np.unique(train.y)) < 2:
            raise WrongRequest(
                "scores=lenet5 learns from labelled pictures of two classes "
                f"at least. Received: labels {np.unique(train.y)}"
            )
        self.name = extractor
        self.train = train
        self.value_range = value_range
        self.weights = weights

    @cached_property
    def extractor(self):
        """The `keras.Model`, made when it is first asked for."""
        count = LEARNT if self.name == "lenet5" else 1
        some = self._some(self.train, count)
        with seeded(0):
            return feature_extractor(
                self.name, *some.arrays(), self.value_range, self.weights
            )

    def sample(self, split, count=COMPARED):
        """At most so many pictures of a split, drawn at random: an array."""
        return self._some(split, count).arrays()[0]

    def _some(self, split, count):
        order = np.random.default_rng(0).permutation(len(split))
        return split[order[:count]]

    def instrument(self, log_dir, validation, every, **how):
        """`keras_nn.callbacks.PictureScores` of a validation split.

        Args:
            log_dir: str or path.
            validation: `keras_nn.data.Split`.
            every: int. In epochs.
            **how: what `generate` is told.
        """
        from keras_nn.callbacks import PictureScores

        real = self.sample(validation, COMPARED_OFTEN)
        return PictureScores(
            log_dir,
            real,
            lambda: self.extractor,
            floor=self.sample(self.train, len(real)),
            every=every,
            **how,
        )

    def scores(self, app, split):
        """Scores of what an application draws, beside those of the floor.

        Args:
            app: what draws, with `generate`.
            split: `keras_nn.data.Split` of pictures not trained on.

        Returns:
            A dict of floats, see `keras_nn.metrics.picture_scores`; names that
            end in `_floor` are of as many pictures of the training.
        """
        real = self.sample(split)
        count = len(real)
        asked, _ = asked_in_turn(app, count)
        compared = {
            "": app.generate(count, seed=0, **asked),
            "_floor": self.sample(self.train, count),
        }
        real = self._features(real)
        return {
            name + suffix: value
            for suffix, pictures in compared.items()
            for name, value in feature_scores(
                real, self._features(pictures), self.extractor.name
            ).items()
        }

    def _features(self, pictures):
        return self.extractor.predict(
            pictures.astype("float32"), batch_size=256, verbose=0
        )
