"""The recipes of `AnomalyDetector`, and the models that they train."""

import keras

from keras_nn import models
from keras_nn.applications.recipe import Expectation
from keras_nn.applications.recipe import Recipe


def autoencoder(units, code, activation="tanh"):
    """An `Autoencoder` of dense layers: from the shape of an example."""

    def build(shape):
        given = {"units": units, "activation": activation}
        return models.Autoencoder(
            models.DenseEncoder(shape, output_units=code, **given),
            models.DenseDecoder(code, shape, **given),
        )

    return build


def vae(units, code, likelihood):
    """A `VAE` of dense layers."""

    def build(shape):
        given = {"units": units}
        return models.VAE(
            models.DenseEncoder(shape, output_units=2 * code, **given),
            models.DenseDecoder(code, shape, **given),
            likelihood=likelihood,
        )

    return build


def deep_svdd(units, code):
    """`DeepSVDD` with an encoder of dense layers without biases."""

    def build(shape):
        layers = [keras.Input(shape), keras.layers.Flatten(name="flatten")]
        for index, width in enumerate([*units, code]):
            layers.append(
                keras.layers.Dense(
                    width,
                    "leaky_relu" if index < len(units) else None,
                    use_bias=False,
                    name=f"dense_{index}",
                )
            )
        return models.DeepSVDD(keras.Sequential(layers, name="encoder"))

    return build


def flow(preset, **arguments):
    """A `Flow` of rows."""

    def build(shape):
        return models.Flow.from_preset(preset, shape, **arguments)

    return build


TUMOURS = {"anomalous": "malignant", "schedule": "cosine"}
ZEROS = {"anomalous": "0", "schedule": "cosine"}

RECIPES = (
    Recipe(
        name="digits-autoencoder",
        summary="Digits without zeros, an autoencoder of 16 codes.",
        data="digits",
        network=autoencoder([64], 16, "relu"),
        settings=ZEROS,
        fit={"epochs": 60, "batch_size": 64},
    ),
    Recipe(
        name="digits-vae",
        summary="Digits without zeros, a VAE of 16 latents.",
        data="digits",
        network=vae([128], 16, "bernoulli"),
        settings=ZEROS,
        fit={"epochs": 60, "batch_size": 64},
    ),
    Recipe(
        name="digits-svdd",
        summary="Digits without zeros, Deep SVDD.",
        data="digits",
        network=deep_svdd([64, 32], 16),
        settings=ZEROS,
        fit={"epochs": 60, "batch_size": 64},
    ),
    Recipe(
        name="tumours-autoencoder",
        summary="Benign tumours, an autoencoder of 8 codes.",
        data="breast-cancer",
        network=autoencoder([32], 8),
        settings=TUMOURS,
        fit={"epochs": 100, "batch_size": 32},
        expectation=Expectation("roc_auc", 0.92, validated=False),
    ),
    Recipe(
        name="tumours-vae",
        summary="Benign tumours, a VAE of 8 latents.",
        data="breast-cancer",
        network=vae([32], 8, "gaussian"),
        settings=TUMOURS,
        fit={"epochs": 100, "batch_size": 32},
        expectation=Expectation("roc_auc", 0.92, validated=False),
    ),
    Recipe(
        name="tumours-svdd",
        summary="Benign tumours, Deep SVDD.",
        data="breast-cancer",
        network=deep_svdd([32], 8),
        settings=TUMOURS,
        fit={"epochs": 50, "batch_size": 32},
        expectation=Expectation("roc_auc", 0.9, validated=False),
    ),
    Recipe(
        name="tumours-flow",
        summary="Benign tumours, a MAF of two layers of 64.",
        data="breast-cancer",
        network=flow("maf", depth=2, units=(64,)),
        settings=TUMOURS,
        fit={"epochs": 40, "batch_size": 32},
        expectation=Expectation("roc_auc", 0.97, validated=False),
    ),
    Recipe(
        name="table",
        summary="A CSV file of your own, an autoencoder of 8 codes.",
        network=autoencoder([64], 8),
        settings={"schedule": "cosine"},
        fit={"epochs": 100, "batch_size": 64},
    ),
)
