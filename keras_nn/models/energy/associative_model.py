import math

import keras
import numpy as np
from keras import ops

from keras_nn.models.asked import seed_or_fresh
from keras_nn.models.energy.one_device import check_one_device
from keras_nn.training import Model


class AssociativeModel(Model):
    """A memory that stores patterns in one pass and completes what it is shown.

    Abstract. A subclass implements

    - `store(patterns)`: keeps float patterns `(n, units)` of -1 and 1;
    - `energy(states)`: floats `(n,)`, lower the better a state fits;
    - `update(states, noise)`: the states of the next sweep; `noise` holds a
      uniform number for each unit.

    `fit(patterns)` stores each batch (a second pass stores nothing new where
    the rule is exact); there is no gradient, and the optimiser that `compile`
    makes is not used. Logs hold `loss`, the share of units that are wrong
    after a recall of the batch from cues in which `noise` of the units are
    flipped, and `recalled`, the share of patterns without a wrong unit. One
    device stores: several replicas are refused.

    Example:

    >>> from keras_nn.models import HopfieldNetwork
    >>> memory = HopfieldNetwork((4,))
    >>> memory.compile()
    >>> logs = memory.fit(np.array([[1.0, -1.0, 1.0, -1.0]]), verbose=0)
    >>> cue = np.array([[1.0, -1.0, 1.0, 1.0]])
    >>> memory.predict(cue, verbose=0).tolist()
    [[1.0, -1.0, 1.0, -1.0]]
    """

    picture_range = (-1.0, 1.0)
    num_classes = None
    one_device = True

    def __init__(self, example_shape, steps=20, noise=0.2, **kwargs):
        super().__init__(**kwargs)
        if steps < 1 or not 0 <= noise < 0.5:
            raise ValueError(
                "`steps` must be positive and `noise` in [0, 0.5). "
                f"Received: {steps=}, {noise=}"
            )
        self.example_shape = tuple(example_shape)
        self.units = math.prod(self.example_shape)
        self.steps = steps
        self.noise = noise
        self.recalled_tracker = keras.metrics.Mean(name="recalled")
        self.stored_count = self.add_weight(
            name="stored_count", shape=(), initializer="zeros", trainable=False
        )
        self.tracing = None

    def store(self, patterns):
        """Keeps patterns `(n, units)`."""
        raise TypeError(f"{type(self).__name__} must implement `store`.")

    def energy(self, states):
        """Energies `(n,)` of states `(n, units)`."""
        raise TypeError(f"{type(self).__name__} must implement `energy`.")

    def update(self, states, noise):
        """The states of the next sweep."""
        raise TypeError(f"{type(self).__name__} must implement `update`.")

    def flat(self, inputs):
        """Examples as float32 rows `(n, units)`."""
        return ops.reshape(ops.cast(inputs, "float32"), (-1, self.units))

    def call(self, inputs, training=None):
        noise = _noise(self.steps, self.units)

        def sweep(index, states):
            return self.update(states, noise[index])

        states = ops.fori_loop(0, self.steps, sweep, self.flat(inputs))
        states = ops.reshape(states, (-1, *self.example_shape))
        return ops.cast(states, self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def recall(self, cues, steps=None):
        """Recalls patterns from cues, all sweeps in one compiled loop.

        Args:
            cues: array `(n, ...)` of -1 to 1; 0 where nothing is known.
            steps: int or None. Sweeps. Defaults to those of the model.

        Returns:
            `(recalled, energies)`: float32 arrays `(n, ...)` and
            `(n, steps + 1)`, from before the first sweep to behind the last.
        """
        steps = self.steps if steps is None else steps
        if self.tracing is None or self.tracing.steps != steps:
            self.tracing = None
            self.tracing = _Tracing.of(self, steps)
        states, energies = self.tracing.predict_on_batch(
            np.asarray(cues, "float32")
        )
        return states.reshape(-1, *self.example_shape), energies

    def train_step(self, data):
        patterns = self._patterns(data)
        self.store(patterns)
        count = ops.cast(ops.shape(patterns)[0], "float32")
        self.stored_count.assign_add(count)
        return self._looked_at(patterns, seed=0)

    def test_step(self, data):
        return self._looked_at(self._patterns(data), seed=1)

    def _patterns(self, data):
        x, _, _ = keras.utils.unpack_x_y_sample_weight(data)
        return self.flat(x)

    def _looked_at(self, patterns, seed):
        drawn = keras.random.uniform(ops.shape(patterns), seed=seed)
        cues = ops.where(drawn < self.noise, -patterns, patterns)
        found = self.flat(self.call(cues))
        wrong = ops.cast(found * patterns <= 0, "float32")
        wrong = ops.mean(wrong, axis=-1)
        self.track_loss(ops.mean(wrong))
        self.track_loss(
            ops.mean(ops.cast(wrong == 0, "float32")), self.recalled_tracker
        )
        return self.get_metrics_result()

    def fit(self, x=None, y=None, *args, **kwargs):
        check_one_device(self, self.distribute_strategy)
        return super().fit(x, y, *args, **kwargs)

    def generate(self, count, labels=None, seed=None):
        """Recalls from noise: where the memory falls to, patterns or mixtures.

        Args:
            count: int. How many.
            labels: None.
            seed: int or None. The same seed gives the same ones.

        Returns:
            Float32 array `(count, ...)`.
        """
        noise = keras.random.normal(
            (count, *self.example_shape), seed=seed_or_fresh(seed)
        )
        cues = np.where(ops.convert_to_numpy(noise) < 0, -1.0, 1.0)
        return self.recall(cues)[0]

    def default_optimizer(self):
        """What an application compiles the model with; it is not used."""
        return keras.optimizers.SGD(0.0)

    def get_config(self):
        return {
            **super().get_config(),
            "example_shape": self.example_shape,
            "steps": self.steps,
            "noise": self.noise,
        }


class _Tracing(keras.Model):
    """A recall that keeps the energy of each sweep, compiled by Keras."""

    @classmethod
    def of(cls, memory, steps):
        tracing = cls(dtype="float32", name="tracing")
        # Not tracked: the memory would hold itself.
        object.__setattr__(tracing, "memory", memory)
        tracing.steps = steps
        return tracing

    def call(self, inputs):
        memory = self.memory
        states = memory.flat(inputs)
        noise = _noise(self.steps, memory.units)
        first = memory.energy(states)
        energies = ops.zeros((self.steps, *ops.shape(first)))

        def sweep(index, carried):
            states, energies = carried
            states = memory.update(states, noise[index])
            now = memory.energy(states)[None]
            return states, ops.slice_update(energies, (index, 0), now)

        states, energies = ops.fori_loop(
            0, self.steps, sweep, (states, energies)
        )
        energies = ops.concatenate([first[None], energies])
        return states, ops.transpose(energies)


def _noise(steps, units):
    """The same for every recall: it decides in which order units change."""
    return keras.random.uniform((steps, units), dtype="float32", seed=1337)
