import numpy as np
import pytest
from keras import ops

from keras_nn.layers import BoxWaves
from keras_nn.ops.sine_map import sine_map
from keras_nn.testing import check_layer


def test_conformance():
    arguments = {"map_size": (3, 4), "features": 8, "temperature": 20.0}
    check_layer(BoxWaves, arguments, (2, 3, 4))


def test_at_the_centre_of_a_cell_they_are_those_of_the_cell():
    rows, columns = np.mgrid[:3, :4]
    boxes = np.stack(
        [(columns + 0.5) / 4, (rows + 0.5) / 3, 0.3 + 0 * rows, 0.1 + 0 * rows],
        axis=-1,
    )
    found = BoxWaves((3, 4), 16, 20.0)(np.log(boxes / (1 - boxes)))
    np.testing.assert_allclose(
        ops.convert_to_numpy(found), sine_map(3, 4, 16, 20.0), atol=1e-4
    )


@pytest.mark.parametrize("arguments", [((3, 0), 8), ((3, 4), 6)])
def test_refuses_no_size_and_odd_features(arguments):
    with pytest.raises(ValueError, match="must be .*Received"):
        BoxWaves(*arguments)
