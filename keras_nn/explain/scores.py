import numpy as np
import tensorflow as tf


class Scores:
    """A model's scores of chosen classes, and their gradients, in batches.

    Every method asks here: which class, which output, in which portions. What
    it asks with is a function that makes the rows of a batch, so that a path
    of a thousand points is never held at once.

    Args:
        view: `FunctionalView`.
        output: str, int or None. Which of the model's outputs is explained.
        batch_size: int. Rows that the model sees at once.
    """

    def __init__(self, view, output, batch_size):
        if batch_size < 1:
            raise ValueError(
                f"`batch_size` must be positive. Received: {batch_size=}"
            )
        self.view = view
        self.batch_size = batch_size
        self._index = view.output_index(output)
        self._values = tf.function(
            self.score, reduce_retracing=True, autograph=False
        )
        self._gradients = tf.function(
            self.slopes, reduce_retracing=True, autograph=False
        )

    def choose(self, flat, targets):
        """The class to explain in each example: int array `(n,)`.

        Args:
            flat: list of arrays, from `FunctionalView.flat_inputs`.
            targets: int, int array `(n,)`, or None for the predicted class.

        Raises:
            ValueError: if there is no such class.
        """
        size = len(flat[0])
        outputs = self.view.outputs[self._index]
        classes = outputs.shape[-1] if len(outputs.shape) > 1 else 1
        if targets is None and classes == 1:
            return np.ones(size, "int32")
        if targets is None:
            parts = [
                self.outputs([x[i : i + self.batch_size] for x in flat])
                for i in range(0, size, self.batch_size)
            ]
            scores = np.concatenate(parts)
            scores = scores.reshape(size, -1, scores.shape[-1]).mean(axis=1)
            return scores.argmax(axis=-1).astype("int32")
        chosen = np.asarray(targets)
        valid = chosen.dtype.kind in "iu" and chosen.shape in ((), (size,))
        if not valid or chosen.min() < 0 or chosen.max() >= max(classes, 2):
            raise ValueError(
                f"`targets` must be an int below {max(classes, 2)}, or one for "
                f"each of {size} examples. Received: {targets!r}"
            )
        return np.broadcast_to(chosen, (size,)).astype("int32")

    def outputs(self, flat):
        """The output that is explained: array."""
        outputs = self.view.model(flat, training=False)
        return np.asarray(tf.nest.flatten(outputs)[self._index])

    def score(self, flat, targets):
        """The score of a class in each example: tensor `(n,)`.

        Of one output unit `z` the score of class 1 is `z`, of class 0 `-z`.
        Scores at positions are averaged.
        """
        outputs = self.view.model(flat, training=False)
        return self.of_classes(tf.nest.flatten(outputs)[self._index], targets)

    def of_classes(self, outputs, targets):
        """The score in given outputs: tensor `(n,)`."""
        if len(outputs.shape) == 1:
            outputs = outputs[:, None]
        if outputs.shape[-1] == 1:
            outputs = tf.concat([-outputs, outputs], axis=-1)
        share = tf.one_hot(targets, outputs.shape[-1], dtype=outputs.dtype)
        middle = (1,) * (len(outputs.shape) - 2)
        share = tf.reshape(share, (-1, *middle, outputs.shape[-1]))
        of_class = tf.reduce_sum(outputs * share, axis=-1)
        flat = tf.reshape(of_class, (tf.shape(targets)[0], -1))
        return tf.reduce_mean(flat, axis=1)

    def slopes(self, flat, targets):
        """The gradients of the scores by the inputs: list of tensors."""
        return gradients_of(lambda: self.score(flat, targets), flat)

    def values(self, make, targets):
        """The scores of rows that a function makes.

        Args:
            make: callable from an int array of row numbers to the list of
                inputs of these rows.
            targets: int array `(rows,)`.

        Returns:
            float32 array `(rows,)`.
        """
        parts = [
            np.asarray(self._values(_tensors(make(rows)), targets[rows]))
            for rows in self._portions(len(targets))
        ]
        return np.concatenate(parts)

    def gradients(self, make, targets):
        """The gradients of scores, batch by batch.

        Args:
            make, targets: as for `values`.

        Yields:
            `(rows, inputs, gradients)`: row numbers, and lists of arrays, the
            gradients 0 for inputs of integers.
        """
        for rows in self._portions(len(targets)):
            inputs = make(rows)
            found = self._gradients(_tensors(inputs), targets[rows])
            yield rows, inputs, [np.asarray(g) for g in found]

    def _portions(self, count):
        for start in range(0, count, self.batch_size):
            yield np.arange(start, min(start + self.batch_size, count))


def gradients_of(score, flat):
    """The gradients of a score with respect to the inputs that are floats."""
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch([x for x in flat if x.dtype.is_floating])
        values = score()
    found = iter(
        tape.gradient(
            values,
            [x for x in flat if x.dtype.is_floating],
            unconnected_gradients=tf.UnconnectedGradients.ZERO,
        )
    )
    return [
        next(found) if x.dtype.is_floating else tf.zeros(tf.shape(x))
        for x in flat
    ]


def _tensors(arrays):
    return [tf.convert_to_tensor(x) for x in arrays]
