import numpy as np
import tensorflow as tf

from keras_nn import explain
from keras_nn.callbacks.drawing import captioned_grid
from keras_nn.callbacks.instrument import Instrument
from keras_nn.callbacks.layer_tree import descendants
from keras_nn.callbacks.validation_sample import ValidationSample
from keras_nn.explain.attention_maps import attention_model
from keras_nn.explain.attention_maps import rolled_out
from keras_nn.explain.heat_map import overlay
from keras_nn.explain.token_maps import ATTENTIONS
from keras_nn.explain.token_maps import patch_grid
from keras_nn.layers import WindowAttention

_TILE = 112


class AttentionMaps(Instrument):
    """Shows what a vision transformer attends to in a few pictures.

    Below each picture lies the rollout over all layers, then heads of the
    last layer: how much the class token draws on each patch (without a class
    token, how much all patches do on average). Coloured is what gets more
    than an even share; the caption says how many times as much at most.

    Read it for: heads that look at different things, and a rollout that
    settles on the object. Maps without colour after many epochs (hardly more
    than 1 x even) say that the network still averages; a few patches of the
    background that are bright in every picture are used as registers.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        sample: `ValidationSample` with pictures, or anything
            `ValidationSample.of` takes.
        every: int. Write once per this many epochs. Defaults to 5.
        count: int. How many pictures. Defaults to 8.
        heads: int. How many heads of the last layer, the first ones.
            Defaults to 4.

    Raises:
        ValueError: If the sample has no pictures, or a number is less than 1;
            in training, if the model does not attend to all patches of the
            picture in every layer.

    Writes to `log_dir/validation`, at the epoch's index:
        `attention_maps`: image. A column per picture.

    Example:

    >>> import keras, pathlib, tempfile
    >>> from keras_nn.models import VisionTransformer
    >>> from keras_nn.testing import read_events
    >>> model = VisionTransformer(
    ...     input_shape=(8, 8, 3), patch_size=4, hidden_dim=8, num_layers=1,
    ...     num_heads=2, classes=3,
    ... )
    >>> model.compile("sgd", "sparse_categorical_crossentropy")
    >>> x, y = np.random.rand(6, 8, 8, 3).astype("float32"), np.arange(6) % 3
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> instrument = AttentionMaps(folder, (x, y), every=1)
    >>> _ = model.fit(x, y, verbose=0, callbacks=[instrument])
    >>> list(read_events(folder)["validation"])
    ['attention_maps']

    Reference:
        [Abnar and Zuidema, 2020](https://arxiv.org/abs/2005.00928);
        [Darcet et al., 2024](https://arxiv.org/abs/2309.16588) on registers.
    """

    def __init__(self, log_dir, sample, every=5, count=8, heads=4):
        super().__init__(log_dir, every)
        if min(count, heads) < 1:
            raise ValueError(
                f"`count` and `heads` must be positive. Received: {count=}, "
                f"{heads=}"
            )
        self.sample = ValidationSample.of(sample)
        self.sample.require_pictures()
        self.count = count
        self.heads = heads

    @staticmethod
    def suits(model):
        """Whether the model attends to whole pictures, as far as is known."""
        layers = [layer for _, layer in descendants(model)]
        return any(isinstance(one, ATTENTIONS) for one in layers) and not any(
            isinstance(one, WindowAttention) for one in layers
        )

    def on_epoch_end(self, epoch, logs=None):
        if not self.is_due(epoch):
            return
        chosen = np.arange(min(self.count, len(self.sample)))
        maps = attention_to_patches(self.model, self.sample.take(chosen))
        rows = [list(self.sample.pictures[chosen])]
        captions = [[""] * len(chosen)]
        for name, values in list(maps.items())[: 1 + self.heads]:
            heat, most = above_even(values)
            pairs = zip(rows[0], heat, strict=True)
            rows.append([overlay(p, h, _TILE) for p, h in pairs])
            captions.append([f"{name}\nup to {m:.1f} x even" for m in most])
        grid = captioned_grid(rows, captions, f"epoch {epoch}", _TILE)
        with self.write(epoch, "validation"):
            tf.summary.image("attention_maps", grid[None])


def above_even(maps):
    """Where maps get more than an even share, and how much at most.

    Args:
        maps: float array `(n, rows, columns)`, not negative.

    Returns:
        `(heat, most)`: an array like `maps`, 0 at an even share or less and
        1 at the highest place, or at twice an even share where no place gets
        as much; and the highest place's shares, `(n,)`.
    """
    shares = maps / np.maximum(maps.mean(axis=(1, 2), keepdims=True), 1e-12)
    most = shares.max(axis=(1, 2))
    reach = np.maximum(most - 1, 1)[:, None, None]
    return np.clip((shares - 1) / reach, 0, 1), most


def attention_to_patches(model, inputs):
    """How much each patch of a picture is drawn on.

    Args:
        model: `keras.Model`, a vision transformer.
        inputs: what it takes, an array of pictures or a structure of arrays.

    Returns:
        A dict of float arrays `(n, rows, columns)`: `"rollout"`, then
        `"head 1"`, `"head 2"` ... of the last layer.

    Raises:
        ValueError: if it does not attend to all patches in every layer.
    """
    view = explain.FunctionalView(model, inputs, apart=True)
    found = attention_model(view)(view.flat_inputs(inputs), training=False)
    weights = [np.asarray(w, "float32") for w in tf.nest.flatten(found)]
    grid = patch_grid(view.model)
    sizes = {w.shape[2:] for w in weights}
    patches = 0 if grid is None else grid[0] * grid[1]
    if len(sizes) > 1 or not patches or max(sizes)[0] < patches:
        raise ValueError(
            "AttentionMaps needs attention over the patches of the whole "
            f"picture in every layer. Received: maps of shapes {sizes}, "
            f"patches {grid}"
        )
    prefix = max(sizes)[0] - patches

    def to_patches(values):  # (n, tokens, tokens)
        rows = values[:, 0] if prefix else values.mean(axis=1)
        return rows[:, prefix:].reshape(-1, *grid)

    maps = {"rollout": to_patches(rolled_out(weights))}
    for head in range(weights[-1].shape[1]):
        maps[f"head {head + 1}"] = to_patches(weights[-1][:, head])
    return maps
