import keras
from keras import ops

from keras_nn.layers.detection.box_waves import BoxWaves
from keras_nn.layers.detection.object_queries import ObjectQueries
from keras_nn.layers.detection.positioned_transformer_block import (
    PositionedTransformerBlock,
)
from keras_nn.layers.detection.query_boxes import QueryBoxes
from keras_nn.layers.detection.query_proposals import QueryProposals
from keras_nn.losses.detection.set_prediction_loss import SetPredictionLoss
from keras_nn.models.detection.detection_network import last_map
from keras_nn.models.detection.detector import Detector
from keras_nn.ops.sine_map import sine_map


@keras.saving.register_keras_serializable(package="keras_nn")
class DETR(Detector):
    """Learnt queries that each ask a transformer for one object, or none.

    A backbone's map, as a row of tokens, passes an encoder; queries look at
    one another and at the tokens in a decoder; each then says a class or
    "none", and a box. No anchors, no suppression of doubles: the loss gives
    every object to one query.

    Args:
        backbone: `keras.Model` for pictures of one known size: a model of
            `keras_nn.models` with `features_only`, or one that ends in a map.
        num_classes: int. Number of classes, without background.
        stride: int or None, in pixels. Which map of the backbone. Defaults to
            None: 32, or the map that it ends in.
        num_queries: int. The most objects of a picture. Defaults to 100.
        hidden_dim: int. Features of tokens, a multiple of 4 and of
            `num_heads`. Defaults to 256.
        num_heads: int. Defaults to 8.
        encoder_layers: int. Defaults to 6.
        decoder_layers: int. Each of them is taught. Defaults to 6.
        feed_forward_dim: int. Hidden units of the blocks. Defaults to 2048.
        dropout: float. In the transformer. Defaults to 0.1.
        two_stage: bool. Whether the best tokens become the queries
            (`QueryProposals`), where each looks is told by the waves that
            tell the cells of the map, and each decoder layer moves its box.
            Learns in a fraction of the steps. Defaults to False: learnt
            queries, as published.
        frozen_norm: bool. Whether batch normalisation of the backbone stays
            as it is in training, as where its weights are published ones.
            Defaults to False.
        temperature: float. The longest wave of places, in turns of the
            shortest. Defaults to 10,000, as published; 20 suits small maps,
            whose cells long waves do not tell apart.
        dtype: str or dtype policy of the layers; boxes are in float32.
        **kwargs: `name`, `trainable`.

    Returns:
        A float32 tensor `(batch, decoder_layers, num_queries, 5 +
        num_classes)`, with `two_stage` of one layer more, the first, which
        are the tokens: the corners `(x_min, y_min, x_max, y_max)` of boxes, in
        pixels, the logits of classes, the logit of "none". `candidates` turns
        that of the last layer into boxes and probabilities.

    Raises:
        ValueError: if the size of the pictures is not known, or an argument
            is out of range.

    Example:

    >>> from keras_nn.models import ResNet
    >>> backbone = ResNet.from_preset(
    ...     "resnet20", include_top=False, input_shape=(32, 32, 3)
    ... )
    >>> model = DETR(
    ...     backbone, 3, stride=4, num_queries=5, hidden_dim=8, num_heads=2,
    ...     encoder_layers=1, decoder_layers=2, feed_forward_dim=16,
    ... )
    >>> model.output_shape
    (None, 2, 5, 8)

    Reference:
        [Carion et al., 2020](https://arxiv.org/abs/2005.12872); `two_stage`:
        [Zhu et al., 2020](https://arxiv.org/abs/2010.04159), section 4.2,
        with the plain attention of DETR.
    """

    def __init__(
        self,
        backbone,
        num_classes,
        stride=None,
        num_queries=100,
        hidden_dim=256,
        num_heads=8,
        encoder_layers=6,
        decoder_layers=6,
        feed_forward_dim=2048,
        dropout=0.1,
        two_stage=False,
        temperature=10_000.0,
        frozen_norm=False,
        dtype=None,
        **kwargs,
    ):
        if min(num_classes, encoder_layers + 1, decoder_layers) < 1:
            raise ValueError(
                "`num_classes` and `decoder_layers` must be positive, "
                f"`encoder_layers` not negative. Received: {num_classes=}, "
                f"{encoder_layers=}, {decoder_layers=}"
            )
        features = last_map(backbone, stride)
        if frozen_norm:
            for layer in features._flatten_layers():
                if isinstance(layer, keras.layers.BatchNormalization):
                    layer.trainable = False
        images = keras.Input(backbone.input_shape[1:], name="images")
        height, width = features.output_shape[1:3]
        x = keras.layers.Conv2D(
            hidden_dim,
            1,
            data_format="channels_last",
            dtype=dtype,
            name="projection",
        )(features(images))
        x = keras.layers.Reshape((height * width, hidden_dim), name="tokens")(x)
        places = sine_map(height, width, hidden_dim, temperature)
        places = places.reshape(1, -1, hidden_dim)

        def block(name, cross=False):
            return PositionedTransformerBlock(
                num_heads,
                feed_forward_dim,
                cross=cross,
                dropout=dropout,
                dtype=dtype,
                name=name,
            )

        places = ops.zeros_like(x) + ops.cast(places, x.dtype)
        for index in range(encoder_layers):
            x = block(f"encoder_{index}")([x, places])
        norm = keras.layers.LayerNormalization(
            epsilon=1e-5, dtype=dtype, name="decoder_norm"
        )
        heads = [
            keras.layers.Dense(
                hidden_dim, "relu", dtype=dtype, name=f"box_{index}"
            )
            for index in range(2)
        ]
        heads.append(keras.layers.Dense(4, dtype=dtype, name="box_2"))
        head = keras.layers.Dense(
            num_classes + 1, dtype="float32", name="classes"
        )
        sides, classes = [], []
        if two_stage:
            y, box, found = QueryProposals(
                num_queries,
                num_classes,
                (height, width),
                dtype=dtype,
                name="proposals",
            )(x)
            sides.append(box)
            classes.append(found)
            waves = BoxWaves(
                (height, width),
                hidden_dim,
                temperature,
                dtype=dtype,
                name="waves",
            )
        else:
            queries = ObjectQueries(num_queries, dtype=dtype, name="queries")(x)
            y = ops.zeros_like(queries)
        for index in range(decoder_layers):
            if two_stage:  # each layer begins where the last one ended
                box = ops.stop_gradient(sides[-1])
                queries = waves(box)
            y = block(f"decoder_{index}", True)([y, queries, x, places])
            said = norm(y)
            classes.append(head(said))
            for layer in heads:
                said = layer(said)
            said = ops.cast(said, "float32")
            sides.append(said + box if two_stage else said)
        # (batch, layers, queries, ...)
        image_size = tuple(backbone.input_shape[1:3])
        corners = QueryBoxes(image_size, name="boxes")(ops.stack(sides, axis=1))
        classes = ops.stack(classes, axis=1)
        outputs = keras.layers.Concatenate(dtype="float32", name="predictions")(
            [corners, classes]
        )
        super().__init__(
            images, outputs, backbone, num_classes, dtype, **kwargs
        )
        self.stride = stride
        self.num_queries = num_queries
        self.hidden_dim = hidden_dim
        self.num_heads = num_heads
        self.encoder_layers = encoder_layers
        self.decoder_layers = decoder_layers
        self.feed_forward_dim = feed_forward_dim
        self.dropout = dropout
        self.two_stage = two_stage
        self.temperature = temperature
        self.frozen_norm = frozen_norm

    def objective(self):
        return SetPredictionLoss(self.image_size)

    def candidates(self, outputs):
        last = outputs[:, -1]
        return last[..., :4], ops.softmax(last[..., 4:])[..., :-1]

    def get_config(self):
        return {
            **super().get_config(),
            "stride": self.stride,
            "num_queries": self.num_queries,
            "hidden_dim": self.hidden_dim,
            "num_heads": self.num_heads,
            "encoder_layers": self.encoder_layers,
            "decoder_layers": self.decoder_layers,
            "feed_forward_dim": self.feed_forward_dim,
            "dropout": self.dropout,
            "two_stage": self.two_stage,
            "temperature": self.temperature,
            "frozen_norm": self.frozen_norm,
        }
