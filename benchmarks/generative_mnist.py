"""Generated MNIST digits against real ones, by the features of LeNet-5.

    python benchmarks/generative_mnist.py --data FOLDER [--count 2000]
        [--vae 8000] [--gan 12000] [--diffusion 10000] [--filters 16]
        [--grids FOLDER]

FOLDER holds the four official files of MNIST. LeNet-5 is trained on the
training pictures for `--reader-epochs` passes; its 84 features (layer F6) are
the extractor of every number, and numbers of another extractor do not compare.
A dense VAE, a DCGAN and a U-Net on squares of 2 x 2 pixels, by rectified flow,
learn the training pictures without labels for the given numbers of steps of 64
(0 leaves one out), and draw `--count` pictures each, the last in 50 steps of
DDIM. `--filters` is half of the least width of U-Net and DCGAN.

All are compared with as many test pictures; the floor is that of as many
training pictures. Both are drawn at random: the first half of the test set is
the easier one, and training pictures are far from it.
"""

import argparse
import os
import pathlib
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
from idx_files import load_mnist

from keras_nn import metrics
from keras_nn import models
from keras_nn import schedules
from keras_nn.callbacks.drawing import picture_grid

BATCH = 64


def averaged(rate, steps, **kwargs):
    """Adam that falls to 0 along a cosine, and averages weights."""
    falling = keras.optimizers.schedules.CosineDecay(rate, steps)
    return keras.optimizers.Adam(
        falling, use_ema=True, ema_momentum=0.995, **kwargs
    )


def vae(steps, filters):
    units = {"units": [512, 512], "activation": "relu"}
    model = models.VAE(
        models.DenseEncoder((28, 28, 1), 64, **units),
        models.DenseDecoder(32, (28, 28, 1), **units),
    )
    model.compile(averaged(1e-3, steps))
    return model


def gan(steps, filters):
    model = models.GAN(
        models.DCGANGenerator(100, (28, 28, 1), [4 * filters, 2 * filters]),
        models.DCGANDiscriminator(
            (28, 28, 1), [2 * filters, 4 * filters], normalization=None
        ),
        penalties=[models.ZeroCentredPenalty(1.0)],
    )
    judge = keras.optimizers.Adam(
        keras.optimizers.schedules.CosineDecay(5e-4, steps), beta_1=0.5
    )
    drawing = averaged(5e-4, steps, beta_1=0.5)
    model.compile({"generator": drawing, "discriminator": judge})
    return model


def diffusion(steps, filters):
    model = models.DiffusionModel(
        models.DenoisingUNet(
            (28, 28, 1),
            filters=[2 * filters, 4 * filters],
            attention=[1],
            patch_size=2,
        ),
        schedules.FlowNoise(),
        "flow",
        clip=1.0,
    )
    model.compile(averaged(2e-3, steps))
    return model


def trained(make, x, steps, filters):
    """A model, trained for so many steps on pictures of 0..1."""
    keras.utils.set_random_seed(0)
    model = make(steps, filters)
    low, high = model.picture_range
    rng = np.random.default_rng(0)
    while steps:
        now = min(steps, len(x) // BATCH)
        part = x[rng.permutation(len(x))[: now * BATCH]]
        model.fit(low + part * (high - low), batch_size=BATCH, verbose=0)
        steps -= now
    return model


def drawn(model, count):
    """So many pictures of 0..1."""
    low, high = model.picture_range
    parts = [
        model.generate(min(500, count - i), seed=i)
        for i in range(0, count, 500)
    ]
    pictures = np.clip(np.concatenate(parts), low, high)
    return (pictures - low) / (high - low)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--reader-epochs", type=int, default=3)
    parser.add_argument("--vae", type=int, default=8000)
    parser.add_argument("--gan", type=int, default=12000)
    parser.add_argument("--diffusion", type=int, default=10000)
    parser.add_argument("--filters", type=int, default=16)
    parser.add_argument("--grids")
    arguments = parser.parse_args()
    count = arguments.count
    keras.utils.set_random_seed(0)
    (x, y), (test, test_y) = load_mnist(arguments.data)
    x, test = (pictures.astype("float32") / 255 for pictures in (x, test))
    features, classifier = models.lenet5_extractor(
        x, y, (0, 1), arguments.reader_epochs
    )
    found = classifier.evaluate(test, test_y, verbose=0, return_dict=True)
    print(f"LeNet-5 reads {found['accuracy']:.2%} of the test set", flush=True)

    rng = np.random.default_rng(0)
    real = test[rng.permutation(len(test))[:count]]

    def report(name, pictures, minutes):
        scores = metrics.picture_scores(real, pictures, features)
        inception = metrics.InceptionScore(10, "lenet5")
        inception.update_state(None, classifier.predict(pictures, verbose=0))
        scores[inception.name] = float(inception.result())
        text = ", ".join(f"{k} {v:.3f}" for k, v in scores.items())
        print(f"{name} ({minutes:.1f} CPU minutes): {text}", flush=True)

    report("real training pictures", rng.permutation(x)[:count], 0.0)
    for make in (vae, gan, diffusion):
        steps = getattr(arguments, make.__name__)
        if not steps:
            continue
        start = time.process_time()
        model = trained(make, x, steps, arguments.filters)
        minutes = (time.process_time() - start) / 60
        pictures = drawn(model, count)
        report(
            f"{make.__name__}, {steps} steps, {model.count_params()} weights",
            pictures,
            minutes,
        )
        if arguments.grids:
            from PIL import Image

            grid = np.rint(255 * pictures[:64].repeat(3, -1)).astype("uint8")
            folder = pathlib.Path(arguments.grids)
            folder.mkdir(parents=True, exist_ok=True)
            Image.fromarray(picture_grid(grid, 8)).save(
                folder / f"{make.__name__}.png"
            )


if __name__ == "__main__":
    main()
