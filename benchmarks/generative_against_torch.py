"""Steps of a DCGAN and of diffusion, and DDIM's 50 steps, against PyTorch.

    python benchmarks/generative_against_torch.py --torch PYTHON [--rounds 7]

PYTHON is an interpreter with torch and diffusers; it runs
`generative_torch_side.py` as a process of its own, and the sides take turns.
Networks have the same layers and as many weights (printed): a DCGAN of 28x28
pictures, batches of 64, Adam for both players; a U-Net of 32 and 64 channels,
likewise; 16 pictures in 50 steps of DDIM. Ours trains with `fit`; a round is
20 steps, of which the median counts for torch and the mean of the last 18 for
ours, or 3 samplings. Printed are the medians over rounds and their ratio.
"""

import argparse
import os
import pathlib
import subprocess
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

from keras_nn import models
from keras_nn import schedules

BATCH = 64
STEPS = 20


class Clock(keras.callbacks.Callback):
    """Seconds a step, without the first two."""

    def on_train_batch_end(self, batch, logs=None):
        if batch == 1:
            self.start = time.perf_counter()
        if batch == STEPS - 1:
            self.seconds = (time.perf_counter() - self.start) / (STEPS - 2)


def trainer(model):
    x = np.random.default_rng(0).uniform(-1, 1, (BATCH * STEPS, 28, 28, 1))
    x = x.astype("float32")

    def run():
        clock = Clock()
        model.fit(x, batch_size=BATCH, verbose=0, callbacks=[clock])
        return clock.seconds

    return run


def ours():
    gan = models.GAN(
        models.DCGANGenerator(100, (28, 28, 1)),
        models.DCGANDiscriminator((28, 28, 1)),
    )
    gan.compile(gan.default_optimizer())
    network = models.DenoisingUNet((28, 28, 1))
    diffusion = models.DiffusionModel(
        network, schedules.LinearNoise(), prediction="epsilon"
    )
    diffusion.compile(keras.optimizers.Adam(1e-3))

    def sample():
        start = time.perf_counter()
        diffusion.generate(16, steps=50, seed=0)
        return time.perf_counter() - start

    trained = [gan.player_weights(p) for p in gan.players]
    counts = [
        sum(np.prod(w.shape) for player in trained for w in player),
        sum(np.prod(w.shape) for w in network.trainable_weights),
    ]
    tasks = {
        "gan": trainer(gan),
        "diffusion": trainer(diffusion),
        "sample": lambda: np.median([sample() for _ in range(3)]),
    }
    return tasks, counts


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--torch", required=True)
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    side = pathlib.Path(__file__).with_name("generative_torch_side.py")
    theirs = subprocess.Popen(
        [arguments.torch, side, str(os.cpu_count())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    tasks, counts = ours()
    print("weights, ours:", *counts, "torch:", theirs.stdout.readline().strip())

    def ask(name):
        repeats = 3 if name == "sample" else STEPS
        theirs.stdin.write(f"{name} {repeats}\n")
        theirs.stdin.flush()
        return float(theirs.stdout.readline())

    for name, run in tasks.items():
        run(), ask(name)  # to warm up
        seconds = np.array(
            [(run(), ask(name)) for _ in range(arguments.rounds)]
        )
        mine, torch = 1e3 * np.median(seconds, axis=0)
        ratios = seconds[:, 0] / seconds[:, 1]
        print(
            f"{name}: {mine:.1f} ms, torch {torch:.1f} ms, ratio "
            f"{mine / torch:.2f} ({ratios.min():.2f} to {ratios.max():.2f})",
            flush=True,
        )
    theirs.stdin.close()
    theirs.wait()


if __name__ == "__main__":
    main()
