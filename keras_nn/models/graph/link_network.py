from keras import ops

from keras_nn.layers import LinkInnerProduct
from keras_nn.training import Model


class LinkNetwork(Model):
    """A model of which pairs of nodes have an edge. Abstract.

    Asked for pairs, with `link_index` among the inputs, it answers with log
    odds; otherwise with the codes of nodes. A subclass defines

    - `encode(inputs, training)`: codes of shape `(packs, nodes, units)`;
    - `units`: their size;
    - `link_loss(y, logits, weights)`: the loss of every pack, `(packs,)`.

    Args:
        **kwargs: `name`, `trainable`, `dtype`.
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.decoder = LinkInnerProduct(dtype=self.dtype_policy, name="decoder")

    def encode(self, inputs, training=None):
        """Codes of all nodes: `(packs, nodes, units)`."""
        raise TypeError(
            f"{type(self).__name__} must implement `encode`. Received: a "
            "subclass of LinkNetwork without it"
        )

    def call(self, inputs, training=None):
        codes = self.encode(inputs, training)
        if "link_index" not in inputs:
            return codes
        return self.decoder(
            {"node_features": codes, "link_index": inputs["link_index"]}
        )

    def compute_output_shape(self, input_shape):
        if "link_index" in input_shape:
            return tuple(input_shape["link_index"][:-1])
        return (*input_shape["node_features"][:-1], self.units)

    def link_loss(self, y, logits, weights):
        """The loss of every pack; all arguments are float `(packs, links)`."""
        raise TypeError(
            f"{type(self).__name__} must implement `link_loss`. Received: a "
            "subclass of LinkNetwork without it"
        )

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        if y is None:
            raise ValueError(
                "The model learns from labels of links, 1 for an edge and 0 "
                "for none, see `keras_nn.data.graphs.LinkBatches`. Received: "
                "y=None"
            )
        logits = ops.cast(y_pred, "float32")
        if sample_weight is None:
            sample_weight = ops.ones_like(logits)
        loss = ops.mean(
            self.link_loss(
                ops.cast(y, "float32"),
                logits,
                ops.cast(sample_weight, "float32"),
            )
        )
        for extra in self.losses:
            loss = loss + ops.cast(extra, loss.dtype)
        return loss


def reconstruction(y, logits, weights):
    """Mean surprise at edges plus mean surprise at pairs without: `(packs,)`.

    `mean over edges of -log s(l) + mean over the others of -log(1 - s(l))`
    """

    def mean(values, weights):
        total = ops.maximum(ops.sum(weights, axis=-1), 1e-7)
        return ops.sum(values * weights, axis=-1) / total

    there = mean(ops.softplus(-logits), weights * y)
    return there + mean(ops.softplus(logits), weights * (1 - y))
