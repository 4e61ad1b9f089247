import keras
import numpy as np
from keras import ops


class FlowSampling:
    """Runs a `Flow` backwards; keeps what is compiled.

    Args:
        model: `Flow`.
    """

    def __init__(self, model):
        self.model = model
        self.compiled = None

    def __call__(self, codes, labels=None, batch_size=500):
        """Examples of codes `(n, ...)`: a float32 array."""
        if self.compiled is None:
            self.compiled = _Backwards(self.model)
        inputs = {"codes": np.asarray(codes, "float32")}
        if labels is not None:
            inputs["labels"] = np.asarray(labels)
        return np.concatenate(
            [
                self.compiled.predict_on_batch(
                    {k: v[i : i + batch_size] for k, v in inputs.items()}
                )
                for i in range(0, len(codes), batch_size)
            ]
        )


class _Backwards(keras.Model):
    """The way from codes to examples, as a model that Keras compiles."""

    def __init__(self, model):
        super().__init__(dtype="float32", name="backwards")
        self.model = model
        self.jit_compile = False  # many small steps, each drawn from once

    def call(self, inputs):
        condition = self.model.condition(inputs.get("labels"))
        examples, _ = self.model.chain(inputs["codes"], condition, inverse=True)
        return ops.cast(examples, "float32")
