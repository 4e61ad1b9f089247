import weakref

import keras
import numpy as np
import tensorflow as tf

from keras_nn.callbacks.class_probabilities import class_probabilities
from keras_nn.callbacks.forward_function import forward_function
from keras_nn.callbacks.forward_function import model_state
from keras_nn.callbacks.sampled_rows import drawn_rows
from keras_nn.callbacks.sampled_rows import first_batches
from keras_nn.data.displayable import displayable
from keras_nn.data.split import Split


class ValidationSample:
    """A fixed set of validation examples that instruments look at together.

    However many instruments hold the same sample, the model sees it once per
    epoch: predictions are kept until the weights change. The forward pass is
    traced once, in batches of one size, and runs in inference mode.

    Args:
        x: array, or a structure of arrays, of shape `(examples, ...)`: what
            the model takes.
        y: array, or a structure of arrays, of shape `(examples, ...)`, or
            None. For a classifier: class indices `(examples,)` or
            `(examples, 1)`, or one-hot rows `(examples, classes)`.
        class_names: sequence of str, or None. Defaults to the indices.
        images: array `(examples, height, width, 1 or 3)` to show in place of
            `x`, where `x` is no picture. Defaults to None.
        from_logits: bool or None. Whether the model's outputs are logits.
            None asks the loss the model was compiled with. Defaults to None.
        output: str, int or None. Which output of a model with several is
            the classifier. Defaults to None, for a model with one.
        batch_size: int. Examples per forward pass. Defaults to 128.
        multi_label: bool. Whether an example has any number of classes: `y`
            holds rows of 0 and 1, `(examples, classes)`, and outputs are
            probabilities each by itself. Defaults to False.

    Raises:
        ValueError: If there are no examples, or not as many of one thing as
            of another.

    Example:

    >>> sample = ValidationSample.of(
    ...     (np.zeros((9, 4, 4, 1)), np.arange(9) % 3), limit=6
    ... )
    >>> len(sample), sample.labels.shape, sample.names(3)
    (6, (6,), ['0', '1', '2'])
    """

    def __init__(
        self,
        x,
        y=None,
        class_names=None,
        images=None,
        from_logits=None,
        output=None,
        batch_size=128,
        multi_label=False,
    ):
        self.x = keras.tree.map_structure(_as_fit_does, x)
        self.y = None if y is None else keras.tree.map_structure(np.asarray, y)
        self.class_names = None if class_names is None else list(class_names)
        self.images = images
        self.from_logits = from_logits
        self.output = output
        self.batch_size = batch_size
        self.multi_label = multi_label

        parts = keras.tree.flatten((self.x, self.y, images))
        lengths = {len(part) for part in parts if part is not None}
        if lengths == {0} or len(lengths) != 1:
            raise ValueError(
                "a sample needs one or more examples, and as many labels. "
                f"Received: {sorted(lengths)} examples"
            )
        self.size = lengths.pop()
        self._model = lambda: None
        self._forward = None
        self._state = None
        self._outputs = None

    @classmethod
    def of(cls, data, limit=512, seed=0, **kwargs):
        """A sample of anything that `fit` accepts as `validation_data`.

        Args:
            data: `(x, y)` or `(x, y, weights)` of arrays, a batched
                `tf.data.Dataset`, a `keras.utils.PyDataset`, a
                `keras_nn.data.Split`, or a `ValidationSample`, which is
                handed back as it is.
            limit: int. At most so many examples: drawn at random from arrays
                and splits, the first of a data set. Defaults to 512.
            seed: int. Seed of the draw. Defaults to 0.
            **kwargs: Arguments of the constructor. `class_names` defaults to
                `data.class_names` where `data` has it.

        Returns:
            A `ValidationSample`.
        """
        if isinstance(data, cls):
            return data
        if limit < 1:
            raise ValueError(f"`limit` must be positive. Received: {limit=}")
        kwargs.setdefault("class_names", getattr(data, "class_names", None))
        if isinstance(data, Split):
            data = data[drawn_rows(len(data), limit, seed)].arrays()
        if isinstance(data, (tf.data.Dataset, keras.utils.PyDataset)):
            data = first_batches(data, limit)
        if not isinstance(data, (tuple, list)) or len(data) not in (2, 3):
            raise ValueError(
                "`data` must be (x, y), a batched tf.data.Dataset, a "
                "keras.utils.PyDataset, a keras_nn.data.Split or a "
                f"ValidationSample. Received: {type(data).__name__}"
            )
        size = len(keras.tree.flatten(data[0])[0])
        chosen = drawn_rows(size, limit, seed)
        x, y, images = keras.tree.map_structure(
            lambda part: None if part is None else np.asarray(part)[chosen],
            (data[0], data[1], kwargs.pop("images", None)),
        )
        return cls(x, y, images=images, **kwargs)

    def __len__(self):
        return self.size

    @property
    def labels(self):
        """Class indices, int64 of shape `(examples,)`."""
        y = self.y if self.output is None else _pick(self.y, self.output)
        if y is None or keras.tree.is_nested(y):
            raise ValueError(
                "the sample needs the labels of one classifier; name the one "
                f"with `output`. Received: y={type(y).__name__}"
            )
        if self.multi_label:
            raise ValueError(
                "an example of a sample with `multi_label` has no one label; "
                f"`label_matrix` holds them. Received: y of shape {y.shape}"
            )
        if y.ndim == 2 and y.shape[1] > 1:
            if not np.allclose(y.sum(axis=1), 1, atol=1e-3) or np.any(y < 0):
                raise ValueError(
                    "labels of two dimensions must be one-hot rows. "
                    f"Received: rows that sum to {np.unique(y.sum(1))[:5]}"
                )
            return y.argmax(axis=1)
        if y.size != len(self):
            raise ValueError(
                "labels must be class indices or one-hot rows. Received: "
                f"shape {y.shape}"
            )
        return y.reshape(-1).astype("int64")

    def label_matrix(self, num_classes):
        """Which classes an example has: bool `(examples, num_classes)`."""
        if not self.multi_label:
            return np.eye(num_classes, dtype=bool)[self.labels]
        if np.shape(self.y) != (len(self), num_classes):
            raise ValueError(
                "with `multi_label` there must be a row of 0 and 1 for each "
                f"example. Received: y of shape {np.shape(self.y)} for "
                f"{num_classes} classes"
            )
        return self.y >= 0.5

    @property
    def pictures(self):
        """What to show of each example: uint8 `(examples, h, w, 3)`."""
        return displayable(self.x if self.images is None else self.images)

    @property
    def has_pictures(self):
        """Whether there is a picture of each example to show."""
        shown = self.x if self.images is None else self.images
        return (
            isinstance(shown, np.ndarray)
            and shown.ndim == 4
            and shown.shape[-1] in (1, 3)
        )

    def require_pictures(self):
        """Raise a `ValueError` if there is no picture of each example."""
        if not self.has_pictures:
            shapes = keras.tree.map_structure(np.shape, self.x)
            raise ValueError(
                "the sample holds no pictures of shape (examples, height, "
                "width, 1 or 3); hand them over as `images`. "
                f"Received: x={shapes}"
            )

    def take(self, rows):
        """The inputs of the examples at `rows`, an array of int."""
        return keras.tree.map_structure(lambda part: part[rows], self.x)

    def names(self, num_classes):
        """The name of every class, as long as there are classes.

        Args:
            num_classes: int.

        Returns:
            list of str.
        """
        names = self.class_names or [str(i) for i in range(num_classes)]
        if len(names) != num_classes:
            raise ValueError(
                f"the model has {num_classes} classes. Received: "
                f"{len(names)} class_names"
            )
        return names

    def predictions(self, model):
        """The model's outputs on the sample, in inference mode.

        Args:
            model: `keras.Model`.

        Returns:
            The model's output structure, of float32 arrays
            `(examples, ...)`. Computed again only when the model has taken
            a step or its first or last trainable weight has changed.
        """
        if self._model() is not model:
            self._model = weakref.ref(model)
            self._forward = forward_function(model)
            self._state = None
        state = model_state(model)
        if self._state is None or not np.array_equal(state, self._state):
            self._outputs = self._run()
            self._state = state
        return self._outputs

    def probabilities(self, model):
        """The class probabilities that the model gives the sample.

        Args:
            model: `keras.Model`, a classifier. One output unit is the
                probability (or the logit) of class 1 of two.

        Returns:
            float32 array `(examples, classes)`; each row sums to 1, but for
            `multi_label`, or is not finite where the model's output is not.

        Raises:
            ValueError: If the outputs are not what `from_logits` says.
        """
        outputs = self.predictions(model)
        if self.output is not None:
            names = getattr(model, "output_names", None)
            outputs = _pick(outputs, self.output, names)
        if keras.tree.is_nested(outputs) or outputs.ndim != 2:
            shapes = keras.tree.map_structure(np.shape, outputs)
            raise ValueError(
                "a classifier's output has the shape (examples, classes); "
                "with several outputs, name the one with `output`. "
                f"Received: {shapes}"
            )
        from_logits = self.from_logits
        if from_logits is None:
            loss = getattr(model, "loss", None)
            if self.output is not None and keras.tree.is_nested(loss):
                names = getattr(model, "output_names", None)
                loss = _pick(loss, self.output, names)
            from_logits = bool(getattr(loss, "from_logits", False))
        if self.multi_label:
            return 0.5 + 0.5 * np.tanh(outputs / 2) if from_logits else outputs
        return class_probabilities(outputs, from_logits)

    def _run(self):
        parts = []
        size = min(self.batch_size, len(self))
        for start in range(0, len(self), size):
            # The last batch is filled up, so that one trace serves all.
            rows = np.arange(start, start + size) % len(self)
            parts.append(self._forward(self.take(rows)))
        return keras.tree.map_structure(
            lambda *p: np.concatenate(p)[: len(self)], *parts
        )


def _as_fit_does(array):
    array = np.asarray(array)
    if np.issubdtype(array.dtype, np.floating):
        return array.astype(keras.config.floatx(), copy=False)
    return array


def _pick(structure, key, names=None):
    if isinstance(structure, dict):
        return structure[key]
    if isinstance(key, str):
        key = list(names).index(key)
    return structure[key]
