import keras
import numpy as np
from keras import ops

from keras_nn.metrics.sequence.entities import OUTSIDE
from keras_nn.metrics.sequence.entities import ends_entity
from keras_nn.metrics.sequence.entities import parse_tag
from keras_nn.metrics.sequence.entities import starts_entity
from keras_nn.metrics.sequence.tag_predictions import tag_predictions

MEASURES = ("f1", "precision", "recall")
AVERAGES = ("micro", "macro")


@keras.saving.register_keras_serializable(package="keras_nn")
class EntityF1(keras.metrics.Metric):
    """How many entities are found, with their type and both of their ends.

    `P = found / said`, `R = found / there`, `F1 = 2 P R / (P + R)`, as
    seqeval counts them

    Args:
        class_names: list of str. The tag of each class: `"O"`, or a letter
            of B, I, E, S and a type, as in `"B-person"`.
        measure: str. `"f1"`, `"precision"` or `"recall"`. Defaults to
            `"f1"`.
        average: str. `"micro"` counts entities of all types together,
            `"macro"` is the mean over the types that are there or said.
            Defaults to `"micro"`.
        ignore_class: int or None. The label of padding, read as the end of a
            sequence. Defaults to -1.
        name: str. Defaults to `"entity_f1"`.
        dtype: str. Type of the sums. Defaults to `"float32"`.

    Call arguments:
        y_true: int tensor of shape `(batch, length)`.
        y_pred: tags of that shape, scores of shape `(batch, length, tags)`,
            or a chain of shape `(batch, length, tags, tags)`.
        sample_weight: float tensor of shape `(batch,)` or None.

    Returns:
        A scalar from 0 to 1; 0 where there is nothing to find.

    Raises:
        ValueError: on a class that is no tag.

    Example:

    >>> metric = EntityF1(["O", "B-person", "I-person"])
    >>> metric.update_state([[1, 2, 0, 1]], [[1, 2, 0, 0]])
    >>> round(float(metric.result()), 4)  # one of two found, one said
    0.6667

    Reference:
        [Tjong Kim Sang and De Meulder, 2003](https://aclanthology.org/W03-0419/);
        [Nakayama, 2018, seqeval](https://github.com/chakki-works/seqeval)
    """

    def __init__(
        self,
        class_names,
        measure="f1",
        average="micro",
        ignore_class=-1,
        name="entity_f1",
        dtype=None,
    ):
        super().__init__(name=name, dtype=dtype)
        for what, value, known in (
            ("measure", measure, MEASURES),
            ("average", average, AVERAGES),
        ):
            if value not in known:
                raise ValueError(
                    f"`{what}` must be one of {known}. Received: {value!r}"
                )
        self.class_names = list(class_names)
        self.measure = measure
        self.average = average
        self.ignore_class = ignore_class
        # Behind the last class: outside, for padding and both ends.
        tags = [*map(parse_tag, class_names), (OUTSIDE, "")]
        kinds = sorted({kind for _, kind in tags} - {""})
        if not kinds:
            raise ValueError(
                "`class_names` must hold the tag of an entity. "
                f"Received: {self.class_names}"
            )
        self._outside = len(tags) - 1
        self._starts = _table(starts_entity, tags)
        self._ends = _table(ends_entity, tags)
        self._kinds = np.array(
            [[kind == one for one in kinds] for _, kind in tags], "float32"
        )
        for state in ("there", "said", "found"):
            variable = self.add_variable((len(kinds),), "zeros", name=state)
            setattr(self, state, variable)

    def update_state(self, y_true, y_pred, sample_weight=None):
        labels = ops.cast(y_true, "int32")
        tags = tag_predictions(ops.convert_to_tensor(y_pred))
        if self.ignore_class is not None:
            padding = ops.equal(labels, self.ignore_class)
            labels = ops.where(padding, self._outside, labels)
            tags = ops.where(padding, self._outside, tags)
        starts, ends = zip(
            *[self._boundaries(one) for one in (labels, tags)], strict=True
        )
        weights = ops.ones_like(starts[0][:, :1, 0])
        if sample_weight is not None:
            weights = ops.cast(sample_weight, self.dtype)
            weights = ops.reshape(weights, (-1, 1))
        weights = weights[..., None]
        found = self._common(starts, ends, weights)
        self.there.assign_add(ops.sum(weights * starts[0], axis=(0, 1)))
        self.said.assign_add(ops.sum(weights * starts[1], axis=(0, 1)))
        self.found.assign_add(found)

    def result(self):
        found, there, said = (
            state.value for state in (self.found, self.there, self.said)
        )
        if self.average == "micro":
            found, there, said = map(ops.sum, (found, there, said))
        below = {
            "f1": (there + said) / 2,
            "precision": said,
            "recall": there,
        }[self.measure]
        score = found / ops.where(below > 0, below, 1)
        if self.average == "micro":
            return score
        known = ops.cast(there + said > 0, self.dtype)
        return ops.sum(score) / ops.maximum(ops.sum(known), 1)

    def get_config(self):
        return {
            "name": self.name,
            "dtype": self.dtype,
            "class_names": self.class_names,
            "measure": self.measure,
            "average": self.average,
            "ignore_class": self.ignore_class,
        }

    def _boundaries(self, tags):
        """Of each token: which type begins with it, whether one ends.

        Returns:
            Floats of shape `(batch, length, types)` and `(batch, length)`.
        """
        size = self._outside + 1
        edge = ops.full_like(tags[:, :1], self._outside)
        before = ops.concatenate([edge, tags[:, :-1]], axis=1)
        after = ops.concatenate([tags[:, 1:], edge], axis=1)
        starts = ops.take(self._starts, before * size + tags)
        ends = ops.take(self._ends, tags * size + after)
        kinds = ops.take(self._kinds, tags, axis=0)
        starts = ops.cast(starts[..., None] * kinds, self.dtype)
        return starts, ops.cast(ends, self.dtype)

    def _common(self, starts, ends, weights):
        """The entities of both, by type."""
        # From the token behind an end, of either, to the next one is a
        # stretch. No entity crosses it, so it holds one that both have
        # exactly where both begin one type in it, and both end with it.
        either = ops.maximum(ends[0], ends[1])
        stretch = ops.cast(ops.cumsum(either, axis=1) - either, "int32")
        batch, length = ops.shape(stretch)[0], ops.shape(stretch)[1]
        rows = ops.arange(batch, dtype="int32")[:, None] * (length + 1)
        ids = ops.reshape(stretch + rows, (-1,))

        def by_stretch(values):
            values = ops.reshape(values, (-1, ops.shape(values)[-1]))
            return ops.segment_sum(values, ids, batch * (length + 1))

        begun = by_stretch(starts[0] * starts[1] * weights)
        ended = by_stretch((ends[0] * ends[1])[..., None])
        return ops.sum(begun * ended, axis=0)


def _table(rule, tags):
    """A rule about two tags, for each pair of them, in one row."""
    return np.array(
        [rule(before, here) for before in tags for here in tags], "float32"
    )
