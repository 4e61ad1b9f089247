"""What the `Throughput` callback costs a step, and what it says of sources.

    python benchmarks/throughput.py [--rounds 15]

An MLP (steps of about a millisecond) and a ResNet-20 are trained by turns with
and without the callback, one epoch at a time on the same model. Printed is
the time between the end of the second step and that of the last: the ratio of
the medians, and the smallest and largest ratio of a pair of neighbours; then,
for the MLP on arrays and on TFRecord shards, the share of a step that it
waited for its data.
"""

import argparse
import os
import tempfile
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

from keras_nn import callbacks
from keras_nn import data
from keras_nn import models
from keras_nn.applications import ImageClassifier


class Clock(keras.callbacks.Callback):
    """Seconds of the clock and of the processors, without the first steps."""

    def on_train_batch_end(self, batch, logs=None):
        now = np.array([time.perf_counter(), time.process_time()])
        if batch == 1:
            self.start = now
        self.seconds = now - self.start if batch > 1 else None


def epoch(app, batches, *others):
    clock = Clock()
    app.fit(batches, verbose=0, callbacks=[*others, clock])
    return clock.seconds


def overhead(name, network, size, batch_size, rounds):
    x = np.random.default_rng(0).integers(0, 256, (size, 32, 32, 3), "uint8")
    app = ImageClassifier(network, num_classes=10, preprocess="rescale")
    app.compile()
    split = data.Split(x, np.arange(size) % 10)
    batches = split.batches(batch_size, shuffle=True)
    epoch(app, batches)
    with tempfile.TemporaryDirectory() as folder:
        throughput = callbacks.Throughput(folder)
        epoch(app, batches, throughput)
        plain, measured = [], []
        for number in range(rounds):
            turns = [(plain, ()), (measured, (throughput,))]
            for seconds, others in turns[:: 1 if number % 2 else -1]:
                seconds.append(epoch(app, batches, *others))
    plain, measured = np.array(plain), np.array(measured)
    steps = -(-size // batch_size) - 2
    for kind, column in (("clock", 0), ("processors", 1)):
        a, b = plain[:, column], measured[:, column]
        print(
            f"{name}: {1e3 * np.median(a) / steps:.2f} ms a step by the "
            f"{kind}; with the callback {np.median(b) / np.median(a):.4f} "
            f"({(b / a).min():.3f} to {(b / a).max():.3f}, {rounds} pairs)"
        )
    return app, split


parser = argparse.ArgumentParser()
parser.add_argument("--rounds", type=int, default=15, help="pairs of epochs")
rounds = parser.parse_args().rounds
mlp = models.MLP(False, input_shape=(32, 32, 3), units=[64])
app, split = overhead("MLP", mlp, 60_000, 128, rounds)
with tempfile.TemporaryDirectory() as folder:
    data.write_shards(split, f"{folder}/shards", shards=4)
    shards = data.from_records(f"{folder}/shards", None, 0, 0).train
    for name, source in (("arrays", split), ("shards", shards)):
        throughput = callbacks.Throughput(f"{folder}/{name}", every=10**6)
        epoch(app, source.batches(128, shuffle=True), throughput)
        share = throughput.last["data_wait_share"]
        speed = throughput.last["examples_per_second"]
        print(f"MLP on {name}: waited {share:.1%}, {speed:.0f} examples/s")
resnet = models.ResNet.from_preset(
    "resnet20", input_shape=(32, 32, 3), include_top=False, pooling="avg"
)
overhead("ResNet-20", resnet, 2_048, 64, -(-rounds // 2))
