"""What data parallelism should cost on N replicas, and what it costs on two.

The model on paper: a replica computes for `t` seconds, then the gradients of
all weights are summed over a ring,

    all_reduce = 2 (N - 1) / N * bytes / bandwidth + 2 (N - 1) * latency
    efficiency = t / (t + all_reduce)

with nothing of it hidden behind the computation. The measurement: one process
on one core, then two that train together over loopback, on a network of 25
million weights.

    python benchmarks/scaling.py            # the table, then the measurement
    python benchmarks/scaling.py --table    # the table alone
"""

import argparse
import dataclasses
import json
import os
import pathlib
import statistics
import sys
import tempfile
import time

from keras_nn_cli import workers

REPLICAS = (8, 64, 512)
GPUS_OF_A_MACHINE = 8


@dataclasses.dataclass(frozen=True)
class Job:
    """A network, what a replica computes, and how long it takes for it."""

    name: str
    weights: float
    seconds: float


@dataclasses.dataclass(frozen=True)
class Link:
    """The narrowest link of the ring: bytes a second, seconds a hop."""

    name: str
    bandwidth: float
    latency: float


# Sources: docs/scaling.md.
JOBS = (
    Job("ResNet-50, 256 images, A100", 25.6e6, 256 / 2375),
    Job("GPT 124M, 64 x 1024 tokens, A100", 124.4e6, 90 * 60 / 19073),
)
NVLINK = Link("NVLink", 200e9, 3e-6)
LINKS = (
    Link("4 x HDR InfiniBand", 85e9, 5e-6),
    Link("100 Gbit/s Ethernet", 11e9, 2e-5),
    Link("10 Gbit/s Ethernet", 1.1e9, 3e-5),
)


def all_reduce(replicas, size, link):
    """Seconds for the sum of `size` bytes over a ring of replicas."""
    steps = 2 * (replicas - 1)
    return steps / replicas * size / link.bandwidth + steps * link.latency


def efficiency(replicas, job, link):
    """Share of the time in which replicas compute."""
    reduced = all_reduce(replicas, 4 * job.weights, link)
    return job.seconds / (job.seconds + reduced)


def print_table():
    for job in JOBS:
        print(
            f"\n{job.name}: {1e3 * job.seconds:.0f} ms a step, "
            f"{4 * job.weights / 1e6:.0f} MB of gradients"
        )
        print("| link | replicas | all-reduce (ms) | efficiency |")
        print("|---|---|---|---|")
        for link in (NVLINK, *LINKS):
            for count in REPLICAS:
                if (link is NVLINK) != (count <= GPUS_OF_A_MACHINE):
                    continue
                seconds = all_reduce(count, 4 * job.weights, link)
                share = efficiency(count, job, link)
                print(
                    f"| {link.name} | {count} | {1e3 * seconds:.1f} "
                    f"| {share:.1%} |"
                )


def measure(path, steps, examples):
    """Times steps and the all-reduce alone, in each worker."""
    from keras_nn.training import strategy

    chosen = strategy("auto")  # before anything runs on TensorFlow
    import keras
    import numpy as np
    import tensorflow as tf

    from keras_nn.training import Model
    from keras_nn.training import is_chief

    replicas = chosen.num_replicas_in_sync
    x = np.ones((replicas * examples, 1600), "float32")
    data = tf.data.Dataset.from_tensors((x, x)).repeat()
    times = []

    class Clock(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            self.start = time.perf_counter()

        def on_train_batch_end(self, batch, logs=None):
            times.append(time.perf_counter() - self.start)

    with chosen.scope():
        inputs = h = keras.Input((1600,))
        for _ in range(10):
            h = keras.layers.Dense(1600, "relu")(h)
        model = Model(inputs, h)
        model.compile("sgd", "mse")
        model.fit(
            data, steps_per_epoch=steps + 3, verbose=0, callbacks=[Clock()]
        )
    result = {"step": times[3:], "weights": model.count_params()}
    if replicas > 1:
        parts = [tf.zeros(w.shape) for w in model.trainable_weights]

        @tf.function
        def summed():
            def one():
                context = tf.distribute.get_replica_context()
                return context.all_reduce(tf.distribute.ReduceOp.SUM, parts)

            return chosen.run(one)

        seconds = []
        for _ in range(steps):
            start = time.perf_counter()
            keras.tree.map_structure(lambda t: t.numpy(), summed())
            seconds.append(time.perf_counter() - start)
        result["all_reduce"] = seconds[3:]
    if is_chief():
        pathlib.Path(path).write_text(json.dumps(result))


def run(processes, together, steps, examples):
    """What the first of some processes measured, one core each."""
    environments = workers.environments(processes, cores=processes)
    with tempfile.TemporaryDirectory() as folder:
        commands = []
        for index, environment in enumerate(environments):
            if not together:
                del environment["TF_CONFIG"]
            path = os.path.join(folder, f"{index}.json")
            command = [sys.executable, __file__, "--worker", path]
            command += ["--steps", str(steps), "--examples", str(examples)]
            commands.append((command, environment))
        if workers.run(commands):
            sys.exit("a worker failed")
        return json.loads(pathlib.Path(folder, "0.json").read_text())


def describe(seconds):
    middle = statistics.median(seconds)
    return (
        f"{1e3 * middle:.0f} ms (median of {len(seconds)}, "
        f"{1e3 * min(seconds):.0f} to {1e3 * max(seconds):.0f})"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--examples", type=int, default=64)
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        return measure(arguments.worker, arguments.steps, arguments.examples)
    print_table()
    if arguments.table:
        return None
    how = arguments.steps, arguments.examples
    one = run(1, False, *how)["step"]
    beside = run(2, False, *how)["step"]
    two = run(2, True, *how)
    reduced = statistics.median(two["all_reduce"])
    print(
        f"\n{two['weights'] / 1e6:.1f} million weights, {arguments.examples} "
        "examples a worker"
    )
    print(f"one process:                {describe(one)}")
    print(f"one of two, each alone:     {describe(beside)}")
    print(f"one of two, together:       {describe(two['step'])}")
    print(f"all-reduce alone:           {describe(two['all_reduce'])}")
    rate = 4 * two["weights"] / reduced / 1e9
    print(f"loopback bandwidth:         {rate:.2f} GB/s")
    for name, alone in (("one process", one), ("each alone", beside)):
        alone = statistics.median(alone)
        measured = alone / statistics.median(two["step"])
        print(
            f"efficiency against {name}: {measured:.0%}, expected "
            f"{alone / (alone + reduced):.0%}"
        )
    return None


if __name__ == "__main__":
    main()
