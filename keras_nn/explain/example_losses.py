import keras
import numpy as np
import tensorflow as tf

from keras_nn.explain import graphs
from keras_nn.explain.functional_view import FunctionalView


class ExampleLosses:
    """A model's loss of each example, differentiated by its weights.

    What influence is computed from. The weights are those of a float32 copy
    of the model, as it predicts (`training=False`); regularisers are no part
    of an example's loss.

    Args:
        model: any built `keras.Model`.
        example: an example `(1, ...)`, in the structure of the inputs.
        loss: callable `(labels, outputs) -> (n, ...)`, or a name or loss of
            Keras, of the model's outputs; None means the cross-entropy of
            int labels and the logits. Defaults to None.
        layers: list of str, the layers whose weights count; None means all
            that are trained, `"last"` the dense layer that gives the logits:
            then inputs are features of it, computed once. Defaults to None.
        output: str, int or None. Of a model with several outputs.
        batch_size: int. Rows that the model sees at once. Defaults to 64.

    Raises:
        ValueError: on layers that there are not, or that have no weights.

    Example:

    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    >>> losses = ExampleLosses(model, np.ones((1, 3)))
    >>> x, y = losses.prepared(np.ones((5, 3))), np.array([0, 1, 1, 0, 1])
    >>> losses.gradients(x, y).shape
    (5, 8)
    """

    def __init__(
        self,
        model,
        example,
        loss=None,
        layers=None,
        output=None,
        batch_size=64,
    ):
        if not model.built:
            model(example)
        self.view = FunctionalView(model, example, linear=loss is None)
        self.batch_size = batch_size
        self.loss = cross_entropy if loss is None else _callable(loss)
        index = self.view.output_index(output)
        self.is_last = layers == "last"
        self._before = None
        if self.is_last:
            dense = _last_dense(self.view, index)
            self._before = keras.Model(self.view.model.inputs, dense.input)
            features = keras.Input(dense.input.shape[1:])
            self.network = keras.Model([features], dense(features))
            self.variables = [v.value for v in dense.trainable_variables]
        else:
            self.network = keras.Model(
                self.view.model.inputs, self.view.outputs[index]
            )
            self.variables = _variables(self.network, layers)
        if not self.variables:
            raise ValueError(
                "there must be weights that are trained. Received: "
                f"{layers=}, which have none"
            )
        self.sizes = [int(np.prod(v.shape)) for v in self.variables]
        compiled = {"reduce_retracing": True, "autograph": False}
        self._jacobian = tf.function(self._jacobian, **compiled)
        self._slopes = tf.function(self._slopes, **compiled)
        self._product = tf.function(self._product, **compiled)
        self._gauss_newton = tf.function(self._gauss_newton, **compiled)
        self._predict = tf.function(
            lambda flat: self.network(flat, training=False), **compiled
        )

    def prepared(self, inputs):
        """What the other methods take for inputs: list of float32 arrays.

        To be asked again whenever the model's weights have changed.
        """
        self.view.refresh()
        flat = self.view.flat_inputs(inputs)
        if self._before is None:
            return flat
        parts = [
            np.asarray(self._before([x[rows] for x in flat], training=False))
            for rows in self.portions(len(flat[0]))
        ]
        return [np.concatenate(parts)]

    def predicted(self, flat):
        """The class that the model predicts: int array `(n,)`."""
        parts = [
            np.asarray(self._predict(_tensors(flat, rows)))
            for rows in self.portions(len(flat[0]))
        ]
        outputs = np.concatenate(parts)
        if outputs.shape[-1] == 1:
            border = 0.0 if self.view.linear else 0.5
            return (outputs[..., 0] > border).astype("int32")
        return outputs.argmax(axis=-1).astype("int32")

    def gradients(self, flat, labels):
        """The gradient of each example's loss: float32 `(n, weights)`."""
        parts = [
            np.asarray(self._jacobian(*self._batch(flat, labels, rows)))
            for rows in self.portions(len(labels))
        ]
        return np.concatenate(parts)

    def factors(self, flat, labels):
        """Two arrays whose outer product is each example's gradient.

        Of the last layer only: its features, with 1 for the bias, and the
        loss's slopes by the logits.

        Returns:
            `(features, slopes)`, `(n, inputs + 1)` and `(n, outputs)`.
        """
        parts = [
            np.asarray(self._slopes(*self._batch(flat, labels, rows)))
            for rows in self.portions(len(labels))
        ]
        features = flat[0]
        if len(self.variables) > 1:
            ones = np.ones((len(features), 1), "float32")
            features = np.concatenate([features, ones], axis=1)
        return features, np.concatenate(parts)

    def curvature_product(self, flat, labels, vector, curvature="hessian"):
        """The mean loss's curvature times a vector: float64 `(weights,)`.

        Args:
            flat, labels: as of `gradients`.
            vector: float array `(weights,)`.
            curvature: str. `"hessian"`, or `"gauss-newton"`: `J' H J` of the
                outputs' Jacobian and the loss's Hessian by the outputs.
        """
        product = {"hessian": self._product, "gauss-newton": self._gauss_newton}
        vector = tf.convert_to_tensor(vector, "float32")
        found = np.zeros(vector.shape, "float64")
        for rows in self.portions(len(labels)):
            batch = self._batch(flat, labels, rows)
            part = product[curvature](*batch, vector)
            found += np.asarray(part, "float64")
        return found / len(labels)

    def portions(self, count):
        """The batches of so many rows: slices."""
        for start in range(0, count, self.batch_size):
            yield slice(start, min(start + self.batch_size, count))

    def _batch(self, flat, labels, rows):
        return _tensors(flat, rows), tf.convert_to_tensor(labels[rows])

    def _losses(self, flat, labels):
        return self._of_outputs(labels, self.network(flat, training=False))

    def _of_outputs(self, labels, outputs):
        losses = self.loss(labels, outputs)
        losses = tf.reshape(losses, (tf.shape(outputs)[0], -1))
        return tf.reduce_mean(losses, axis=1)

    def _jacobian(self, flat, labels):
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(self.variables)
            losses = self._losses(flat, labels)
        parts = tape.jacobian(
            losses, self.variables, unconnected_gradients="zero"
        )
        parts = [
            tf.reshape(part, (tf.shape(losses)[0], size))
            for part, size in zip(parts, self.sizes, strict=True)
        ]
        return tf.concat(parts, axis=1)

    def _slopes(self, flat, labels):
        outputs = self.network(flat, training=False)
        with tf.GradientTape() as tape:
            tape.watch(outputs)
            losses = self.loss(labels, outputs)
        return tape.gradient(losses, outputs)

    def _product(self, flat, labels, vector):
        with tf.GradientTape(watch_accessed_variables=False) as outer:
            outer.watch(self.variables)
            with tf.GradientTape(watch_accessed_variables=False) as inner:
                inner.watch(self.variables)
                loss = tf.reduce_sum(self._losses(flat, labels))
            along = tf.reduce_sum(self._joined(inner, loss) * vector)
        return self._joined(outer, along)

    def _gauss_newton(self, flat, labels, vector):
        with tf.GradientTape(
            watch_accessed_variables=False, persistent=True
        ) as tape:
            tape.watch(self.variables)
            outputs = self.network(flat, training=False)
        # Backward twice is forward: u -> J'u is linear in u.
        with tf.GradientTape() as linear:
            seed = tf.zeros_like(outputs)
            linear.watch(seed)
            along = tf.reduce_sum(self._joined(tape, outputs, seed) * vector)
        moved = linear.gradient(along, seed, unconnected_gradients="zero")
        held = tf.stop_gradient(outputs)
        with tf.GradientTape() as outer:
            outer.watch(held)
            with tf.GradientTape() as inner:
                inner.watch(held)
                loss = tf.reduce_sum(self._of_outputs(labels, held))
            along = tf.reduce_sum(inner.gradient(loss, held) * moved)
        curved = outer.gradient(along, held, unconnected_gradients="zero")
        return self._joined(tape, outputs, curved)

    def _joined(self, tape, values, seed=None):
        """Gradients by all weights, as one vector."""
        found = tape.gradient(
            values,
            self.variables,
            output_gradients=seed,
            unconnected_gradients="zero",
        )
        return tf.concat([tf.reshape(g, [-1]) for g in found], axis=0)


