import keras
import numpy as np
import tensorflow as tf

from keras_nn.callbacks.call_recorder import CallRecorder
from keras_nn.callbacks.instrument import Instrument
from keras_nn.callbacks.layer_tree import descendants
from keras_nn.callbacks.picture import figure_to_image
from keras_nn.callbacks.picture import new_figure
from keras_nn.layers import FlexibleAttention

MOST_TICKS = 32  # tokens that are named at the sides of a map


class TokenAttention(Instrument):
    """Draws, head by head, which tokens each token of a text looks at.

    A row is a token that looks, a column one that is looked at; a row adds up
    to 1.

    Read it for: a diagonal (a token looks at itself), lines beside it (the
    one before, the one behind), a column (all look at the same token: a rest
    position when a head finds nothing), blocks (phrases). Heads that all look
    alike are too many; a triangle is a decoder, which sees no future. In cross
    attention of a translator the diagonal bends where languages differ in
    their order of words.

    Seen are the blocks of keras_nn (`FlexibleAttention`) and, where it has
    dropout, `keras.layers.MultiHeadAttention`.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        inputs: what the model takes, one example in a batch of one: an array,
            or a dict of arrays.
        tokens: list of str, the tokens at the sides, or None; a dict of
            length to such where several lengths occur. Names are left out
            where there are not as many as places. Defaults to None.
        every: int. Write once per this many epochs. Defaults to 1.

    Raises:
        ValueError: while training begins, if no layer attends.

    Writes to `log_dir/validation`, at the epoch's index:
        `attention/<layer>`: image, the maps of its heads side by side, white
            0, dark the largest weight of the head.

    Example:

    >>> import tempfile
    >>> folder, ids = tempfile.mkdtemp(), np.array([[5, 6]])
    >>> TokenAttention(folder, ids, ["a", "b"]).tokens
    {2: ['a', 'b']}
    """

    def __init__(self, log_dir, inputs, tokens=None, every=1):
        super().__init__(log_dir, every)
        self.inputs = inputs
        if tokens is not None and not isinstance(tokens, dict):
            tokens = {len(tokens): list(tokens)}
        self.tokens = tokens or {}

    def on_train_begin(self, logs=None):
        super().on_train_begin(logs)
        if not any(_attends(layer) for _, layer in descendants(self.model)):
            raise ValueError(
                "There must be a layer that attends, a FlexibleAttention or a "
                "MultiHeadAttention with dropout. Received: "
                f"{type(self.model).__name__} without"
            )

    def on_epoch_end(self, epoch, logs=None):
        if not self.is_due(epoch):
            return
        with self.write(epoch, "validation"):
            for path, weights in attention_weights(self.model, self.inputs):
                picture = figure_to_image(self._figure(weights[0]))
                tf.summary.image(f"attention/{path}", picture)

    def _figure(self, maps):
        heads, queries, keys = maps.shape
        columns = min(heads, 4)
        rows = -(-heads // columns)
        side = 3.2 if max(queries, keys) <= MOST_TICKS else 2.6
        figure = new_figure(side * columns, side * rows + 0.3)
        axes = figure.subplots(rows, columns, squeeze=False).ravel()
        for head, axis in enumerate(axes):
            if head >= heads:
                axis.axis("off")
                continue
            axis.imshow(maps[head], cmap="Blues", vmin=0)
            axis.set_title(f"head {head}", fontsize=8)
            self._name(axis.set_xticks, keys, 90)
            self._name(axis.set_yticks, queries, 0)
        return figure

    def _name(self, set_ticks, count, rotation):
        names = self.tokens.get(count)
        if names is None or count > MOST_TICKS:
            set_ticks([])
        else:
            set_ticks(range(count), names, rotation=rotation, fontsize=6)


def attention_weights(model, inputs):
    """The attention weights of every layer that attends, for some inputs.

    Args:
        model: `keras.Model`.
        inputs: what it takes.

    Returns:
        A list of pairs, in the order in which the layers are called: the path
        of the layer, and a float32 array `(batch, heads, queries, keys)`.
    """
    inputs = keras.tree.map_structure(tf.convert_to_tensor, inputs)
    layers = dict(descendants(model))
    with CallRecorder(model) as recorder:
        model(inputs, training=False)
    found = []
    for call in recorder.calls:
        parent, _, _ = call.path.rpartition("/")
        layer = layers.get(parent)
        if isinstance(layer, FlexibleAttention) and call.layer is layer.drop:
            weights = call.inputs[0].numpy().astype("float32")
            # (batch, groups, members, queries, keys)
            shape = (len(weights), -1, *weights.shape[-2:])
            found.append((parent, weights.reshape(shape)))
        elif isinstance(layer, keras.layers.MultiHeadAttention) and isinstance(
            call.layer, keras.layers.Softmax
        ):
            weights = call.outputs[0].numpy().astype("float32")
            found.append((parent, weights))
    return [(path, np.asarray(weights)) for path, weights in found]


def _attends(layer):
    return isinstance(
        layer, (FlexibleAttention, keras.layers.MultiHeadAttention)
    )
