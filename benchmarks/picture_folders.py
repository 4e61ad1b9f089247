"""Pictures per second: `from_directory` beside Keras's own reader of folders.

    python benchmarks/picture_folders.py

Photographs of 500x375 and of 2000x1500 pixels, JPEG, scaled to 224x224 by
both, in batches of 32, shuffled. Runs alternate; the median is printed. Keras
scales without antialiasing, which costs less and shows jagged edges.
"""

import tempfile
import time
from pathlib import Path

import keras
import numpy as np
from PIL import Image

from keras_nn import data

SIZE, ROUNDS = (224, 224), 5


def fill(root, width, height, count):
    generator = np.random.default_rng(0)
    base = generator.integers(0, 256, (12, 16, 3), "uint8")
    base = np.asarray(Image.fromarray(base).resize((width, height)))
    for number in range(count):
        noise = generator.integers(0, 12, base.shape, "uint8")
        folder = root / f"class_{number % 2}"
        folder.mkdir(exist_ok=True)
        Image.fromarray(base // 2 + noise).save(folder / f"{number}.jpg")


def ours(root):
    splits = data.from_directory(
        root, SIZE, validation_fraction=0, test_fraction=0
    )
    return splits.train.batches(32, shuffle=True)


def theirs(root):
    return keras.utils.image_dataset_from_directory(
        root, image_size=SIZE, batch_size=32, verbose=False
    )


def seconds(dataset):
    """Seconds of the clock and of all processors together."""
    start = time.perf_counter(), time.process_time()
    for _ in dataset:
        pass
    return time.perf_counter() - start[0], time.process_time() - start[1]


for width, height, count in ((500, 375, 400), (2000, 1500, 60)):
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), width, height, count)
        start = time.perf_counter()
        datasets = {"keras": theirs(folder), "ours": ours(folder)}
        times = {name: [] for name in datasets}
        for _ in range(ROUNDS):
            for name, dataset in datasets.items():
                times[name].append(seconds(dataset))
        start = time.perf_counter()
        ours(folder)
        checked = count / (time.perf_counter() - start)
        for name, rounds in times.items():
            clock, processors = np.median(rounds, axis=0)
            print(
                f"{width}x{height} {name:5}: {count / clock:6.1f} pictures/s, "
                f"{processors / count * 1e3:5.2f} processor ms a picture"
            )
        print(f"{width}x{height} checked at {checked:.0f} pictures/s")
