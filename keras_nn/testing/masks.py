"""What a layer does with Keras's masks."""

import inspect

import keras
import numpy as np

from keras_nn.testing.numbers import arrays
from keras_nn.testing.numbers import assert_close


def check_masks(layer, call, inputs):
    """Asserts that masks are tolerated, propagated and obeyed.

    Args:
        layer: a built layer.
        call: callable `(inputs, **more)` that runs it for inference.
        inputs: array, or a nest of arrays. Its first argument.
    """
    takes_mask = "mask" in inspect.signature(layer.call).parameters
    if isinstance(inputs, (list, tuple)):
        check_none_masks(layer, call, inputs, takes_mask)
    elif isinstance(inputs, np.ndarray) and layer.supports_masking:
        if inputs.ndim > 2 and inputs.dtype.kind == "f":
            check_propagates(layer, call, inputs)
            if takes_mask and inputs.shape[1] > 1:
                check_obeys(call, inputs)


def check_none_masks(layer, call, inputs, takes_mask):
    """Asserts that a list of Nones is a mask."""
    nones = [None] * len(inputs)
    try:
        if takes_mask:
            call(inputs, mask=nones)
        if layer.supports_masking:
            layer.compute_mask(inputs, nones)
    except Exception as error:
        raise AssertionError(
            f"`mask={nones}` is not tolerated. Received: {error!r}"
        ) from error


def check_propagates(layer, call, inputs):
    """Asserts that the mask that comes out fits the output."""
    masked = np.array(inputs)
    masked[0, -1] = 0.0
    outputs = call(keras.layers.Masking()(masked))
    for output in keras.tree.flatten(outputs):
        mask = getattr(output, "_keras_mask", None)
        if mask is None:
            continue
        assert tuple(mask.shape) == tuple(output.shape)[: len(mask.shape)], (
            "the mask that the layer passes on does not fit its output of "
            f"shape {tuple(output.shape)}. Received: {tuple(mask.shape)}. "
            "Override compute_mask() or leave supports_masking False"
        )


def check_obeys(call, inputs):
    """Asserts that values at masked steps do not reach unmasked outputs."""
    mask = np.ones(inputs.shape[:2], "bool")
    mask[0, -1] = False
    other = np.where(mask[..., *[None] * (inputs.ndim - 2)], inputs, 3.0)
    before = arrays(call(inputs, mask=mask))
    after = arrays(call(other.astype(inputs.dtype), mask=mask))
    for a, b in zip(after, before, strict=True):
        if b.shape[:2] == mask.shape:
            a, b = a[mask], b[mask]
        assert_close(a, b, "outputs when values at masked steps change")
