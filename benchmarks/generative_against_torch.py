"""Steps of a DCGAN and of diffusion, and DDIM's 50 steps, against PyTorch.

    python benchmarks/generative_against_torch.py --torch PYTHON [--rounds 7]
        [--tasks gan diffusion sample]

PYTHON is an interpreter with torch and diffusers; it runs
`generative_torch_side.py` as a process of its own, and the sides take turns.
Networks have the same layers and as many weights (printed): a DCGAN of 28x28
pictures, batches of 64, Adam for both players; a U-Net of 32 and 64 channels,
likewise; 16 pictures in 50 steps of DDIM. Ours trains with `fit`; a round is
20 steps, of which the last 18 count for ours, or one sampling. Printed are the
medians over rounds, their ratio, and the lowest and highest of a round.
"""

import argparse
import functools
import os
import pathlib
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import peer

from keras_nn import models
from keras_nn import schedules

BATCH = 64
STEPS = 20
TASKS = ("gan", "diffusion", "sample")


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


def gan():
    model = models.GAN(
        models.DCGANGenerator(100, (28, 28, 1)),
        models.DCGANDiscriminator((28, 28, 1)),
    )
    model.compile(model.default_optimizer())
    players = [model.player_weights(player) for player in model.players]
    return trainer(model), sum(players, [])


def diffusion():
    model = models.DiffusionModel(
        models.DenoisingUNet((28, 28, 1)),
        schedules.LinearNoise(),
        prediction="epsilon",
    )
    model.compile(keras.optimizers.Adam(1e-3))
    return model, model.trainable_weights


def tasks():
    """Triples: name, steps of a round, what gives seconds a step, weights."""
    run, weights = gan()
    yield "gan", STEPS, run, weights
    model, weights = diffusion()
    yield "diffusion", STEPS, trainer(model), weights
    draw = functools.partial(model.generate, 16, steps=50, seed=0)
    yield "sample", 1, functools.partial(peer.seconds, draw), weights


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--torch", required=True)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--tasks", nargs="+", default=TASKS, choices=TASKS)
    arguments = parser.parse_args()
    side = str(pathlib.Path(__file__).with_name("generative_torch_side.py"))
    for name, steps, run, weights in tasks():
        if name not in arguments.tasks:
            continue
        count = sum(int(np.prod(w.shape)) for w in weights)
        print(f"{name}: ours has {count} weights", flush=True)
        threads = str(os.cpu_count())
        theirs = peer.Peer(arguments.torch, side, name, str(steps), threads)
        run()  # to warm up; the other side has done so
        seconds = np.array(
            [(run(), theirs.seconds() / steps) for _ in range(arguments.rounds)]
        )
        theirs.close()
        mine, torch = 1e3 * np.median(seconds, axis=0)
        ratios = seconds[:, 0] / seconds[:, 1]
        print(
            f"{name}: {mine:.1f} ms, torch {torch:.1f} ms, ratio "
            f"{mine / torch:.2f} ({ratios.min():.2f} to {ratios.max():.2f})",
            flush=True,
        )


if __name__ == "__main__":
    main()
