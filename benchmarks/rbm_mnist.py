"""Log-likelihood of MNIST under an RBM, with log Z by annealing.

    python benchmarks/rbm_mnist.py --data FOLDER [--hidden 500] [--minutes 15]

FOLDER holds the four official files of MNIST. The RBM learns the 60,000
training pictures, binarised once at random by their greys (seed 0), by
persistent chains of `--steps` Gibbs steps, for so many minutes of processor
time. Test pictures are binarised with seed 1. log Z by annealed importance
sampling, `--chains` runs of `--temperatures` temperatures; the bounds are
three standard errors. For comparison: about -86 nats are published for 500
hidden units and CD-25 (Salakhutdinov and Murray, 2008), after far longer
training.
"""

import argparse
import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
from idx_files import load_mnist

from keras_nn.models import RBM


class Limit(keras.callbacks.Callback):
    """Stops after so many minutes of processor time."""

    def __init__(self, minutes, rate):
        super().__init__()
        self.seconds = 60 * minutes
        self.rate = rate
        self.start = time.process_time()

    def on_train_batch_end(self, batch, logs=None):
        share = (time.process_time() - self.start) / self.seconds
        if share >= 1:
            self.model.stop_training = True
        elif batch % 100 == 0:
            self.model.optimizer.learning_rate = self.rate * (1 - share)

    def on_epoch_end(self, epoch, logs=None):
        used = (time.process_time() - self.start) / 60
        print(f"pass {epoch + 1}, {used:.1f} minutes: {logs}", flush=True)


def binarised(pictures, seed):
    """Zeros and ones, drawn by the greys."""
    rng = np.random.default_rng(seed)
    drawn = rng.uniform(size=pictures.shape) < pictures / 255
    return drawn.astype("float32")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--hidden", type=int, default=500)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--rate", type=float, default=0.05)
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--chains", type=int, default=100)
    parser.add_argument("--temperatures", type=int, default=10000)
    arguments = parser.parse_args()
    keras.utils.set_random_seed(0)
    (x, _), (test, _) = load_mnist(arguments.data)
    x, test = binarised(x, 0), binarised(test, 1)
    model = RBM(
        x.shape[1:],
        arguments.hidden,
        method="pcd",
        steps=arguments.steps,
        chains=100,
    )
    share = x.reshape(len(x), -1).mean(axis=0).clip(0.01, 0.99)
    model.visible_bias.assign(np.log(share / (1 - share)))
    model.compile(keras.optimizers.SGD(arguments.rate))
    limit = Limit(arguments.minutes, arguments.rate)
    model.fit(x, batch_size=100, epochs=1000, verbose=0, callbacks=[limit])
    log_z, low, high = model.log_partition(
        arguments.chains, arguments.temperatures
    )
    found = model.log_likelihood(test, log_z)
    print(
        f"RBM of {arguments.hidden}, PCD-{arguments.steps}, "
        f"{arguments.minutes:g} CPU minutes, "
        f"{int(model.optimizer.iterations)} steps of 100: log Z {log_z:.2f} "
        f"({low:.2f} to {high:.2f}), test log-likelihood {found.mean():.2f} "
        f"nats ({found.mean() + log_z - high:.2f} to "
        f"{found.mean() + log_z - low:.2f})"
    )


if __name__ == "__main__":
    main()
