import numpy as np
import pytest

from keras_nn.applications import ImageGenerator
from keras_nn.applications import generator_networks as networks
from keras_nn.applications.generator_inspectors import generator_inspectors
from keras_nn.data import Split

X = np.random.default_rng(0).integers(0, 256, (12, 8, 8, 1), "uint8")
CODES = ["PictureComparison", "ActiveUnits", "LatentTraversals"]
CODES += ["LatentMap", "CodeProjector"]


@pytest.mark.parametrize(
    "network, expected",
    [
        (networks.dense_vae([8], "relu", 2), CODES),
        (networks.small_vqvae, [CODES[0], *CODES[3:]]),
        (networks.small_gan, []),
    ],
    ids=["vae", "vqvae", "gan"],
)
def test_each_kind_of_generator_has_its_instruments(
    network, expected, tmp_path
):
    app = ImageGenerator(network((8, 8, 1), 3))
    data = Split(X, np.arange(12) % 3)
    for given, names in ((None, []), (data, expected)):
        found = generator_inspectors(app, tmp_path, given, 1)
        assert [type(i).__name__ for i in found] == ["SampleGrid", *names]
