"""The recipes of `ImageGenerator`, and their optimisers."""

from keras_nn.applications import generator_networks as networks
from keras_nn.applications import optimization
from keras_nn.applications.recipe import Expectation
from keras_nn.applications.recipe import Recipe
from keras_nn.applications.unknown_choice import WrongRequest

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


def build_network(recipe, shape, num_classes):
    """The model of a recipe for pictures of a shape.

    Args:
        recipe: `Recipe`.
        shape: tuple `(height, width, channels)`.
        num_classes: int or None.

    Raises:
        WrongRequest: If the recipe has none for such pictures.
    """
    try:
        return recipe.network(shape, num_classes)
    except ValueError as error:
        raise WrongRequest(
            f"Recipe {recipe.name} has no network for pictures of shape "
            f"{shape}; `--set image_size=N` scales them. {error}"
        ) from error


RECIPES = (
    Recipe(
        name="digits-vae",
        summary="Handwritten 8x8 digits, a VAE of dense layers, 16 latents.",
        data="digits",
        network=networks.dense_vae([256, 256], "relu", 16, beta=0.3),
        settings={"schedule": "cosine"},
        fit={"epochs": 150, "batch_size": 64},
        expectation=Expectation("loss", 19.2, minutes=0.7),
    ),
    Recipe(
        name="digits-gan",
        summary="Handwritten 8x8 digits, a DCGAN that names classes, R1.",
        data="digits",
        network=networks.small_gan,
        settings={"learning_rate": 1e-3, "beta_1": 0.5},
        fit={"epochs": 150, "batch_size": 64},
        expectation=Expectation("loss", minutes=1.2),  # a game: no value
    ),
    Recipe(
        name="digits-stylegan2",
        summary="Handwritten 8x8 digits, a StyleGAN2 that names classes.",
        data="digits",
        network=networks.small_stylegan2,
        settings={"learning_rate": 2e-3, "beta_1": 0.0},
        fit={"epochs": 30, "batch_size": 64},
    ),
    Recipe(
        name="digits-infogan",
        summary="Handwritten 8x8 digits without labels, an InfoGAN, R1.",
        data="digits",
        network=networks.small_infogan,
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
        network=networks.small_diffusion,
        settings={
            "learning_rate": 2e-3,
            "schedule": "cosine",
            "guidance": 2.0,
        },
        fit={"epochs": 30, "batch_size": 64},
        expectation=Expectation("loss", 0.08, minutes=1.3),
    ),
    Recipe(
        name="digits-latent-diffusion",
        summary="Handwritten 8x8 digits, a VAE, a diffusion of its 16 latents.",
        data="digits",
        network=networks.latent_diffusion,
        settings={
            "learning_rate": 1e-3,
            "schedule": "cosine",
            "guidance": 2.0,
        },
        fit={"epochs": 80, "batch_size": 64},
    ),
    Recipe(
        name="digits-vqvae",
        summary="Handwritten 8x8 digits, 4x4 codes of 64 entries, a PixelCNN.",
        data="digits",
        network=networks.small_vqvae,
        settings={"learning_rate": 2e-3, "schedule": "cosine"},
        fit={"epochs": 80, "batch_size": 64},
    ),
    Recipe(
        name="digits-flow",
        summary="Handwritten 8x8 digits of 17 greys, Glow at two scales.",
        data="digits",
        network=networks.flow(
            "glow", depth=4, filters=48, levels=17, temperature=0.7
        ),
        settings={"learning_rate": 2e-3, "schedule": "cosine"},
        fit={"epochs": 25, "batch_size": 64},
        expectation=Expectation(
            "bits_per_dimension", 2.15, minutes=0.7, validated=False
        ),
    ),
    Recipe(
        name="mnist-vae",
        summary="MNIST, greys as probabilities, a VAE of 2 x 200 tanh.",
        data="mnist",
        network=networks.dense_vae([200, 200], "tanh", 50),
        settings={"schedule": "cosine", "averaging": 0.995},
        fit={"epochs": 20, "batch_size": 64},
    ),
    Recipe(
        name="mnist-gan",
        summary="MNIST, given the digit, a DCGAN that names classes, R1.",
        data="mnist",
        network=networks.small_gan,
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
        summary="MNIST, rectified flow, a U-Net of squares of 2x2 pixels.",
        data="mnist",
        network=networks.rectified_flow,
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
        network=networks.flow(
            "real_nvp", depth=4, filters=32, levels=256, temperature=0.7
        ),
        settings={"learning_rate": 1e-3, "schedule": "cosine"},
        fit={"epochs": 5, "batch_size": 128},
    ),
    Recipe(
        name="pictures",
        summary="Your own folder of pictures, at 64x64, a VAE of convolutions.",
        network=networks.conv_vae,
        settings={
            "image_size": 64,
            "schedule": "cosine",
            "averaging": 0.0,  # a few pictures are a few steps
        },
        fit={"epochs": 100, "batch_size": 32},
    ),
)
