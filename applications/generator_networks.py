"""The models that the recipes of `ImageGenerator` train.

Each is made by a function of the shape of a picture and the number of classes,
or None; those with arguments of their own return such a function.
"""

import math

import keras
from keras import layers

from keras_nn import losses
from keras_nn import models
from keras_nn import schedules


def dense_vae(units, activation, code_units, beta=1.0):
    """A VAE of dense layers, the same in the encoder and the decoder.

    Args:
        units: list of ints. Width of each hidden layer.
        activation: str. Of the hidden layers.
        code_units: int. Units of a code.
        beta: float. Weight of the divergence. Defaults to 1.
    """

    def build(shape, num_classes):
        given = {
            "units": units,
            "activation": activation,
            "num_classes": num_classes,
        }
        return models.VAE(
            models.DenseEncoder(shape, output_units=2 * code_units, **given),
            models.DenseDecoder(code_units, shape, **given),
            beta=beta,
            num_classes=num_classes,
        )

    return build


def conv_vae(shape, num_classes):
    """A VAE of convolutions for pictures of every kind, 64 latents."""
    given = {"batch_normalization": True, "num_classes": num_classes}
    return models.VAE(
        models.ConvEncoder(shape, 128, filters=[32, 64, 128], **given),
        models.ConvDecoder(64, shape, filters=[128, 64, 32], **given),
        likelihood=losses.GaussianNLL(deviation=0.2),
        num_classes=num_classes,
    )


def small_gan(shape, num_classes):
    """A DCGAN whose discriminator names the classes, with R1."""
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


def small_stylegan2(shape, num_classes):
    """From 4 x 4 pixels to the size of the pictures, 64 channels a map."""
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


def small_infogan(shape, num_classes):
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


def small_diffusion(shape, num_classes):
    """Velocities, learnt with min-SNR weights, by a U-Net of two sizes."""
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


def latent_diffusion(shape, num_classes):
    """A VAE of 16 latents, and their diffusion by dense residual blocks."""
    # Codes may be far from normal: the diffusion knows their law.
    autoencoder = dense_vae([256, 256], "relu", 16, beta=0.1)(shape, None)
    network = models.DenoisingMLP(
        (16,), units=256, depth=3, num_classes=num_classes, name="denoiser"
    )
    return models.LatentGenerator(
        models.LatentDiffusion(
            autoencoder,
            network,
            schedules.CosineNoise(),
            num_classes=num_classes,
            clip=4.0,
            name="diffusion",
        )
    )


def rectified_flow(shape, num_classes):
    """Straight lines from noise, by a U-Net of squares of 2 x 2 pixels."""
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


def small_vqvae(shape, num_classes):
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


def flow(preset, **arguments):
    """A `Flow` of pictures; `levels` are the greys that they have."""

    def build(shape, num_classes):
        return models.Flow.from_preset(
            preset, shape, num_classes=num_classes, **arguments
        )

    return build
