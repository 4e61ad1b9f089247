import keras
import numpy as np

from keras_nn import data
from keras_nn.applications.application import Application
from keras_nn.models.energy.one_device import check_one_device
from keras_nn.training import MultiPlayerModel
from keras_nn.training.divergence import check_converged

ADAPTED = 2048  # files read, at most, before the training


class GenerativeApplication(Application):
    """An application whose model knows its own loss. Abstract.

    The model may have one optimiser or, as a GAN, one for each player. A
    subclass holds it as `generator` and says `scaled`: data in its range.

    Example:

    >>> from keras_nn.applications import ImageGenerator
    >>> from keras_nn.models import DenseDecoder, DenseEncoder, VAE
    >>> encoder = DenseEncoder((4, 4, 1), output_units=4, units=[8])
    >>> model = VAE(encoder, DenseDecoder(2, (4, 4, 1), units=[8]))
    >>> app = ImageGenerator(model)
    >>> app.compile()
    >>> [metric.name for metric in app.metrics]
    ['loss', 'reconstruction', 'kl']
    """

    @classmethod
    def from_config(cls, config):
        generator = keras.saving.deserialize_keras_object(config["generator"])
        return cls(**{**config, "generator": generator})

    def scaled(self, x):
        """Inputs of the application in the range of the generator."""
        raise NotImplementedError(
            f"{type(self).__name__} must define `scaled`."
        )

    def compile(self, optimizer="auto", loss=None, metrics=None, **kwargs):
        """Compiles the generator, which knows its own loss.

        Args:
            optimizer: `"auto"` or what the generator's `compile` takes, such
                as a dict of one for each player of a `GAN`.
            loss: None.
            metrics: None.
            **kwargs: as in `keras.Model.compile`.
        """
        if isinstance(optimizer, str) and optimizer == "auto":
            optimizer = self.default_optimizer()
        for name, value in (("loss", loss), ("metrics", metrics)):
            if value is not None and value != "auto":
                raise ValueError(
                    f"{type(self).__name__} takes no `{name}`: its model knows "
                    f"its own. Received: {name}={value!r}"
                )
        self.generator.compile(optimizer, **kwargs)
        super().compile(
            optimizer=self.generator.optimizer,
            loss=None,
            metrics=None,
            run_eagerly=self.generator.run_eagerly,
            jit_compile=self.generator.jit_compile,
            auto_scale_loss=False,  # the generator has done so
        )

    def get_compile_config(self):
        return self.generator.get_compile_config() if self.compiled else None

    @property
    def all_optimizers(self):
        return self.generator.all_optimizers

    @property
    def metrics(self):
        return self.generator.metrics

    @property
    def coder(self):
        """What encodes inside of the generator, or the generator."""
        return getattr(self.generator, "coder", self.generator)

    def accumulate(self, steps):
        self.generator.accumulate(steps)
        self.train_function = None

    def train_step(self, batch):
        return self.generator.train_step(self._in_range(batch))

    def test_step(self, batch):
        return self.generator.test_step(self._in_range(batch))

    def turns(self):
        def scaled(step):
            return lambda batch: step(self._in_range(batch))

        return [(name, scaled(step)) for name, step in self.generator.turns()]

    def _in_range(self, batch):
        x, y, weights = keras.utils.unpack_x_y_sample_weight(batch)
        return self.scaled(x), y, weights

    def fit(self, x=None, y=None, *args, **kwargs):
        check_one_device(self.generator, self.distribute_strategy)
        if hasattr(self.generator, "adapt"):
            self.prepare(x.train if isinstance(x, data.Splits) else x)
            self.adapt(x, y)
        history = super().fit(x, y, *args, **kwargs)
        if isinstance(self.generator, MultiPlayerModel):
            self.generator.take_averages()
        return check_converged(history, self.generator)

    def adapt(self, x, y=None):
        """Lets a generator that has `adapt` learn statistics of its data.

        Args:
            x: what `fit` takes. Of anything but arrays, `Split` and `Splits`
                nothing is learnt.
            y: labels, or None.
        """
        x = x.train if isinstance(x, data.Splits) else x
        if isinstance(x, data.Split):
            x, y = x.arrays() if x.decode is None else x.arrays(ADAPTED)
        if isinstance(x, np.ndarray) and len(x) and np.isfinite(x).all():
            scaled = keras.ops.convert_to_numpy(self.scaled(x))
            self.generator.adapt(scaled, y)

    def default_optimizer(self):
        return self.generator.default_optimizer()

    def default_loss(self):
        return None  # the generator knows its own
