import numpy as np

from keras_nn.explain.class_activation_map import ClassActivationMap
from keras_nn.explain.explanation import Explanation
from keras_nn.explain.guided_backprop import GuidedBackprop


class GuidedGradCam:
    """Guided backprop where Grad-CAM sees the class.

    `a = max(cam, 0) * guided`: the fine lines of the one, at the places of
    the other.

    Args:
        model: any built `keras.Model` of pictures, with ReLUs.
        layer: str. Name of the layer that Grad-CAM reads, or None, as of
            `class_activation`.
        output: str, int or None. Which of the model's outputs is explained.
        batch_size: int. Rows that the model sees at once. Defaults to 64.

    Call arguments:
        inputs, targets: as of `Explainer`.

    Returns:
        An `Explanation` with attributions of the pictures' shape.

    Raises:
        ValueError: if there is no ReLU, or no map to read.

    Example:

    >>> import keras
    >>> model = keras.Sequential([
    ...     keras.Input((8, 8, 1)),
    ...     keras.layers.Conv2D(2, 3, activation="relu"),
    ...     keras.layers.Flatten(),
    ...     keras.layers.Dense(3),
    ... ])
    >>> GuidedGradCam(model)(np.ones((2, 8, 8, 1))).attributions.shape
    (2, 8, 8, 1)

    Reference:
        [Selvaraju et al., 2017](https://arxiv.org/abs/1610.02391)
    """

    method = "guided-gradcam"

    def __init__(self, model, layer=None, output=None, batch_size=64):
        common = {"output": output, "batch_size": batch_size}
        self.layer = layer
        self.map = ClassActivationMap(model, layer=layer, **common)
        self.guided = GuidedBackprop(model, **common)

    def __call__(self, inputs, targets=None):
        guided = self.guided(inputs, targets)
        found = self.map(inputs, guided.targets)
        flat = self.guided.scores.view.flattened(guided.attributions)
        place = next(i for i, a in enumerate(flat) if np.ndim(a) > 2)
        flat = [
            a * found.attributions if i == place else np.zeros_like(a)
            for i, a in enumerate(flat)
        ]
        view = self.guided.scores.view
        return Explanation(
            view.structured(flat, inputs), self.method, guided.targets
        )