def cross_entropy(labels, logits):
    """The loss of int labels: of one logit, of class 1 against class 0."""
    if not labels.dtype.is_integer:
        raise ValueError(
            "the cross-entropy is of int labels; name another `loss`. "
            f"Received: labels of type {labels.dtype.name}"
        )
    if logits.shape[-1] == 1:
        labels = tf.cast(tf.reshape(labels, tf.shape(logits)), logits.dtype)
        return tf.nn.sigmoid_cross_entropy_with_logits(labels, logits)
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)


def _callable(loss):
    found = keras.losses.get(loss)
    return found.call if isinstance(found, keras.losses.Loss) else found


def _last_dense(view, index):
    layer = graphs.producer(view.outputs[index])
    plain = (
        isinstance(layer, keras.layers.Dense)
        and layer.activation is keras.activations.linear
        and len(layer.input.shape) == 2
    )
    if not plain:
        raise ValueError(
            'layers="last" is the dense layer that gives the logits, of one '
            "vector an example; a `loss` of probabilities hides it. "
            f"Received: a model that ends in {layer.name!r}, of class "
            f"{type(layer).__name__}"
        )
    return layer


def _variables(network, layers):
    if layers is None:
        return [v.value for v in network.trainable_variables]
    known = {layer.name: layer for layer in network.layers}
    if isinstance(layers, str) or not set(layers) <= set(known):
        raise ValueError(
            f'`layers` must be None, "last", or a list of {sorted(known)}. '
            f"Received: {layers!r}"
        )
    return [v.value for n in layers for v in known[n].trainable_variables]


def _tensors(flat, rows):
    return [tf.convert_to_tensor(x[rows]) for x in flat]
