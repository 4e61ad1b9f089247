"""The recipes of `ImageTranslator`, their models and their optimisers."""

from keras_nn import models
from keras_nn.applications import optimization
from keras_nn.applications.recipe import Expectation
from keras_nn.applications.recipe import Recipe

SETTINGS = {
    "network": "pix2pix",
    "learning_rate": 2e-4,
    "beta_1": 0.5,
    "adversarial_loss": "auto",
    "reconstruction_weight": 100.0,  # of pairs
    "noise": True,
    "cycle_weight": 10.0,  # without pairs
    "identity_weight": 0.5,
    "history_size": 50,
    "hidden_pairs": False,
}


def build_optimizers(model, settings, steps):
    """An optimiser for each player, as the settings say: a dict.

    Args:
        model: `Pix2Pix` or `CycleGAN`.
        settings: dict of resolved settings.
        steps: int. Batches of the whole training.
    """
    found = {}
    for player in model.players:
        optimizer = optimization.build_optimizer(settings, steps)
        if hasattr(optimizer, "beta_1"):
            optimizer.beta_1 = settings["beta_1"]
        found[player] = optimizer
    return found


def is_paired(settings):
    """Whether the network of these settings learns from pairs."""
    return settings["network"].startswith("pix2pix")


def build_model(inputs, targets, settings):
    """The model that the settings name, for pictures of these shapes."""
    chosen = settings["adversarial_loss"]
    how = {} if chosen == "auto" else {"adversarial_loss": chosen}
    return NETWORKS[settings["network"]](inputs, targets, settings, how)


def _halvings(shape, most):
    """How often both sides can be halved, up to a number."""
    count = 0
    while count < most and not any(s % 2 ** (count + 1) for s in shape[:2]):
        count += 1
    return count


def _pix2pix(filters, judge_filters, dropout, normalization):
    def build(inputs, targets, settings, how):
        levels = _halvings(inputs, len(filters))
        generator = models.UNetTranslator(
            inputs,
            targets[-1],
            filters[:levels],
            dropout,
            settings["noise"] and dropout > 0,
            normalization,
        )
        joined = (*inputs[:2], inputs[-1] + targets[-1])
        judge = models.PatchDiscriminator(joined, judge_filters, normalization)
        return models.Pix2Pix(
            generator,
            judge,
            reconstruction_weight=settings["reconstruction_weight"],
            **how,
        )

    return build


def _cyclegan(filters, num_blocks, judge_filters):
    def build(inputs, targets, settings, how):
        same = inputs[-1] == targets[-1]
        ways = ((inputs, targets), (targets, inputs))
        generators = [
            models.ResNetTranslator(
                (*inputs[:2], a[-1]),
                b[-1],
                filters,
                num_blocks or (6 if max(inputs[:2]) < 256 else 9),
            )
            for a, b in ways
        ]
        judges = [
            models.PatchDiscriminator(
                (*inputs[:2], b[-1]), judge_filters, "instance"
            )
            for _, b in ways
        ]
        return models.CycleGAN(
            *generators,
            *judges,
            cycle_weight=settings["cycle_weight"],
            identity_weight=settings["identity_weight"] if same else 0.0,
            history_size=settings["history_size"],
            **how,
        )

    return build


NETWORKS = {
    "pix2pix": _pix2pix(
        (64, 128, 256, 512, 512, 512, 512, 512),
        (64, 128, 256, 512),
        0.5,
        "batch",
    ),
    "pix2pix_small": _pix2pix((16, 32, 64, 64), (16, 32, 64), 0.0, "instance"),
    "cyclegan": _cyclegan(64, None, (64, 128, 256, 512)),
    "cyclegan_small": _cyclegan(8, 2, (16, 32)),
}

RECIPES = (
    Recipe(
        name="shapes",
        summary="Label maps to painted pictures of 64 pixels, small Pix2Pix.",
        data="shaded-shapes",
        settings={
            "network": "pix2pix_small",
            "learning_rate": 2e-3,
            "schedule": "cosine",
        },
        fit={"epochs": 4, "batch_size": 8},
        expectation=Expectation("psnr", 26.5, minutes=1.1),
    ),
    Recipe(
        name="digits-ink",
        summary="Digits in chalk to digits in ink, no pairs, small CycleGAN.",
        data="digits-in-ink",
        settings={
            "network": "cyclegan_small",
            "learning_rate": 2e-3,
            "schedule": "cosine",
            "hidden_pairs": True,
        },
        fit={"epochs": 6, "batch_size": 8},
        expectation=Expectation("psnr", 27.0, minutes=1.3),
    ),
    Recipe(
        name="pairs",
        summary="Your own pairs of pictures, Pix2Pix of the paper.",
        settings={
            "network": "pix2pix",
            "image_size": 256,
            "flip": True,
            "jitter": 0.117,
            "schedule": "cosine",
        },
        fit={"epochs": 200, "batch_size": 1},
    ),
    Recipe(
        name="pairs-small",
        summary="Your own pairs of pictures, 64 pixels, small Pix2Pix.",
        settings={
            "network": "pix2pix_small",
            "image_size": 64,
            "learning_rate": 2e-3,
            "schedule": "cosine",
        },
        fit={"epochs": 20, "batch_size": 8},
    ),
    Recipe(
        name="unpaired",
        summary="Your own pictures of two kinds, CycleGAN of the paper.",
        settings={
            "network": "cyclegan",
            "image_size": 256,
            "flip": True,
            "jitter": 0.117,
            "schedule": "cosine",
        },
        fit={"epochs": 200, "batch_size": 1},
    ),
    Recipe(
        name="unpaired-small",
        summary="Your own pictures of two kinds, 64 pixels, small CycleGAN.",
        settings={
            "network": "cyclegan_small",
            "image_size": 64,
            "learning_rate": 2e-3,
            "schedule": "cosine",
        },
        fit={"epochs": 20, "batch_size": 8},
    ),
)
