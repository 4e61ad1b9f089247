"""What a step on N replicas needs in order to equal a step on one.

A replica holds `n` of the `N` examples of a global batch. The loss of a
replica is written as if it were alone: a mean over its `n` examples. The
gradient of the whole batch is then the mean of the replicas' gradients
weighted by their shares `n / N`, exact for uneven batches too. It is formed
before anything looks at gradients, so that clipping by the global norm and the
finiteness test of half precision see the gradient of the whole batch.
"""

import tensorflow as tf
from keras import ops

from keras_nn.training import replicas
from keras_nn.training.update import Update
from keras_nn.training.update import innermost
from keras_nn.training.update import scales_loss


class Step(Update):
    """One train or test step of one replica, while it is being traced.

    Args:
        data: the replica's batch.
        observers: as in `Update`.
        skip_nonfinite: as in `Update`.
        accumulate: callable `accumulate(optimizer, gradients, variables,
            count, examples)` that takes the place of the update, or None.
            `count` is what the gradient is a mean over, in a batch of so many
            `examples`.
    """

    def __init__(
        self, data, observers=(), skip_nonfinite=False, accumulate=None
    ):
        super().__init__(observers, skip_nonfinite)
        self.replicas = replicas.num_replicas()
        self.examples = replicas.count_examples(data)
        self.accumulate = accumulate
        self.scaled_by = set()  # ids of optimisers whose `scale_loss` ran
        # By id of the layer. Replicas are traced in turns, from one exchange
        # to the next, and would find each other's on the layer.
        self.added_losses = {}
        self._total = None
        self._counts = {}  # what the losses of this step are means over

    @property
    def total_examples(self):
        """Scalar int tensor: examples of the global batch."""
        if self._total is None:
            self._total = replicas.all_reduce_sum(self.examples)
        return self._total

    @property
    def share(self):
        """Scalar float tensor `n / N`, the weight of this replica."""
        return tf.cast(self.examples, "float32") / tf.cast(
            self.total_examples, "float32"
        )

    def correct(self, value, values, sample_weight, mask, reduction):
        """A local reduction whose share-weighted sum is the global one.

        Only reductions that do not divide by the number of examples need it:
        a masked mean divides by the valid entries, a weighted mean by the
        weights, a sum by nothing.
        """
        alone = self.replicas == 1
        if reduction in (None, "none") or (alone and not self.accumulate):
            return value
        if tuple(value.shape) == (0,):  # what Keras reduces nothing to
            value = ops.sum(value)
        if reduction == "sum":
            if self.accumulate:
                raise ValueError(_SUM)
            return value / ops.cast(self.share, value.dtype)
        weighted = (
            reduction == "mean_with_sample_weight" and sample_weight is not None
        )
        if not weighted and mask is None:
            self._counts["examples"] = (self.total_examples,)
            return value
        local = self._weight(value, sample_weight if weighted else None, mask)
        total = replicas.all_reduce_sum(local)
        by = (mask, sample_weight if weighted else None)
        # With what it is counted by, whose id must not be given away.
        self._counts[tuple(map(id, by))] = (total, by)
        if alone:
            return value
        share = ops.cast(self.share, value.dtype)
        return ops.divide_no_nan(value * local, total * share)

    def _weight(self, value, sample_weight, mask):
        if sample_weight is None:
            return ops.sum(ops.cast(mask, value.dtype))
        weights = ops.cast(sample_weight, value.dtype)
        if mask is not None:
            weights = weights * ops.cast(mask, value.dtype)
        return ops.sum(weights)

    def apply(self, original, optimizer, gradients, variables):
        """`optimizer.apply` on the gradient of the whole batch."""
        weighted = id(optimizer) in self.scaled_by
        if scales_loss(optimizer) and not weighted:
            raise ValueError(
                "A float16 step must scale its loss, or gradients vanish and "
                "nothing is learnt. In `train_step`, call "
                "`self.minimize(loss, tape, variables, optimizer)`, or take "
                "the gradient of `optimizer.scale_loss(loss)`. Received: a "
                f"step that applies {type(optimizer).__name__} "
                f"'{optimizer.name}' to an unscaled loss"
            )
        gradients = self._whole_batch(list(gradients), weighted)
        if self.accumulate:
            self.judge(optimizer, gradients)
            return self.accumulate(
                optimizer,
                gradients,
                list(variables),
                self._count(),
                self.total_examples,
            )
        if innermost(optimizer).gradient_accumulation_steps:
            raise ValueError(
                "An optimiser that accumulates gradients must be one of "
                "`all_optimizers` of its model: override that property. "
                f"Received: {type(optimizer).__name__} '{optimizer.name}'"
            )
        return super().apply(original, optimizer, gradients, variables)

    def _count(self):
        """What the gradient of this step is a mean over."""
        if len(self._counts) > 1:
            raise ValueError(
                "Gradients can be accumulated where every loss of a step is a "
                "mean over the same: the examples, one mask, or one weight. "
                f"Received: losses over {len(self._counts)} different ones"
            )
        for count, *_ in self._counts.values():
            return tf.cast(count, "float32")
        return tf.cast(self.total_examples, "float32")

    def weigh(self, loss):
        """The share of `loss` in the loss of the whole batch.

        Weighing the loss instead of its gradient also weighs what flows
        back through the replicas, as in synchronised batch normalisation.
        """
        if self.replicas == 1:
            return loss
        return self.of_examples(loss) * ops.cast(self.share, loss.dtype)

    def of_examples(self, value):
        """`value`, or zero on a replica that holds no example.

        The last batch may be smaller than the number of replicas, and a mean
        over nothing is NaN.
        """
        if self.replicas == 1:
            return value
        return ops.where(self.examples > 0, value, ops.zeros_like(value))

    def _whole_batch(self, gradients, weighted):
        if self.replicas == 1:
            return gradients
        present = [g for g in gradients if g is not None]
        if not weighted:  # a step that never called `optimizer.scale_loss`
            present = [replicas.times(g, self.share) for g in present]
        reduced = iter(replicas.all_reduce_sum(present) if present else ())
        return [None if g is None else next(reduced) for g in gradients]


_SUM = (
    "A loss that is a sum over the batch cannot be accumulated: it grows with "
    "the batch. Use a mean. Received: reduction='sum' with "
    "gradient_accumulation_steps"
)
