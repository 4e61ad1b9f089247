import keras
import numpy as np
from keras import ops

from keras_nn.losses.style.content_loss import content_loss
from keras_nn.ops.gram_matrix import gram_matrix
from keras_nn.ops.total_variation import total_variation
from keras_nn.training.frozen import freeze
from keras_nn.training.objective_model import ObjectiveModel
from keras_nn.training.uncompiled_config import uncompiled_config

_LEAST = 1e-12  # what a size that is divided by is at least


@keras.saving.register_keras_serializable(package="keras_nn")
class PerceptualTransfer(ObjectiveModel):
    """A network that learns to redraw pictures in the style of another one.

    `L = w_c C(y, x) + w_s mean_k S_k(y, style) + w_v V(y)`,  `y = network(x)`

    `C` is `ContentLoss` of one map of a fixed feature network, in shares of
    the mean square of that map; `S_k` is `StyleLoss` of map `k`, in shares of
    the mean square of the style's Gram matrix; `V` is `TotalVariationLoss` of
    `y / 255`. In shares the weights mean the same for any feature network.

    Args:
        network: `keras.Model` from pictures to pictures of 0 to 255, such as a
            `TransformNetwork`.
        features: `keras.Model` from pictures of 0 to 255 to a list of maps;
            it is not trained.
        style: array `(height, width, channels)`, 0 to 255. Saved with the
            configuration.
        content_map: int. Which of the maps holds the content. Defaults to -1,
            the last.
        content_weight: float. Defaults to 1.
        style_weight: float. Defaults to 1.
        variation_weight: float. Defaults to 0.
        **kwargs: `name`, `dtype`.

    Call arguments:
        inputs: pictures `(batch, height, width, channels)`, 0 to 255.

    Returns:
        The same pictures redrawn.

    Raises:
        ValueError: if the features are no list of maps, or the style is no
            picture.

    Example:

    >>> from keras_nn.models import TransformNetwork, VGG
    >>> vgg = VGG(False, input_shape=(None, None, 3), num_convs=[1, 1],
    ...           num_filters=[4, 4])
    >>> features = vgg.features(["block1_conv1", "block2_conv1"])
    >>> network = TransformNetwork(filters=2, num_blocks=1)
    >>> style = np.random.default_rng(0).uniform(0, 255, (16, 16, 3))
    >>> model = PerceptualTransfer(network, features, style)
    >>> model.compile("adam")
    >>> x = np.zeros((2, 16, 16, 3))
    >>> sorted(model.fit(x, verbose=0).history)
    ['content', 'loss', 'style', 'variation']

    Reference:
        [Johnson et al., 2016](https://arxiv.org/abs/1603.08155);
        [Gatys et al., 2016](https://doi.org/10.1109/CVPR.2016.265)
    """

    parts = ("content", "style", "variation")

    def __init__(
        self,
        network,
        features,
        style,
        content_map=-1,
        content_weight=1.0,
        style_weight=1.0,
        variation_weight=0.0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        maps = features.output
        if not isinstance(maps, list) or any(len(m.shape) != 4 for m in maps):
            raise ValueError(
                "`features` must say a list of maps (batch, height, width, "
                f"channels). Received: {maps}"
            )
        if np.ndim(style) != 3:
            raise ValueError(
                "`style` must be one picture (height, width, channels). "
                f"Received: shape {np.shape(style)}"
            )
        self.network = network
        self.features = features
        self.style = style
        self.content_map = content_map
        self.content_weight = content_weight
        self.style_weight = style_weight
        self.variation_weight = variation_weight
        freeze(features)
        self.grams = [
            self.add_weight(
                shape=(m.shape[-1],) * 2,
                name=f"gram{index}",
                dtype="float32",
                trainable=False,
            )
            for index, m in enumerate(maps)
        ]
        self.look_at_style()
        self.built = True

    def look_at_style(self):
        """Measures the style, again if `features` got other weights."""
        picture = ops.cast(np.asarray(self.style)[None], "float32")
        for gram, found in zip(self.grams, self.features(picture), strict=True):
            gram.assign(gram_matrix(found)[0])

    def call(self, inputs, training=None):
        return self.network(ops.cast(inputs, "float32"), training=training)

    def compute_output_shape(self, input_shape):
        return self.network.compute_output_shape(input_shape)

    def objective(self, x, y, training):
        x = ops.cast(x, "float32")
        return self.distance(
            self(x, training=training), self.features(x)[self.content_map]
        )

    def distance(self, pictures, content):
        """What the loss of redrawn pictures is made of.

        Args:
            pictures: float tensor `(batch, height, width, channels)`.
            content: the content's map, `(batch, height', width', channels')`.

        Returns:
            A dict of float tensors `(batch,)`: `loss`, and its `parts`.
        """
        pictures = ops.cast(pictures, "float32")
        maps = self.features(pictures)
        content = ops.cast(content, "float32")
        size = ops.mean(ops.square(content), axis=(1, 2, 3))
        parts = {
            "content": content_loss(content, maps[self.content_map])
            / ops.maximum(size, _LEAST)
        }
        shares = [
            _gram_distance(found, gram)
            for found, gram in zip(maps, self.grams, strict=True)
        ]
        parts["style"] = sum(shares) / len(shares)
        parts["variation"] = total_variation(pictures / 255.0)
        loss = (
            self.content_weight * parts["content"]
            + self.style_weight * parts["style"]
            + self.variation_weight * parts["variation"]
        )
        return {"loss": loss, **parts}

    def default_optimizer(self):
        """What an application trains it with."""
        return keras.optimizers.Adam(1e-3)

    def get_config(self):
        return {
            "name": self.name,
            "dtype": keras.dtype_policies.serialize(self.dtype_policy),
            "network": uncompiled_config(self.network),
            "features": uncompiled_config(self.features),
            "style": np.asarray(self.style),
            "content_map": self.content_map,
            "content_weight": self.content_weight,
            "style_weight": self.style_weight,
            "variation_weight": self.variation_weight,
        }

    @classmethod
    def from_config(cls, config):
        made = {
            name: keras.saving.deserialize_keras_object(config[name])
            for name in ("network", "features", "style")
            if isinstance(config[name], dict)
        }
        return cls(**{**config, **made})


def _gram_distance(features, gram):
    distance = ops.mean(ops.square(gram_matrix(features) - gram), axis=(1, 2))
    return distance / ops.maximum(ops.mean(ops.square(gram)), _LEAST)
