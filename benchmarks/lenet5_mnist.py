"""Test error of LeNet-5, and of a small modern net, on MNIST.

    python benchmarks/lenet5_mnist.py --data FOLDER [--model lenet5|cnn]
        [--shift 0] [--epochs N] [--seeds 0 1 2]

FOLDER holds the four official files. LeNet-5 trains on the pictures as they
are (`--shift 0`, the number of LeCun et al. without distortions is 0.95 %) or
moved at random by up to `--shift` pixels (theirs with distortions: 0.8 %).
The last epoch is the one reported; nothing is selected on the test set.
"""

import argparse
import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
from idx_files import load_mnist

from keras_nn.models import LeNet5
from keras_nn.models import SimpleCNN


def shifter(pixels):
    """A layer that moves every picture by its own whole number of pixels."""
    # Half a pixel more, so that the last whole number is as frequent.
    share = (pixels + 0.49) / 28
    return keras.layers.RandomTranslation(
        share, share, fill_mode="constant", interpolation="nearest"
    )


def train(model, data, epochs, batch_size, rate, decay, shift, jit, verbose):
    """Trains; returns the test error in percent, seconds and CPU seconds."""
    (x, y), (x_test, y_test) = data
    steps = len(x) // batch_size
    schedule = rate
    if decay == "cosine":
        schedule = keras.optimizers.schedules.CosineDecay(rate, steps * epochs)
    model.compile(
        keras.optimizers.Adam(schedule),
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
        jit_compile=jit,
    )
    batches = tf.data.Dataset.from_tensor_slices((x, y))
    batches = batches.shuffle(len(x)).batch(batch_size, drop_remainder=True)
    if shift:
        move = shifter(shift)
        batches = batches.map(lambda a, b: (move(a, training=True), b))
    options = tf.data.Options()
    options.autotune.enabled = False
    batches = batches.prefetch(2).with_options(options)
    start = time.perf_counter(), time.process_time()
    model.fit(
        batches,
        epochs=epochs,
        verbose=verbose,
        shuffle=False,
        validation_data=(x_test, y_test) if verbose else None,
        validation_batch_size=1000,
    )
    seconds = time.perf_counter() - start[0]
    cpu_seconds = time.process_time() - start[1]
    scores = model.predict(x_test, batch_size=1000, verbose=0)
    error = 100 * np.mean(scores.argmax(-1) != y_test)
    return error, seconds, cpu_seconds


def main():
    """Reads the arguments, trains once a seed and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--model", choices=["lenet5", "cnn"], default="lenet5")
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--batch-size", type=int)
    parser.add_argument("--learning-rate", type=float)
    parser.add_argument("--shift", type=int, default=0)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--verbose", type=int, default=0)
    arguments = parser.parse_args()
    data = [
        (x.astype("float32") / 255, y) for x, y in load_mnist(arguments.data)
    ]
    lenet = arguments.model == "lenet5"
    epochs = arguments.epochs or (12 if lenet else 3)
    errors = []
    for seed in arguments.seeds:
        keras.utils.set_random_seed(seed)
        error, seconds, cpu_seconds = train(
            LeNet5() if lenet else SimpleCNN(),
            data,
            epochs,
            arguments.batch_size or (128 if lenet else 32),
            arguments.learning_rate or (2e-3 if lenet else 1e-3),
            "cosine",
            arguments.shift,
            lenet,
            arguments.verbose,
        )
        errors.append(error)
        print(
            f"{arguments.model} shift {arguments.shift} seed {seed}: test "
            f"error {error:.2f} %, {epochs} epochs, {seconds / 60:.1f} minutes "
            f"({cpu_seconds / 60:.1f} of CPU)",
            flush=True,
        )
    print(f"mean {np.mean(errors):.3f} %, worst {max(errors):.2f} %")


if __name__ == "__main__":
    main()
