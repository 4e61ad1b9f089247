"""Batches per second: `Split.batches` beside Keras's own array pipeline.

    python benchmarks/array_batches.py

Both feed the same arrays, shuffled, to a loop that does nothing else (the
pipeline's own speed), then to `fit` of a small network (what a user waits).
Runs alternate; the median of the rounds is printed.
"""

import statistics
import time

import keras
import numpy as np
from keras.src.trainers.data_adapters.array_data_adapter import ArrayDataAdapter

from keras_nn.data import Split

EXAMPLES, SHAPE, ROUNDS = 20_000, (32, 32, 3), 7
generator = np.random.default_rng(0)
x = generator.integers(0, 256, (EXAMPLES, *SHAPE), "uint8")
y = generator.integers(0, 10, EXAMPLES)


def keras_batches(batch_size):
    adapter = ArrayDataAdapter(x, y, batch_size=batch_size, shuffle=True)
    return adapter.get_tf_dataset()


def our_batches(batch_size):
    return Split(x, y).batches(batch_size, shuffle=True)


def seconds_of_a_pass(dataset):
    start = time.perf_counter()
    for _ in dataset:
        pass
    return time.perf_counter() - start


def model():
    net = keras.Sequential(
        [
            keras.Input(SHAPE),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Flatten(),
            keras.layers.Dense(64, "relu"),
            keras.layers.Dense(10),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    net.compile("sgd", loss)
    return net


def seconds_of_fit(net, arguments):
    start = time.perf_counter()
    net.fit(**arguments, epochs=2, verbose=0)
    return time.perf_counter() - start


def alternate(measure, pairs):
    times = {name: [] for name in pairs}
    for _ in range(ROUNDS):
        for name, argument in pairs.items():
            times[name].append(measure(argument))
    # The first round pays for tracing.
    return {name: statistics.median(t[1:]) for name, t in times.items()}


for batch_size in (32, 128, 512):
    iterate = alternate(
        seconds_of_a_pass,
        {"keras": keras_batches(batch_size), "ours": our_batches(batch_size)},
    )
    nets = {"keras": model(), "ours": model()}
    data = {
        "keras": {"x": x, "y": y, "batch_size": batch_size},
        "ours": {"x": our_batches(batch_size)},
    }
    fit = alternate(
        lambda name, nets=nets, data=data: seconds_of_fit(
            nets[name], data[name]
        ),
        {"keras": "keras", "ours": "ours"},
    )
    print(
        f"batch {batch_size:4}: a pass keras {iterate['keras'] * 1e3:6.1f} ms, "
        f"ours {iterate['ours'] * 1e3:6.1f} ms "
        f"({iterate['ours'] / iterate['keras']:.2f} x); "
        f"fit of 2 epochs keras {fit['keras']:5.2f} s, ours "
        f"{fit['ours']:5.2f} s ({fit['ours'] / fit['keras']:.2f} x)"
    )
