import json

import keras
import numpy as np
from keras import ops

from keras_nn.models.asked import seed_or_fresh


class Generator:
    """Draws pictures with a `DiffusionModel`; keeps what is compiled.

    Args:
        model: `DiffusionModel`.
    """

    def __init__(self, model):
        self.model = model
        self.compiled = {}

    def __call__(self, count, labels, guidance, sampler, steps, seed):
        seed = seed_or_fresh(seed)
        guided = guidance != 1
        config = json.dumps(sampler.get_config(), sort_keys=True)
        key = type(sampler), config, steps, guided
        if key not in self.compiled:
            self.compiled[key] = _Drawing(self.model, sampler, steps, guided)
        drawing = self.compiled[key]
        drawing.fresh.state.assign([seed, 1])
        shape = (count, *self.model.picture_shape)
        inputs = {
            "noise": keras.random.normal(shape, dtype="float32", seed=seed),
            "guidance": np.full(count, guidance, "float32"),
        }
        if self.model.num_classes:
            any_class = np.full(count, self.model.num_classes, "int32")
            inputs["labels"] = any_class if labels is None else labels
        return drawing.predict_on_batch(inputs)


class _Drawing(keras.Model):
    """All the steps of a sampler, as a model that Keras compiles."""

    def __init__(self, model, sampler, steps, guided):
        super().__init__(dtype="float32", name="drawing")
        self.model = model
        self.sampler = sampler
        self.steps = steps
        self.guided = guided
        self.fresh = keras.random.SeedGenerator(0)

    def call(self, inputs):
        labels = inputs.get("labels")
        guidance = ops.reshape(
            inputs["guidance"], (-1, *(1 for _ in self.model.picture_shape))
        )
        prediction = self.model.levels.prediction

        def output(noisy, time):
            if not self.guided:
                return self.look(noisy, time, labels)
            anything = ops.full_like(labels, self.model.num_classes)
            both = self.look(
                ops.concatenate([noisy, noisy]),
                time,
                ops.concatenate([labels, anything]),
            )
            asked, unasked = ops.split(both, 2)
            return unasked + guidance * (asked - unasked)

        def denoise(noisy, time, alpha, sigma):
            said = output(noisy, time)
            return prediction.parts(said, noisy, alpha, sigma)

        return self.sampler(
            denoise,
            inputs["noise"],
            self.model.schedule,
            self.steps,
            seed=self.fresh,
        )

    def look(self, noisy, time, labels):
        """What the denoiser says, in float32."""
        times = ops.broadcast_to(time, (ops.shape(noisy)[0],))
        known = {"noisy": noisy, "times": times}
        if self.model.num_classes:
            known["labels"] = labels
        said = self.model.denoiser(known, training=False)
        return ops.cast(said, "float32")
