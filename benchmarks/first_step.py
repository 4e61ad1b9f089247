"""How long `fit` takes until its first epoch is over, ours against Keras's.

    python benchmarks/first_step.py --layers 60 --rounds 3

A plain network of many small layers under AdamW with a schedule, ten steps:
nearly all of it is TensorFlow tracing the step. Keras traces it twice, since
the first time makes the optimiser's variables, and works out the schedule for
each weight. Both train from the same weights; the losses must agree. Seconds
are of the processor, all cores together.
"""

import argparse
import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

from keras_nn.training import Model


def network(cls, layers):
    inputs = keras.Input((16,))
    x = inputs
    for _ in range(layers):
        x = keras.layers.Dense(16, "tanh")(x)
    model = cls(inputs, keras.layers.Dense(1)(x))
    rate = keras.optimizers.schedules.CosineDecay(1e-2, 1000)
    model.compile(keras.optimizers.AdamW(rate, clipnorm=1.0), "mse")
    return model


def first_epoch(cls, layers):
    """Seconds of the first epoch, and its loss."""
    keras.utils.set_random_seed(0)
    model = network(cls, layers)
    x = np.random.default_rng(0).normal(size=(320, 16)).astype("float32")
    start = time.process_time()
    history = model.fit(x, x[:, :1], 32, verbose=0, shuffle=False)
    return time.process_time() - start, history.history["loss"][0]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--layers", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    first_epoch(Model, 2)  # what TensorFlow does once
    ratios = []
    for index in range(arguments.rounds):
        order = (Model, keras.Model) if index % 2 else (keras.Model, Model)
        found = {cls: first_epoch(cls, arguments.layers) for cls in order}
        (ours, loss), (theirs, same) = found[Model], found[keras.Model]
        np.testing.assert_allclose(loss, same, rtol=1e-5)
        ratios.append(ours / theirs)
        print(f"ours {ours:.2f} s, Keras {theirs:.2f} s", flush=True)
    print(
        f"ours / Keras {np.median(ratios):.3f} "
        f"({min(ratios):.3f} to {max(ratios):.3f})"
    )


if __name__ == "__main__":
    main()
