import functools

import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.models import DETR
from keras_nn.models import ResNet
from keras_nn.testing import check_model


def arguments(**kwargs):
    images = keras.Input((8, 8, 1))
    coarse = keras.layers.Conv2D(3, 3, 4, "same", name="coarse")(images)
    return {
        "backbone": keras.Model(images, coarse, name="maps"),
        "num_classes": 2,
        "num_queries": 3,
        "hidden_dim": 8,
        "num_heads": 2,
        "encoder_layers": 1,
        "decoder_layers": 2,
        "feed_forward_dim": 8,
        "dropout": 0.0,
        **kwargs,
    }


@pytest.mark.slow
@pytest.mark.parametrize("two_stage", [False, True])
def test_conformance(two_stage):
    y = np.full((4, 2, 5), -1, "float32")
    y[:3, 0] = [1, 1, 6, 7, 0], [0, 2, 8, 8, 1], [3, 3, 6, 6, 1]
    shallow = functools.partial(
        arguments, decoder_layers=1, two_stage=two_stage
    )
    loss = DETR(**shallow()).objective()
    # Half precision skips some steps before it has found its loss scale.
    check_model(
        DETR,
        shallow,
        (4, 8, 8, 1),
        y,
        compile_kwargs={"loss": loss},
        epochs=12,
    )


def test_candidates_are_those_of_the_last_layer_without_none():
    network = DETR(**arguments())
    outputs = np.random.default_rng(0).normal(size=(1, 2, 3, 7))
    boxes, scores = map(ops.convert_to_numpy, network.candidates(outputs))
    np.testing.assert_allclose(boxes, outputs[:, -1, :, :4], rtol=1e-6)
    shares = np.exp(outputs[:, -1, :, 4:])
    shares /= shares.sum(axis=-1, keepdims=True)
    np.testing.assert_allclose(scores, shares[..., :2], rtol=1e-5)


def test_in_two_stages_the_first_boxes_are_those_of_tokens():
    network = DETR(**arguments(two_stage=True, temperature=20.0))
    assert network.output_shape == (None, 3, 3, 7)
    outputs = ops.convert_to_numpy(network(np.ones((2, 8, 8, 1))))
    # A new network's tokens propose boxes of a quarter around their cells.
    sides = outputs[:, 0, :, 2:4] - outputs[:, 0, :, :2]
    np.testing.assert_allclose(sides, 2.0, atol=1e-4)
    assert (np.ptp(outputs[:, 1:, :, 0], axis=-1) > 0).all()
    assert network.objective().call(
        np.array([[[1, 1, 6, 7, 0.0]]] * 2), outputs
    ).shape == (2,)
    again = DETR.from_config(network.get_config())
    assert again.two_stage and again.temperature == 20.0


def test_a_map_of_a_backbone_is_chosen_by_its_stride():
    backbone = ResNet(
        False,
        input_shape=(16, 16, 3),
        num_blocks=[1, 1],
        num_filters=[4, 4],
        bottleneck=False,
        stem_filters=4,
    )
    network = DETR(**arguments(backbone=backbone, stride=4))
    assert network.get_layer("tokens").output.shape == (None, 16, 8)
    assert network.backbone is backbone
    with pytest.raises(ValueError, match="`strides` must be among"):
        DETR(**arguments(backbone=backbone, stride=64))
    with pytest.raises(ValueError, match="`decoder_layers` must be positive"):
        DETR(**arguments(decoder_layers=0))
    unknown = keras.Input((None, None, 1))
    with pytest.raises(ValueError, match="pictures of one size"):
        DETR(**arguments(backbone=keras.Model(unknown, unknown + 1)))
