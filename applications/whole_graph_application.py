import tensorflow as tf

from keras_nn import data
from keras_nn.applications import optimization
from keras_nn.applications.graph_application import GraphApplication
from keras_nn.data.graphs import GraphSplit

EVALUATED_GRAPHS = 128  # in a batch of `evaluate` and `predict`


class WholeGraphApplication(GraphApplication):
    """What applications that say something of whole graphs share. Abstract.

    `fit`, `evaluate` and `predict` accept `keras_nn.data.graphs.GraphSplit`
    beside what Keras's accept; predictions of those are graph by graph.
    """

    @classmethod
    def default_settings(cls):
        return {**optimization.SETTINGS, "jit_compile": False}

    @classmethod
    def setting_choices(cls):
        return optimization.CHOICES

    def fit(
        self,
        x=None,
        y=None,
        batch_size=None,
        *args,
        validation_data=None,
        **kwargs,
    ):
        """As Keras's; `x` may be a `GraphSplit`, or `data.Splits` of them.

        Of `Splits` the training part is trained on; the validation part, if
        there is one, is the default of `validation_data`.
        """
        if isinstance(x, data.Splits):
            if validation_data is None:
                validation_data = x.validation
            x = x.train
        self.prepare(x)
        if isinstance(x, GraphSplit):
            x = x.ordered(
                batch_size or 32,
                True,
                packs=self._packs(),
                one_shape=isinstance(
                    self.distribute_strategy, tf.distribute.TPUStrategy
                ),
            )
            batch_size = None
        if isinstance(validation_data, GraphSplit):
            validation_data = self._in_order(validation_data)
        return super().fit(
            self.checked(x),
            y,
            batch_size,
            *args,
            validation_data=validation_data,
            **kwargs,
        )

    def evaluate(self, x=None, y=None, batch_size=None, *args, **kwargs):
        """As Keras's; `x` may be a `GraphSplit`."""
        if isinstance(x, GraphSplit):
            x, batch_size = self._in_order(x, batch_size), None
        return super().evaluate(self.checked(x), y, batch_size, *args, **kwargs)

    def predict(self, x, batch_size=None, *args, **kwargs):
        """As Keras's; of a `GraphSplit` it gives one row a graph."""
        if not isinstance(x, GraphSplit):
            return super().predict(self.checked(x), batch_size, *args, **kwargs)
        batches = self._in_order(x, batch_size)
        inputs = batches.dataset().map(lambda packs, *_: packs)
        scores = super().predict(inputs, None, *args, **kwargs)
        # Only the last batch is padded, and at its end.
        return scores.reshape(-1, scores.shape[-1])[: len(x)]

    def _of_kind(self, split):
        """A split from a file, once its nodes have the features needed."""
        needed = self.network.input["node_features"].shape[-1]
        if split.shape != (needed,):
            raise ValueError(
                f"The network takes nodes of {needed} features; tags and "
                "columns must be those it was trained on. Received: nodes of "
                f"{split.shape[0]} features"
            )
        return split

    def _packs(self):
        return self.distribute_strategy.num_replicas_in_sync

    def _in_order(self, split, batch_size=None):
        size, packs = batch_size or EVALUATED_GRAPHS, self._packs()
        return split.ordered(-(-size // packs) * packs, packs=packs)
