import keras
import tensorflow as tf

from keras_nn.explain.graph_explainer import TINY
from keras_nn.explain.graph_explainer import GraphExplainer

FEATURES = (None, "common", "each")


class GNNExplainer(GraphExplainer):
    """The few edges and features that are enough for an answer.

    Learns masks `m = sigmoid(M)` of edges and `f` of features that minimise
    `-log p[target](features * f, messages * m) + edge_size sum(m) +
    edge_entropy mean(H(m)) + feature_size mean(f) + feature_entropy
    mean(H(f))`, where `H` is the entropy of a coin. Edges of which the score
    does not depend get 0.

    Args:
        model: see `GraphExplainer`.
        steps: int. Steps of Adam. Defaults to 200.
        learning_rate: float. Defaults to 0.01.
        features: str or None. `"common"` learns one mask of features for all
            nodes, `"each"` one a node, None none. Defaults to `"common"`.
        edge_size: float. Defaults to 0.005.
        edge_entropy: float. Defaults to 1.
        feature_size: float. Defaults to 1.
        feature_entropy: float. Defaults to 0.1.
        seed: int. Of the first masks. Defaults to 0.
        **kwargs: `from_logits`.

    Call arguments:
        graph, node, target: as of `GraphExplainer`.

    Returns:
        A `GraphExplanation` with scores between 0 and 1.

    Raises:
        ValueError: as `GraphExplainer`, or on another kind of features or a
            number of steps below one.

    Example:

    >>> import numpy as np
    >>> from keras_nn.models import GCN
    >>> graph = {"node_features": np.eye(4), "edge_index": [[0, 1], [2, 3]]}
    >>> found = GNNExplainer(GCN(4, 2), steps=2)(graph, node=1)
    >>> found.edge_scores[1], found.feature_scores.shape
    (np.float32(0.0), (4, 4))

    Reference:
        [Ying et al., 2019](https://arxiv.org/abs/1903.03894)
    """

    method = "gnn-explainer"

    def __init__(
        self,
        model,
        steps=200,
        learning_rate=0.01,
        features="common",
        edge_size=0.005,
        edge_entropy=1.0,
        feature_size=1.0,
        feature_entropy=0.1,
        seed=0,
        **kwargs,
    ):
        super().__init__(model, **kwargs)
        if steps < 1 or features not in FEATURES:
            raise ValueError(
                f"`steps` must be positive and `features` one of {FEATURES}. "
                f"Received: {steps=}, {features=}"
            )
        self.steps = steps
        self.learning_rate = learning_rate
        self.features = features
        self.edge_size = edge_size
        self.edge_entropy = edge_entropy
        self.feature_size = feature_size
        self.feature_entropy = feature_entropy
        self.seed = seed

    def explain(self, x, score):
        nodes, width = x["node_features"].shape[1:]
        edges = x["edge_index"].shape[1]
        random = keras.random.SeedGenerator(self.seed)

        def variable(shape, deviation):
            start = keras.random.normal(shape, stddev=deviation, seed=random)
            return tf.Variable(start)

        # As many edges a node as there are on average in and out.
        masks = [variable((edges,), (2.0 / max(nodes, 1)) ** 0.5)]
        if self.features is not None:
            rows = nodes if self.features == "each" else 1
            masks.append(variable((rows, width), 0.1))
        optimizer = keras.optimizers.Adam(self.learning_rate)
        with tf.init_scope():
            optimizer.build(masks)

        @tf.function(autograph=False)
        def step():
            with tf.GradientTape() as tape:
                loss = self._loss(x, score, *map(tf.sigmoid, masks))
            gradients = tape.gradient(loss, masks)
            optimizer.apply_gradients(zip(gradients, masks, strict=True))

        gate = tf.sigmoid(masks[0])
        with tf.GradientTape() as tape:
            tape.watch(gate)
            value, _ = score(x, gate)
        used = tf.not_equal(tape.gradient(value, gate), 0)
        for _ in range(self.steps if edges else 0):
            step()
        found = {
            "edge_scores": tf.where(used, tf.sigmoid(masks[0]), 0.0),
            "feature_scores": None,
        }
        if self.features is None or not edges:
            del found["feature_scores"]
        else:
            found["feature_scores"] = tf.broadcast_to(
                tf.sigmoid(masks[1]), (nodes, width)
            )
        return found

    def _loss(self, x, score, gate, features=None):
        if features is not None:
            x = {**x, "node_features": x["node_features"] * features}
        value, _ = score(x, gate)
        loss = -value + self.edge_size * tf.reduce_sum(gate)
        loss += self.edge_entropy * tf.reduce_mean(entropy(gate))
        if features is not None:
            loss += self.feature_size * tf.reduce_mean(features)
            loss += self.feature_entropy * tf.reduce_mean(entropy(features))
        return loss


def entropy(share):
    """The entropy of a coin that falls so, in nats: a tensor alike."""
    return -share * tf.math.log(share + TINY) - (1 - share) * tf.math.log(
        1 - share + TINY
    )
