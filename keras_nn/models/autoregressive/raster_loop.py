import keras
import numpy as np
from keras import ops

from keras_nn.models.asked import seed_or_fresh


class RasterLoop:
    """Draws the pictures of a `PixelCNN`; keeps what is compiled.

    Args:
        model: `PixelCNN`.
    """

    def __init__(self, model):
        self.model = model
        self.compiled = None

    def __call__(self, count, labels, seed):
        model = self.model
        if self.compiled is None:
            self.compiled = _Places(model)
        self.compiled.fresh.state.assign([seed_or_fresh(seed), 1])
        if labels is None:
            labels = np.full(count, model.num_classes or 0, "int32")
        drawn = self.compiled.predict_on_batch(labels)
        indices = len(model.picture_shape) == 2
        return np.asarray(drawn, "int32" if indices else "float32")


class _Places(keras.Model):
    """All places, one after the other, as a model that Keras compiles."""

    def __init__(self, model):
        super().__init__(dtype="float32", name="places")
        self.model = model
        self.fresh = keras.random.SeedGenerator(0)
        self.jit_compile = False

    def call(self, labels):
        model = self.model
        shape = model.picture_shape
        height, width, channels = (*shape, 1)[:3]
        indices = len(shape) == 2
        dtype = "int32" if indices else "float32"
        places = ops.arange(height * width)[None, :, None]

        def step(place, flat):
            pictures = ops.reshape(flat, (-1, *shape))
            said = model.say(pictures, labels)
            said = ops.reshape(said, (-1, height * width, said.shape[-1]))
            here = ops.take(said, [place], axis=1)
            drawn = model.nll.draw(here, seed=self.fresh)
            if indices:
                drawn = ops.round(drawn)
            return ops.where(places == place, ops.cast(drawn, dtype), flat)

        flat = ops.zeros(
            (ops.shape(labels)[0], height * width, channels), dtype=dtype
        )
        flat = ops.fori_loop(0, height * width, step, flat)
        return ops.reshape(flat, (-1, *shape))
