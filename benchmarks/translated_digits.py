"""Whether digits that were translated without pairs are still those digits.

    keras-nn train image-translator --recipe digits-ink
    python benchmarks/translated_digits.py RUN [RUN ...]

LeNet-5 is trained on real digits in chalk (the training part of scikit-learn's
digits), enlarged to 28x28 pixels. It reads the test digits: in chalk, in true
ink, and in the ink that each run makes of the chalk; ink is read by how far a
pixel lies from paper to ink. The decibels are those of the translated digits
and the true ones, which no run was shown.
"""

import argparse
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf

from keras_nn import data
from keras_nn import metrics
from keras_nn.applications import Run
from keras_nn.data.digits_in_ink import INK
from keras_nn.data.digits_in_ink import PAPER
from keras_nn.data.digits_in_ink import in_chalk
from keras_nn.models import lenet5_extractor


def read_from_chalk(pictures):
    """16x16 pictures of 0..255 as 28x28 ones of 0..1."""
    greys = tf.cast(pictures[..., :1], "float32") / 255
    return tf.image.resize(greys, (28, 28)).numpy()


def read_from_ink(pictures):
    """The same, of digits in ink."""
    way = INK - PAPER
    share = (pictures.astype("float32") - PAPER) @ way / (way @ way)
    return read_from_chalk(255 * np.clip(share, 0, 1)[..., None])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", nargs="+")
    runs = [Run.open(path) for path in parser.parse_args().runs]
    digits = data.load("digits", validation_fraction=0)
    keras.utils.set_random_seed(0)
    _, judge = lenet5_extractor(
        read_from_chalk(in_chalk(digits.train.x)),
        digits.train.y,
        (0, 1),
        epochs=25,
        batch_size=32,
        learning_rate=2e-3,
    )

    def read(pictures):
        said = judge.predict(pictures, verbose=0).argmax(-1)
        return f"{np.mean(said == digits.test.y):.1%}"

    chalk, ink = data.load("digits-in-ink").test.arrays()
    print(
        f"LeNet-5 reads {read(read_from_chalk(chalk))} of {len(chalk)} test "
        f"digits in chalk, {read(read_from_ink(ink))} in true ink",
        flush=True,
    )
    for run in runs:
        app = run.load()
        drawn = app.translate_pictures(chalk)
        back = app.translate_pictures(drawn, back=True)
        psnr = [
            float(np.mean(metrics.peak_signal_to_noise(a, b, 255.0)))
            for a, b in ((ink, drawn), (chalk, back))
        ]
        print(
            f"{run.config['recipe']}, seed {run.config['seed']}: "
            f"{read(read_from_ink(drawn))} read in ink, {psnr[0]:.2f} dB to "
            f"the true ones; and back {read(read_from_chalk(back))}, "
            f"{psnr[1]:.2f} dB; trained in "
            f"{run.metrics['train_seconds']:.0f} s"
        )


if __name__ == "__main__":
    main()
