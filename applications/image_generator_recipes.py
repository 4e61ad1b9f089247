"""The recipes of `ImageGenerator`, their models and their optimisers."""

import math

import keras
from keras import layers

from keras_nn import models
from keras_nn import schedules
from keras_nn.applications import optimization
from keras_nn.applications.recipe import Expectation
from keras_nn.applications.recipe import Recipe

SETTINGS = {"averaging": 0.99, "beta_1": 0.9, "discriminator_rate": 1.0}


def build_optimizer(generator, settings, steps):
    """What the settings say: an optimiser, or a dict of one for each player.

    `averaging` and `beta_1` concern whoever draws; `discriminator_rate` is
    the rate of a discriminator, in learning rates of the generator.

    Args:
        generator: the model that is to be trained.
        settings: dict of resolved settings.
        steps: int. Batches of the whole training.
    """
    players = getattr(generator, "schedule", None)

    def build(player=None):
        given, turns = dict(settings), 1
        if player is not None:
            turns = players.count(player)
        if player == "discriminator":
            given["learning_rate"] *= settings["discriminator_rate"]
        optimizer = optimization.build_optimizer(given, steps * turns)
        if hasattr(optimizer, "beta_1"):
            optimizer.beta_1 = settings["beta_1"]
        if settings["averaging"] > 0 and player != "discriminator":
            optimizer.use_ema = True
            optimizer.ema_momentum = settings["averaging"]
        return optimizer

    if not isinstance(players, tuple):
        return build()
    return {player: build(player) for player in dict.fromkeys(players)}


def _small_vae(shape, num_classes):
    units = {"units": [256, 256], "activation": "relu"}
    given = {**units, "num_classes": num_classes}
    return models.VAE(
        models.DenseEncoder(shape, output_units=32, **given),
        models.DenseDecoder(16, shape, **given),
        num_classes=num_classes,
    )


def _small_gan(shape, num_classes):
    auxiliary = num_classes is not None
    return models.GAN(
        models.DCGANGenerator(
            32, shape, filters=[64, 32], num_classes=num_classes
        ),
        models.DCGANDiscriminator(
            shape,
            filters=[32, 64],
            normalization=None,
            num_classes=num_classes,
            condition="auxiliary",
        ),
        penalties=[models.ZeroCentredPenalty(1.0)],
        num_classes=num_classes,
        auxiliary=1.0 if auxiliary else 0.0,
    )


def _small_stylegan2(shape, num_classes):
    sizes = max(1, round(math.log2(shape[0] / 4)) + 1)
    given = {"filters": [64] * (sizes - 1) + [32], "num_classes": num_classes}
    return models.StyleGAN2(
        models.StyleGAN2Generator(
            32, shape, style_units=32, mapping_layers=3, **given
        ),
        models.StyleGAN2Discriminator(shape, condition="auxiliary", **given),
        penalties=[models.ZeroCentredPenalty(1.0, every=16)],
        num_classes=num_classes,
        auxiliary=0.0 if num_classes is None else 1.0,
    )


def _small_infogan(shape, num_classes):
    """Ten values and two numbers, whatever classes there are."""
    return models.InfoGAN(
        models.DCGANGenerator(32 + 12, shape, filters=[64, 32]),
        models.DCGANDiscriminator(
            shape,
            filters=[32, 64],
            normalization=None,
            num_classes=14,
            condition="auxiliary",
        ),
        penalties=[models.ZeroCentredPenalty(1.0)],
    )


def _small_diffusion(shape, num_classes):
    network = models.DenoisingUNet(
        shape, filters=[32, 64], num_classes=num_classes, embedding_units=64
    )
    return models.DiffusionModel(
        network,
        schedules.CosineNoise(),
        num_classes=num_classes,
        min_snr=5.0,
        clip=1.0,
    )


def _vae(shape, num_classes):
    """Kingma and Welling's, with the layers of Burda et al.'s."""
    units = {"units": [200, 200], "activation": "tanh"}
    given = {**units, "num_classes": num_classes}
    return models.VAE(
        models.DenseEncoder(shape, output_units=100, **given),
        models.DenseDecoder(50, shape, **given),
        num_classes=num_classes,
    )


def _rectified_flow(shape, num_classes):
    """Straight lines, and a U-Net that sees squares of 2 x 2 pixels."""
    network = models.DenoisingUNet(
        shape,
        filters=[32, 64],
        num_classes=num_classes,
        attention=[1],
        patch_size=2,
    )
    return models.DiffusionModel(
        network,
        schedules.FlowNoise(),
        "flow",
        num_classes=num_classes,
        clip=1.0,
    )


