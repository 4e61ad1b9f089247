import weakref

import numpy as np
import tensorflow as tf

from keras_nn import explain
from keras_nn.callbacks.classifier_instrument import ClassifierInstrument
from keras_nn.callbacks.drawing import BAD
from keras_nn.callbacks.drawing import GOOD
from keras_nn.callbacks.drawing import captioned_grid
from keras_nn.explain.heat_map import overlay

_TILE = 112
# What keeps the slow methods affordable in training.
_OPTIONS = {"scorecam": {"max_channels": 16}, "smoothgrad": {"samples": 8}}
_METHODS = (
    "gradcam",
    "gradcam++",
    "scorecam",
    "layercam",
    "saliency",
    "smoothgrad",
)


class SaliencyMaps(ClassifierInstrument):
    """Shows where in a picture a classifier sees its class.

    The same few pictures, of as many classes as there are, are explained each
    time by the methods of `keras_nn.explain.class_activation`. The maps lie
    over the pictures: what is warm speaks for the class, what keeps its own
    colours does not count. Each map is scaled to its own highest value.

    Read it for: warm spots beside the object (the background, a watermark, a
    frame): the model has learnt a shortcut, which other data will break. A map
    that does not change over epochs in which the loss falls is not to be
    trusted. The caption is green where the prediction is right.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        sample: `ValidationSample` with pictures, or anything
            `ValidationSample.of` takes.
        every: int. Write once per this many epochs. Defaults to 5.
        methods: sequence of str, of `"gradcam"`, `"gradcam++"`,
            `"scorecam"` (of the 16 channels that vary most), `"layercam"`,
            `"saliency"` and `"smoothgrad"` (of 8 copies). None means Grad-CAM
            and saliency, or saliency alone for a model without convolution.
            Defaults to None.
        count: int. How many pictures. Defaults to 8.
        target: str. The class to explain, `"predicted"` or `"true"`. Defaults
            to `"predicted"`.

    Raises:
        ValueError: If the sample has no pictures, or an argument is none of
            those listed; in training, if the model's `call` cannot be traced.

    Writes to `log_dir/validation`, at the epoch's index:
        `saliency_maps`: image. A column per picture; the picture on top, a
            row per method below it.

    Example:

    >>> import keras, pathlib, tempfile
    >>> from keras_nn.testing import read_events
    >>> layers = [keras.layers.Conv2D(2, 3), keras.layers.Flatten()]
    >>> layers = [keras.Input((8, 8, 1)), *layers]
    >>> model = keras.Sequential([*layers, keras.layers.Dense(3, "softmax")])
    >>> model.compile("sgd", "sparse_categorical_crossentropy")
    >>> x, y = np.random.rand(6, 8, 8, 1).astype("float32"), np.arange(6) % 3
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> instrument = SaliencyMaps(folder, (x, y), every=1)
    >>> _ = model.fit(x, y, verbose=0, callbacks=[instrument])
    >>> tag = "saliency_maps"
    >>> tag in read_events(folder)["validation"]
    True

    Reference:
        [Adebayo et al., 2018](https://arxiv.org/abs/1810.03292) on what such
        maps do and do not show.
    """

    def __init__(
        self,
        log_dir,
        sample,
        every=5,
        methods=None,
        count=8,
        target="predicted",
    ):
        super().__init__(log_dir, sample, every)
        unknown = [m for m in methods or () if m not in _METHODS]
        if unknown or (methods is not None and not methods):
            raise ValueError(
                f"`methods` must be of {list(_METHODS)}. Received: {methods}"
            )
        if count < 1:
            raise ValueError(f"`count` must be positive. Received: {count=}")
        if target not in ("predicted", "true"):
            raise ValueError(
                f"`target` must be 'predicted' or 'true'. Received: {target!r}"
            )
        self.sample.require_pictures()
        self.methods = methods
        self.count = count
        self.target = target
        self._chosen = _of_all_classes(self.sample.labels, count)
        self._source = lambda: None
        self._view = None

    def report(self, epoch, probabilities):
        chosen, labels = self._chosen, self.sample.labels
        names = self.sample.names(probabilities.shape[1])
        predicted = probabilities.argmax(axis=1)
        targets = predicted if self.target == "predicted" else labels
        inputs = self.sample.take(chosen)
        view = self._fresh_view(inputs)
        pictures = self.sample.pictures[chosen]

        rows = [list(pictures)]
        captions = [
            [
                f"is {names[labels[i]]}\n"
                f"said {names[predicted[i]]} ({probabilities[i].max():.0%})"
                for i in chosen
            ]
        ]
        for method in self.methods or _suitable(view):
            maps = explain.class_activation(
                view,
                inputs,
                targets[chosen],
                method,
                self.sample.output,
                **_OPTIONS.get(method, {}),
            )
            pairs = zip(pictures, maps, strict=True)
            rows.append([overlay(p, m, _TILE) for p, m in pairs])
            captions.append(
                [f"{method}\nfor {names[targets[i]]}" for i in chosen]
            )
        inks = [[GOOD if labels[i] == predicted[i] else BAD for i in chosen]]
        inks += [[(32, 33, 36)] * len(chosen)] * (len(rows) - 1)
        title = f"epoch {epoch}, for the {self.target} class"
        grid = captioned_grid(rows, captions, title, _TILE, inks)
        tf.summary.image("saliency_maps", grid[None])

    def _fresh_view(self, inputs):
        if self._source() is not self.model:
            self._source = weakref.ref(self.model)
            self._view = explain.FunctionalView(
                self.model, inputs, linear=True, hold_side_inputs=True
            )
        else:
            self._view.refresh()
        return self._view


def _suitable(view):
    try:
        explain.find_last_convolution(view.model)
    except ValueError:
        return ("saliency",)
    return ("gradcam", "saliency")


def _of_all_classes(labels, count):
    """Indices of examples: the first of each class, then the second, ..."""
    rank = np.zeros(len(labels), "int64")
    for label in np.unique(labels):
        members = labels == label
        rank[members] = np.arange(members.sum())
    return np.lexsort((labels, rank))[:count]
