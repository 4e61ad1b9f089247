import numpy as np
import tensorflow as tf

from keras_nn.callbacks.call_recorder import CallRecorder
from keras_nn.callbacks.drawing import captioned_grid
from keras_nn.callbacks.instrument import Instrument
from keras_nn.callbacks.layer_tree import descendants
from keras_nn.callbacks.validation_sample import ValidationSample
from keras_nn.explain.heat_map import colours

_TILE = 96


class FeatureMaps(Instrument):
    """Shows what the layers of a network make of a few pictures.

    The same pictures go through the model in inference mode. A row is a
    layer, a tile one of its channels; within a row dark is the lowest and
    bright the highest value.

    Read it for: fine edges in the first rows and few bright places in the
    last. Rows all of one colour are dead; rows that look alike from layer to
    layer are shortcuts whose blocks add nothing; a frame of light round every
    map is padding that the network has learnt to see.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        sample: `ValidationSample` with pictures, or anything
            `ValidationSample.of` takes.
        every: int. Write once per this many epochs. Defaults to 5.
        layers: sequence of str or None. Paths, or ends of paths, of the
            layers, as `TensorBoard` names them. None means the last map of
            every size. Defaults to None.
        count: int. How many pictures. Defaults to 2.
        channels: int. How many channels of a layer, the first ones. Defaults
            to 12.

    Raises:
        ValueError: If the sample has no pictures, or a number is less than 1;
            in training, if there is no such layer, or none that makes maps.

    Writes to `log_dir/validation`, at the epoch's index:
        `feature_maps`: images, one a picture.

    Example:

    >>> import keras, pathlib, tempfile
    >>> from keras_nn.testing import read_events
    >>> layers = [keras.layers.Conv2D(2, 3), keras.layers.Flatten()]
    >>> layers = [keras.Input((8, 8, 1)), *layers]
    >>> model = keras.Sequential([*layers, keras.layers.Dense(3, "softmax")])
    >>> model.compile("sgd", "sparse_categorical_crossentropy")
    >>> x, y = np.random.rand(6, 8, 8, 1).astype("float32"), np.arange(6) % 3
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> instrument = FeatureMaps(folder, (x, y), every=1)
    >>> _ = model.fit(x, y, verbose=0, callbacks=[instrument])
    >>> read_events(folder)["validation"]["feature_maps"][0].value.shape[0]
    2

    Reference:
        [Zeiler and Fergus, 2014](https://arxiv.org/abs/1311.2901)
    """

    def __init__(
        self, log_dir, sample, every=5, layers=None, count=2, channels=12
    ):
        super().__init__(log_dir, every)
        if min(count, channels) < 1:
            raise ValueError(
                "`count` and `channels` must be positive. "
                f"Received: {count=}, {channels=}"
            )
        self.sample = ValidationSample.of(sample)
        self.sample.require_pictures()
        self.layers = layers
        self.count = count
        self.channels = channels

    @staticmethod
    def suits(model):
        """Whether the model has a layer that makes maps, as far as known."""
        return any(
            len(getattr(getattr(layer, "kernel", None), "shape", ())) == 4
            for _, layer in descendants(model)
            if layer.built
        )

    def on_epoch_end(self, epoch, logs=None):
        if not self.is_due(epoch):
            return
        chosen = np.arange(min(self.count, len(self.sample)))
        inputs = tf.nest.map_structure(
            tf.convert_to_tensor, self.sample.take(chosen)
        )
        with CallRecorder(self.model) as recorder:
            self.model(inputs, training=False)
        maps = self._chosen(recorder.calls)
        grids = [self._grid(maps, epoch, index) for index in chosen]
        with self.write(epoch, "validation"):
            tf.summary.image("feature_maps", np.stack(grids), len(grids))

    def _chosen(self, calls):
        """A dict from the path of a layer to its maps."""
        found = {
            call.path: call.outputs[0]
            for call in calls
            if call.path and len(call.outputs) == 1
        }
        found = {p: t for p, t in found.items() if len(t.shape) == 4}
        if self.layers is not None:
            return {
                path: np.asarray(found[path], "float32")
                for path in (self._path(name, found) for name in self.layers)
            }
        by_size, begun = {}, False
        for call in calls:
            # What comes before the first kernel is a picture, made ready.
            weights = call.layer.weights
            begun = begun or any(len(w.shape) > 1 for w in weights)
            if begun and call.path in found:
                tensor = found[call.path]
                by_size[tuple(tensor.shape[1:3])] = call.path, tensor
        if not by_size:
            raise ValueError(
                "FeatureMaps needs a model with a layer that makes maps "
                "(pictures, height, width, channels). Received: layers "
                f"{[call.path for call in calls]}"
            )
        return {p: np.asarray(t, "float32") for p, t in by_size.values()}

    def _path(self, name, found):
        for path in found:
            if path == name or path.endswith(f"/{name}"):
                return path
        raise ValueError(
            f"`layers` must name layers that make maps: {list(found)}. "
            f"Received: {name!r}"
        )

    def _grid(self, maps, epoch, index):
        picture = self.sample.pictures[index]
        height, width = picture.shape[:2]
        rows, captions = [[picture]], [[f"epoch {epoch}\n{height} x {width}"]]
        for path, values in maps.items():
            shown = np.nan_to_num(values[index, ..., : self.channels])
            low, high = shown.min(), shown.max()
            shown = (shown - low) / max(high - low, 1e-12)
            rows.append(
                [colours(shown[..., c]) for c in range(shown.shape[-1])]
            )
            height, width, channels = values.shape[1:]
            name = path.rpartition("/")[2]
            words = [f"{name}\n{height} x {width} x {channels}"]
            words += [f"{low:.2g} to {high:.2g}"]
            captions.append((words + [""] * len(rows[-1]))[: len(rows[-1])])
        return captioned_grid(rows, captions, "", _TILE)
