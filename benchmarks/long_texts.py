"""What a token costs as texts grow: Mamba, and attention in a window.

    python benchmarks/long_texts.py [--longest 65536]

A Mamba block (8 features, 16 inner ones, 4 states) and an attention layer of
2 heads and a window of 128 read one text of random features, compiled, from
2,048 tokens on, twice as many each time. Each length runs in a process of its
own; printed are the median microseconds a token of `--rounds` passes, and by
how many bytes a token the process grew in its first pass and compilation.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

WINDOW, FEATURES = 128, 8


def layer_of(kind):
    from keras_nn import layers

    if kind == "mamba":
        return layers.MambaBlock(num_states=4)
    return layers.FlexibleAttention(2, 4, causal=True, window=WINDOW)


def measure(kind, length, rounds):
    import numpy as np
    import tensorflow as tf

    layer = layer_of(kind)
    layer.build((1, length, FEATURES))
    run = tf.function(layer, jit_compile=True)
    # The machinery of compilation is there before what is measured.
    tf.function(lambda x: x + 1, jit_compile=True)(tf.zeros((1,)))
    noise = np.random.default_rng(0).normal(size=(1, length, FEATURES))
    x = tf.constant(noise, "float32")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    run(x).numpy()
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        run(x).numpy()
        seconds.append(time.perf_counter() - start)
    return {
        "layer": kind,
        "tokens": length,
        "microseconds_a_token": round(
            1e6 * statistics.median(seconds) / length, 3
        ),
        "bytes_a_token": round(1024 * (after - before) / length),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--longest", type=int, default=65536)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--one", nargs=2, help="a layer and a length")
    given = parser.parse_args()
    if given.one:
        kind, length = given.one
        print(json.dumps(measure(kind, int(length), given.rounds)))
        return
    for kind in ("mamba", "window"):
        length = 2048
        while length <= given.longest:
            command = [sys.executable, __file__, "--one", kind, str(length)]
            command += ["--rounds", str(given.rounds)]
            subprocess.run(command, check=True)
            length *= 2


if __name__ == "__main__":
    main()
