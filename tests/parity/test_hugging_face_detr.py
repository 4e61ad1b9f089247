"""DETR against Hugging Face's (record_hf_detr.py)."""

from pathlib import Path

import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.models import DETR

GOLDEN = np.load(Path(__file__).parent / "hf_detr.npz")
PREFIX = "weights/"
BOXES = [[[0.3, 0.4, 0.2, 0.5], [0.7, 0.6, 0.4, 0.3], [0.5, 0.5, 0.9, 0.8]],
         [[0.2, 0.8, 0.3, 0.2]]]  # fmt: skip
LABELS = [[2, 0, 1], [1]]
ATTENTION = {"q": "query", "k": "key", "v": "value", "o": "output"}


def ported(layer, name):
    """Their weights of a dense layer, a norm or a 1x1 convolution."""
    kernel = GOLDEN[f"{PREFIX}{name}.weight"]
    if kernel.ndim > 1:
        kernel = np.moveaxis(kernel, (0, 1), (-1, -2))
    layer.set_weights([kernel, GOLDEN[f"{PREFIX}{name}.bias"]])
    return 2


def ported_attention(layer, name):
    weights = []
    for theirs, ours in ATTENTION.items():
        kernel = GOLDEN[f"{PREFIX}{name}.{theirs}_proj.weight"].T
        bias = GOLDEN[f"{PREFIX}{name}.{theirs}_proj.bias"]
        inner = getattr(layer, f"_{ours}_dense")
        shapes = [w.shape for w in inner.get_weights()]
        inner.set_weights([kernel.reshape(shapes[0]), bias.reshape(shapes[1])])
        weights += [kernel, bias]
    return len(weights)


@pytest.fixture(scope="module")
def model():
    """The network behind the backbone: its pictures are their maps."""
    shape = GOLDEN["map"].shape[1:]
    pictures = keras.Input(shape)
    identity = keras.layers.Activation("linear")(pictures)
    model = DETR(
        keras.Model(pictures, identity),
        3,
        num_queries=6,
        hidden_dim=16,
        num_heads=2,
        encoder_layers=2,
        decoder_layers=2,
        feed_forward_dim=24,
        dropout=0.0,
    )
    get = model.get_layer
    count = ported(get("projection"), "model.input_projection")
    queries = GOLDEN[f"{PREFIX}model.query_position_embeddings.weight"]
    get("queries").set_weights([queries])
    count += 1 + ported(get("decoder_norm"), "model.decoder.layernorm")
    count += ported(get("classes"), "class_labels_classifier")
    for index in range(3):
        count += ported(get(f"box_{index}"), f"bbox_predictor.layers.{index}")
    for side in ("encoder", "decoder"):
        for index in range(2):
            block, name = get(f"{side}_{index}"), f"model.{side}.layers.{index}"
            count += ported_attention(block.attention, f"{name}.self_attn")
            norms = ["self_attn_layer_norm", "final_layer_norm"]
            if side == "decoder":
                norms.insert(1, "encoder_attn_layer_norm")
                count += ported_attention(
                    block.cross_attention, f"{name}.encoder_attn"
                )
            for norm, theirs in zip(block.norms, norms, strict=True):
                count += ported(norm, f"{name}.{theirs}")
            count += ported(block.hidden, f"{name}.mlp.fc1")
            count += ported(block.out, f"{name}.mlp.fc2")
    assert count == sum(key.startswith(PREFIX) for key in GOLDEN.files)
    return model


def corners(boxes):
    """Of centres and sides in shares, in cells of the map."""
    height, width = GOLDEN["map"].shape[1:3]
    boxes = np.asarray(boxes) * np.array([width, height, width, height])
    low, half = boxes[..., :2], boxes[..., 2:] / 2
    return np.concatenate([low - half, low + half], axis=-1)


def test_logits_and_boxes_of_every_decoder_layer(model):
    found = np.asarray(model(GOLDEN["map"]))
    np.testing.assert_allclose(found[..., 4:], GOLDEN["logits"], atol=1e-4)
    np.testing.assert_allclose(
        found[..., :4], corners(GOLDEN["pred_boxes"]), atol=1e-4
    )


def test_loss_with_its_assignment(model):
    y_true = np.full((2, 4, 5), -1, "float32")
    for row, boxes, labels in zip(y_true, BOXES, LABELS, strict=True):
        row[: len(labels), :4] = corners(boxes)
        row[: len(labels), 4] = labels
    loss = model.objective()
    found = loss.call(y_true, model(GOLDEN["map"]))
    np.testing.assert_allclose(
        ops.convert_to_numpy(found), GOLDEN["losses"], rtol=1e-4
    )