def _small_vqvae(shape, num_classes):
    """Codes at half the size, of 64 entries, and a PixelCNN of them."""
    height, width, channels = shape
    common = {"padding": "same", "activation": "relu"}
    encoder = keras.Sequential(
        [
            keras.Input(shape),
            layers.Conv2D(32, 3, name="look", **common),
            layers.Conv2D(64, 4, strides=2, name="shrink", **common),
            layers.Conv2D(16, 1, name="code"),
        ],
        name="encoder",
    )
    decoder = keras.Sequential(
        [
            keras.Input((height // 2, width // 2, 16)),
            layers.Conv2D(64, 3, name="read", **common),
            layers.Conv2DTranspose(32, 4, strides=2, name="enlarge", **common),
            layers.Conv2D(channels, 3, padding="same", name="picture"),
        ],
        name="decoder",
    )
    network = models.GatedPixelCNN(
        (height // 2, width // 2),
        outputs=64,
        entries=64,
        filters=48,
        num_layers=4,
        dropout=0.2,
        num_classes=num_classes,
        name="network",
    )
    return models.CodeGenerator(
        models.VQVAE(encoder, decoder, entries=64, name="vqvae"),
        models.PixelCNN(network, num_classes=num_classes, name="prior"),
    )


def _flow(preset, **arguments):
    """A `Flow` of pictures; `levels` are the greys that they have."""

    def build(shape, num_classes):
        return models.Flow.from_preset(
            preset, shape, num_classes=num_classes, **arguments
        )

    return build


RECIPES = (
    Recipe(
        name="digits-vae",
        summary="Handwritten 8x8 digits, a VAE of dense layers, 16 latents.",
        data="digits",
        network=_small_vae,
        settings={"schedule": "cosine"},
        fit={"epochs": 150, "batch_size": 64},
        expectation=Expectation("loss", 21.0, minutes=0.7),
    ),
    Recipe(
        name="digits-gan",
        summary="Handwritten 8x8 digits, a DCGAN that names classes, R1.",
        data="digits",
        network=_small_gan,
        settings={"learning_rate": 1e-3, "beta_1": 0.5},
        fit={"epochs": 150, "batch_size": 64},
        expectation=Expectation("loss", minutes=1.2),  # a game: no value
    ),
    Recipe(
        name="digits-stylegan2",
        summary="Handwritten 8x8 digits, a StyleGAN2 that names classes.",
        data="digits",
        network=_small_stylegan2,
        settings={"learning_rate": 2e-3, "beta_1": 0.0},
        fit={"epochs": 30, "batch_size": 64},
    ),
    Recipe(
        name="digits-infogan",
        summary="Handwritten 8x8 digits without labels, an InfoGAN, R1.",
        data="digits",
        network=_small_infogan,
        settings={
            "learning_rate": 1e-3,
            "schedule": "cosine",
            "beta_1": 0.5,
        },
        fit={"epochs": 100, "batch_size": 64},
    ),
    Recipe(
        name="digits-diffusion",
        summary="Handwritten 8x8 digits, a U-Net of 32 and 64, cosine noise.",
        data="digits",
        network=_small_diffusion,
        settings={
            "learning_rate": 2e-3,
            "schedule": "cosine",
            "guidance": 2.0,
        },
        fit={"epochs": 30, "batch_size": 64},
        expectation=Expectation("loss", 0.08, minutes=1.3),
    ),
    Recipe(
        name="digits-vqvae",
        summary="Handwritten 8x8 digits, 4x4 codes of 64 entries, a PixelCNN.",
        data="digits",
        network=_small_vqvae,
        settings={"learning_rate": 2e-3, "schedule": "cosine"},
        fit={"epochs": 80, "batch_size": 64},
    ),
    Recipe(
        name="digits-flow",
        summary="Handwritten 8x8 digits of 17 greys, Glow at two scales.",
        data="digits",
        network=_flow("glow", depth=4, filters=48, levels=17, temperature=0.7),
        settings={"learning_rate": 2e-3, "schedule": "cosine"},
        fit={"epochs": 25, "batch_size": 64},
        expectation=Expectation(
            "bits_per_dimension", 2.15, minutes=0.7, validated=False
        ),
    ),
    Recipe(
        name="mnist-vae",
        summary="MNIST, given the digit, a VAE of 2 x 200 tanh, 50 latents.",
        data="mnist",
        network=_vae,
        settings={"schedule": "cosine", "averaging": 0.995},
        fit={"epochs": 20, "batch_size": 64},
    ),
    Recipe(
        name="mnist-gan",
        summary="MNIST, given the digit, a DCGAN that names classes, R1.",
        data="mnist",
        network=_small_gan,
        settings={
            "learning_rate": 5e-4,
            "schedule": "cosine",
            "beta_1": 0.5,
            "averaging": 0.995,
        },
        fit={"epochs": 12, "batch_size": 64},
    ),
    Recipe(
        name="mnist-diffusion",
        summary="MNIST, given the digit, rectified flow, a U-Net of 32 and 64.",
        data="mnist",
        network=_rectified_flow,
        settings={
            "learning_rate": 2e-3,
            "schedule": "cosine",
            "averaging": 0.995,
            "guidance": 1.5,
        },
        fit={"epochs": 10, "batch_size": 64},
    ),
    Recipe(
        name="mnist-flow",
        summary="MNIST, given the digit, RealNVP at two scales.",
        data="mnist",
        network=_flow(
            "real_nvp", depth=4, filters=32, levels=256, temperature=0.7
        ),
        settings={"learning_rate": 1e-3, "schedule": "cosine"},
        fit={"epochs": 5, "batch_size": 128},
    ),
)
