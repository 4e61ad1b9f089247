"""Bits per dimension of a flow on MNIST.

    python benchmarks/flow_mnist.py --data FOLDER [--preset real_nvp]
        [--minutes 20] [--grid grid.png]

FOLDER holds the four official files of MNIST. The flow learns the 60,000
training pictures without labels, 256 levels with uniform noise, for so many
minutes of processor time; the curve of the first 1,000 test pictures is
printed on the way. At the end: bits per dimension of all test pictures, the
mean over `--noises` draws of the noise, which bounds from above that of the
levels themselves.
"""

import argparse
import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
from idx_files import load_mnist

from keras_nn.metrics import bits_per_dimension
from keras_nn.models import Flow

BATCH = 64


class Watch(keras.callbacks.Callback):
    """Prints the curve by processor time, and stops at the limit."""

    def __init__(self, x, minutes):
        super().__init__()
        self.x, self.limit = x, 60 * minutes
        self.start = time.process_time()
        self.next = 60.0

    def on_train_batch_end(self, batch, logs=None):
        used = time.process_time() - self.start
        if used >= self.next:
            self.next = used + max(60.0, self.limit / 20)
            bits = bits_of(self.model, self.x)
            steps = int(self.model.optimizer.iterations)
            print(f"{used / 60:.1f} CPU minutes, step {steps}: {bits:.4f}")
        if used >= self.limit:
            self.model.stop_training = True


def bits_of(model, x, seed=0):
    """Mean bits per dimension of pictures."""
    total = 0.0
    for start in range(0, len(x), 500):
        values = model.continuous(x[start : start + 500], seed + start)
        density = model.log_density(values)
        total -= float(keras.ops.sum(density))
    return float(bits_per_dimension(total / len(x), x.shape[1:], 1 / 256))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--preset", default="real_nvp")
    parser.add_argument("--depth", type=int, default=4)
    parser.add_argument("--filters", type=int, default=32)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--noises", type=int, default=3)
    parser.add_argument("--grid")
    arguments = parser.parse_args()
    keras.utils.set_random_seed(0)
    (x, _), (test, _) = load_mnist(arguments.data)
    x, test = (pictures.astype("float32") / 255 for pictures in (x, test))
    model = Flow.from_preset(
        arguments.preset,
        x.shape[1:],
        depth=arguments.depth,
        filters=arguments.filters,
        levels=256,
    )
    model.compile(keras.optimizers.Adam(arguments.rate))
    print(f"{model.count_params()} weights", flush=True)
    watch = Watch(test[:1000], arguments.minutes)
    model.fit(x, batch_size=BATCH, epochs=100, verbose=0, callbacks=[watch])
    found = [
        bits_of(model, test, 10000 * noise) for noise in range(arguments.noises)
    ]
    steps = int(model.optimizer.iterations)
    print(
        f"{arguments.preset}, {arguments.minutes:g} CPU minutes, {steps} steps "
        f"of {BATCH}: {np.mean(found):.4f} bits per dimension on the test set "
        f"({arguments.noises} noises: {min(found):.4f} to {max(found):.4f})"
    )
    if arguments.grid:
        from PIL import Image

        from keras_nn.callbacks.drawing import picture_grid
        from keras_nn.data.displayable import displayable

        drawn = model.generate(64, temperature=0.8, seed=0)
        grid = picture_grid(displayable(drawn), 8)
        Image.fromarray(grid).save(arguments.grid)


if __name__ == "__main__":
    main()
