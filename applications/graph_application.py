import keras
import numpy as np
from keras import ops

from keras_nn.applications.application import Application
from keras_nn.data.graphs import Budget
from keras_nn.data.graphs import pack


class GraphApplication(Application):
    """What applications of graphs have in common. Abstract.

    A batch is a batch of packs, see `keras_nn.data.graphs.pack`; which nodes
    or graphs count is told by sample weights, so that padding never does.

    Args:
        network: `keras.Model` from packs of graphs to scores.
        normalize_features: bool. Whether to scale the features of a node to
            the sum 1 first.
        after: layer for what the network gives, or None.
        **kwargs: `name`, `trainable`.
    """

    def __init__(self, network, normalize_features=False, after=None, **kwargs):
        inputs = {
            key: keras.Input(
                batch_shape=tensor.shape, dtype=tensor.dtype, name=key
            )
            for key, tensor in network.input.items()
        }
        x = dict(inputs)
        if normalize_features:
            features = x["node_features"]
            total = ops.sum(features, axis=-1, keepdims=True)
            total = ops.where(ops.equal(total, 0), 1.0, total)
            x["node_features"] = features / total
        x = network(x)
        super().__init__(inputs, x if after is None else after(x), **kwargs)

        self.network = network
        self.normalize_features = normalize_features

    def call(self, inputs, training=None, mask=None):
        used = {key: inputs[key] for key in self.input}
        return super().call(used, training=training, mask=mask)

    def get_config(self):
        return {
            "name": self.name,
            "trainable": self.trainable,
            "network": keras.saving.serialize_keras_object(self.network),
            "normalize_features": self.normalize_features,
        }

    @classmethod
    def from_config(cls, config):
        network = config["network"]
        if isinstance(network, dict):
            network = keras.saving.deserialize_keras_object(network)
        return cls(**{**config, "network": network})

    def compile(
        self,
        optimizer="auto",
        loss="auto",
        loss_weights=None,
        metrics=None,
        weighted_metrics="auto",
        **kwargs,
    ):
        """As Keras's; what is `"auto"` becomes the application's default.

        Args:
            optimizer: `"auto"` or what Keras accepts.
            loss: `"auto"` or what Keras accepts.
            loss_weights: as in Keras.
            metrics: as in Keras; they see padding, too.
            weighted_metrics: `"auto"` or what Keras accepts; they see what
                counts.
            **kwargs: further arguments of `keras.Model.compile`.
        """
        if isinstance(weighted_metrics, str) and weighted_metrics == "auto":
            weighted_metrics = self.default_metrics()
        super().compile(
            optimizer=optimizer,
            loss=loss,
            loss_weights=loss_weights,
            metrics=metrics,
            weighted_metrics=weighted_metrics,
            **kwargs,
        )

    def input_signature(self):
        return [
            {
                key: keras.InputSpec(shape=tensor.shape, dtype=tensor.dtype)
                for key, tensor in self.input.items()
            }
        ]

    def example_inputs(self, count):
        """Packs of a random graph each, of `count` nodes, the last padded."""
        generator = np.random.default_rng(0)
        widths = {key: tensor.shape[-1] for key, tensor in self.input.items()}
        graph = {
            "node_features": generator.random((count, widths["node_features"])),
            "edge_index": generator.integers(0, count, (2 * count, 2)),
        }
        if "edge_weights" in widths:
            graph["edge_weights"] = generator.random(2 * count)
        if "edge_features" in widths:
            shape = (2 * count, widths["edge_features"])
            graph["edge_features"] = generator.random(shape)
        packs = pack([graph] * 2, Budget(count + 1, 2 * count + 1, 1))
        return {key: packs[key] for key in self.input}

    def checked(self, x):
        """The keys that the network uses, once every edge leads somewhere."""
        if not isinstance(x, dict):
            return x
        missing = sorted(set(self.input) - set(x))
        if missing:
            raise ValueError(
                f"The network needs graphs with the keys {sorted(self.input)}. "
                f"Received: {sorted(x)}"
            )
        edges = x["edge_index"]
        if isinstance(edges, np.ndarray) and edges.size:
            nodes = x["node_features"].shape[1]
            # Beyond the nodes XLA would read on silently; -1 is padding.
            if edges.min() < -1 or edges.max() >= nodes:
                raise ValueError(
                    f"`edge_index` must name nodes, 0 to {nodes - 1}, or -1 "
                    f"for padding. Received: {edges.min()} to {edges.max()}"
                )
        return {key: x[key] for key in self.input}
