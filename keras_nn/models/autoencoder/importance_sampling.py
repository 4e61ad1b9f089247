import keras
import numpy as np
from keras import ops

from keras_nn.models.asked import seed_or_fresh

# More at once leave the cache: 10 took 0.5 s where 50 took 1.7 s.
AT_ONCE = 10


class ImportanceSampling:
    """Estimates `log p(x)` of a `LatentModel`; keeps what is compiled.

    `log 1/S sum_s p(x | z_s) p(z_s) / q(z_s | x)`, `z_s` of the posterior `q`.

    Args:
        model: `LatentModel`, such as a `VAE`.
    """

    def __init__(self, model):
        self.model = model
        self.compiled = {}

    def __call__(self, pictures, labels, samples, batch_size, seed):
        at_once = next(n for n in range(AT_ONCE, 0, -1) if samples % n == 0)
        key = samples, at_once
        if key not in self.compiled:
            self.compiled[key] = _Estimate(self.model, samples, at_once)
        estimate = self.compiled[key]
        estimate.fresh.state.assign([seed_or_fresh(seed), 1])
        inputs = {"pictures": pictures}
        if labels is not None:
            inputs["labels"] = labels
        return np.concatenate(
            [
                estimate.predict_on_batch(
                    {k: v[i : i + batch_size] for k, v in inputs.items()}
                )
                for i in range(0, len(pictures), batch_size)
            ]
        )


class _Estimate(keras.Model):
    """All the samples of a batch, as a model that Keras compiles."""

    def __init__(self, model, samples, at_once):
        super().__init__(dtype="float32", name="estimate")
        self.model = model
        self.samples = samples
        self.at_once = at_once
        self.fresh = keras.random.SeedGenerator(0)
        self.jit_compile = False  # XLA took 4 times as long on a CPU

    def call(self, inputs):
        model = self.model
        pictures, labels = inputs["pictures"], inputs.get("labels")
        belief = model.believe(pictures, labels)

        def step(index, total):
            log_weight = model.log_weights(
                belief, pictures, labels, self.at_once, self.fresh
            )
            return ops.logaddexp(total, ops.logsumexp(log_weight, axis=0))

        total = ops.full((ops.shape(pictures)[0],), -1e30, dtype="float32")
        total = ops.fori_loop(0, self.samples // self.at_once, step, total)
        return total - float(np.log(self.samples))
