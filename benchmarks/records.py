"""Examples per second from TFRecord shards, beside TFRecordDataset and folders.

    python benchmarks/records.py

28x28 arrays in batches of 128, and JPEGs of 500x375 pixels scaled to 224x224
in batches of 32, shuffled. `shards`: `from_records`, an order of the whole
set, every record compared with its checksum. `tfrecord`: the same files
through `TFRecordDataset`, shuffled in a buffer of 10,000 records or 100
pictures, parsed a batch at once; pictures decoded and scaled by `tf.image`,
without antialiasing, which costs less and shows jagged edges; `smooth`: with
it, as ours. `folder`: the pictures through `from_directory`. `arrays`: all in
memory. Passes alternate; printed are the median, and ratios of `shards` to the
others by the clock, smallest to largest of the rounds. All files are in the
memory cache.
"""

import os
import tempfile
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf
from PIL import Image

from keras_nn import data

ROUNDS = 7


def tfrecord(folder, batch_size, buffer, inputs):
    fields = {
        "x": tf.io.FixedLenFeature([], tf.string),
        "y": tf.io.FixedLenFeature([], tf.int64),
    }

    def parse(records):
        features = tf.io.parse_example(records, fields)
        return inputs(features["x"]), features["y"]

    files = tf.data.Dataset.list_files(f"{folder}/*.tfrecord", shuffle=True)
    records = files.interleave(
        tf.data.TFRecordDataset, cycle_length=4, num_parallel_calls=2
    )
    return (
        records.shuffle(buffer)
        .batch(batch_size)
        .map(parse, num_parallel_calls=tf.data.AUTOTUNE)
        .prefetch(tf.data.AUTOTUNE)
    )


def raw(x):
    return tf.reshape(tf.io.decode_raw(x, tf.uint8), (-1, 28, 28, 1))


def pictures(x, antialias=False):
    def one(content):
        picture = tf.io.decode_jpeg(content, channels=3)
        picture = tf.image.resize(picture, (224, 224), antialias=antialias)
        return tf.cast(picture, tf.uint8)

    return tf.map_fn(one, x, fn_output_signature=tf.uint8)


def compare(title, count, sources):
    seconds = {name: [] for name in sources}
    for number in range(ROUNDS + 1):
        for name, dataset in sources.items():
            start = time.perf_counter()
            for _ in dataset:
                pass
            if number:  # the first round warms up
                seconds[name].append(time.perf_counter() - start)
    for name, rounds in seconds.items():
        line = f"{title} {name:8}: {count / np.median(rounds):8.0f} examples/s"
        if name != "shards":
            ratios = np.sort(np.divide(rounds, seconds["shards"]))
            line += f"; shards / {name} {np.median(ratios):.2f}"
            line += f" ({ratios[0]:.2f} to {ratios[-1]:.2f})"
        print(line)


with tempfile.TemporaryDirectory() as folder:
    count = 40_000
    generator = np.random.default_rng(0)
    x = generator.integers(0, 256, (count, 28, 28, 1), "uint8")
    split = data.Split(x, np.arange(count) % 10)
    start = time.perf_counter()
    data.write_shards(split, f"{folder}/shards", shards=8)
    print(f"written: {count / (time.perf_counter() - start):.0f} arrays/s")
    read = data.from_records(f"{folder}/shards", None, 0, 0).train
    compare(
        "28x28",
        count,
        {
            "shards": read.batches(128, shuffle=True),
            "tfrecord": tfrecord(f"{folder}/shards", 128, 10_000, raw),
            "arrays": split.batches(128, shuffle=True),
        },
    )

with tempfile.TemporaryDirectory() as folder:
    count = 400
    base = generator.integers(0, 256, (12, 16, 3), "uint8")
    base = np.asarray(Image.fromarray(base).resize((500, 375)))
    for number in range(count):
        noise = generator.integers(0, 12, base.shape, "uint8")
        path = Path(folder, "pictures", f"class_{number % 2}", f"{number}.jpg")
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(base // 2 + noise).save(path)
    directory = data.from_directory(f"{folder}/pictures", (224, 224), 0, 0)
    data.write_shards(directory, f"{folder}/shards", shards=8)
    read = data.from_records(f"{folder}/shards", None, 0, 0).train
    compare(
        "500x375",
        count,
        {
            "shards": read.batches(32, shuffle=True),
            "tfrecord": tfrecord(f"{folder}/shards", 32, 100, pictures),
            "smooth": tfrecord(
                f"{folder}/shards", 32, 100, lambda x: pictures(x, True)
            ),
            "folder": directory.train.batches(32, shuffle=True),
        },
    )
