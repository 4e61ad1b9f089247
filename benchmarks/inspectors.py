"""What all default inspectors together cost an epoch of a ResNet-18.

    python benchmarks/inspectors.py [--pictures 5120] [--epochs 3]

One classifier on 32x32 pictures is trained with and without
`app.inspectors(...)`, epoch by epoch in turn; printed are the seconds of an
epoch with, without, and their ratio.
"""

import argparse
import os
import statistics
import tempfile
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

from keras_nn.applications import ImageClassifier
from keras_nn.models import ResNet


def classifier():
    backbone = ResNet.from_preset(
        "resnet18", input_shape=(32, 32, 3), include_top=False
    )
    app = ImageClassifier(backbone, num_classes=10, preprocess="rescale")
    app.compile()
    return app


def epoch_seconds(app, data, validation, callbacks, epochs):
    """Seconds of each epoch but the first, which traces the step."""
    marks = []

    class Watch(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            marks.append(time.perf_counter())

    app.fit(
        *data,
        batch_size=64,
        epochs=epochs + 2,
        verbose=0,
        validation_data=validation,
        callbacks=[Watch(), *callbacks],
    )
    # From the start of an epoch to the start of the next: everything.
    return [b - a for a, b in zip(marks[1:], marks[2:], strict=False)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--pictures", type=int, default=5120)
    parser.add_argument("--epochs", type=int, default=3)
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    shape = (options.pictures, 32, 32, 3)
    x = rng.integers(0, 256, shape).astype("uint8")
    y = rng.integers(0, 10, options.pictures)
    validation = (x[:1000], y[:1000])
    without, with_all = classifier(), classifier()
    with tempfile.TemporaryDirectory() as folder:
        inspectors = with_all.inspectors(folder, validation)
        names = ", ".join(type(one).__name__ for one in inspectors)
        print(f"inspectors: {names}")
        bare = epoch_seconds(without, (x, y), validation, [], options.epochs)
        full = epoch_seconds(
            with_all, (x, y), validation, inspectors, options.epochs
        )
    print(f"epoch without: {[round(s, 2) for s in bare]} s")
    print(f"epoch with:    {[round(s, 2) for s in full]} s")
    ratio = statistics.median(full) / statistics.median(bare)
    print(f"ratio of medians: {ratio:.3f}")


if __name__ == "__main__":
    main()
