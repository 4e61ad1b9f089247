from keras_nn.explain.activation_methods import METHODS
from keras_nn.explain.class_activation import class_activation
from keras_nn.explain.explainer import Explainer
from keras_nn.explain.explanation import Explanation
from keras_nn.explain.functional_view import FunctionalView


class ClassActivationMap(Explainer):
    """Grad-CAM and its kin, as an explainer: see `class_activation`.

    Args:
        method: str. One of `"gradcam"`, `"gradcam++"`, `"scorecam"`,
            `"layercam"`, `"saliency"`, `"smoothgrad"`. Defaults to
            `"gradcam"`.
        layer: str. Name of the layer that a map reads, or None, as of
            `class_activation`.
        options: dict, further options of the method, or None.
        model, output, batch_size: as of `Explainer`.

    Call arguments:
        inputs, targets: as of `Explainer`.

    Returns:
        An `Explanation` with attributions `(n, *positions, 1)` in [0, 1].

    Raises:
        ValueError: on another method, or a model without a map to read.

    Example:

    >>> import keras, numpy as np
    >>> model = keras.Sequential([
    ...     keras.Input((8, 8, 1)), keras.layers.Conv2D(2, 3),
    ...     keras.layers.Flatten(), keras.layers.Dense(3),
    ... ])
    >>> ClassActivationMap(model)(np.ones((2, 8, 8, 1))).attributions.shape
    (2, 8, 8, 1)
    """

    def __init__(
        self, model, method="gradcam", layer=None, options=None, **kwargs
    ):
        super().__init__(model, **kwargs)
        if method not in METHODS:
            raise ValueError(
                f"`method` must be one of {list(METHODS)}. Received: {method!r}"
            )
        self.method = method
        self.layer = layer
        self.options = options or {}

    def __call__(self, inputs, targets=None):
        view = self.view(inputs)
        chosen = self.scores.choose(view.flat_inputs(inputs), targets)
        maps = class_activation(
            self._held,
            inputs,
            chosen,
            self.method,
            self.output,
            self.layer,
            **self.options,
        )
        return Explanation(maps[..., None], self.method, chosen)

    def view(self, inputs):
        is_new = self.scores is None
        view = super().view(inputs)
        if is_new:
            self._held = FunctionalView(
                self.model, inputs, linear=True, hold_side_inputs=True
            )
        else:
            self._held.refresh()
        return view
