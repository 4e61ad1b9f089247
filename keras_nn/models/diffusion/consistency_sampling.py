import keras
import numpy as np
from keras import ops


class ConsistencyGenerator:
    """Draws pictures with a `ConsistencyModel`; keeps what is compiled.

    Args:
        model: `ConsistencyModel`.
    """

    def __init__(self, model):
        self.model = model
        self.compiled = {}

    def __call__(self, count, labels, ratios, seed):
        ratios = np.asarray(ratios, "float64")
        low, high = self.model.noise.sigma_min, self.model.noise.sigma_max
        if ratios.ndim != 1 or not len(ratios) or ratios.min() < low - 1e-9:
            raise ValueError(
                "`ratios` must be one for each step, from "
                f"{high} down to {low}. Received: {ratios}"
            )
        key = tuple(ratios.tolist())
        if key not in self.compiled:
            self.compiled[key] = _Drawing(self.model, ratios)
        shape = (count, len(ratios), *self.model.code_shape)
        inputs = {
            "noise": keras.random.normal(shape, dtype="float32", seed=seed)
        }
        if self.model.num_classes:
            any_class = np.full(count, self.model.num_classes, "int32")
            inputs["labels"] = any_class if labels is None else labels
        return self.compiled[key].predict_on_batch(inputs)


class _Drawing(keras.Model):
    """All the steps, as a model that Keras compiles."""

    def __init__(self, model, ratios):
        super().__init__(dtype="float32", name="drawing")
        self.model = model
        self.ratios = ratios

    def call(self, inputs):
        noise, model = inputs["noise"], self.model
        drawn, least = 0.0, model.noise.sigma_min
        for step, ratio in enumerate(self.ratios):
            # The first begins in noise alone; a picture of the lowest level
            # has `least` of noise already.
            scale = ratio if step == 0 else max(ratio**2 - least**2, 0) ** 0.5
            noisy = drawn + scale * noise[:, step]
            ratios = ops.full((ops.shape(noise)[0],), ratio, "float32")
            drawn = model.consistent(noisy, ratios, inputs.get("labels"))
            if model.clip is not None:
                drawn = ops.clip(drawn, -model.clip, model.clip)
        return drawn
