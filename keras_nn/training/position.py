import contextlib
import math


class Position:
    """Where training is in its data, and where it goes on.

    A pass is one reading of the data from its beginning: an epoch, unless
    `steps_per_epoch` cuts one long pass into epochs. The order of arrays, of
    `OrderedBatches` and of a `PyDataset` follows from `seed` and the number
    of the pass alone, so that a pass can begin at any batch. Of a
    `tf.data.Dataset` everything up to the position is read once more and
    dropped, which is right if it gives the same each time.

    Keras makes its iterators itself, some of them for nothing. In `fit` the
    engine makes them in its place (`steps`), so that each begins where the
    position says.

    Args:
        seed: int. Of the order.
        epoch: int. The epoch that `fit` begins with.
    """

    def __init__(self, seed=0, epoch=0):
        self.seed = seed
        self._next = (epoch, 0)  # pass and step in it of the next iterator
        self._pass = None  # the number of the pass that is being read
        self._read = 0  # steps of it that were taken
        self._first_step = 0  # of the next epoch
        self._length = None
        self._epochs = None
        self._skips = False
        self._peeking = False

    def state(self, step=None):
        """What `restore` needs in order to go on after `step` steps.

        Args:
            step: int. Steps of this epoch that are done; None at its end.

        Returns:
            A dict for JSON.
        """
        # An epoch begins a new pass, unless `steps_per_epoch` is given.
        ends = step is None and self._epochs.steps_per_epoch is None
        if ends or self._epochs._current_iterator is None:
            following = self._next
        else:
            following = self._pass, self._read
        return {
            "seed": self.seed,
            "pass": list(following),
            "first_step": step or 0,
            "length": self._length,
        }

    def restore(self, state):
        """Goes on where `state` was taken. Before the data are adapted."""
        self.seed = state["seed"]
        self._next = tuple(state["pass"])
        self._first_step = state["first_step"]
        self._length = state["length"]
        self._skips = self._next != (0, 0)

    @contextlib.contextmanager
    def peeking(self):
        """A batch that is looked at inside does not count as read."""
        self._peeking = True
        try:
            yield
        finally:
            self._peeking = False

    def steps(self, epochs):
        """The steps of one epoch.

        Args:
            epochs: the epoch iterator of Keras, whose adapter is a
                `GuardedAdapter`.

        Yields:
            `(first, last, iterator)`: the numbers of the steps that are
            executed together, and where their batches come from.
        """
        if self._peeking:
            epochs.data_adapter.begin(0, 0)
            epochs.data_adapter.on_epoch_begin()
            yield 0, 0, iter(epochs._get_iterator())
            return
        self._begin(epochs)
        step, self._first_step = self._first_step, 0
        batches = epochs._num_batches or math.inf  # that a pass has
        length = epochs.steps_per_epoch or batches
        at_once = epochs.steps_per_execution
        iterator = epochs._current_iterator
        while step < length:
            if self._read >= batches:
                if epochs.steps_per_epoch:
                    epochs._interrupted_warning()
                break
            self._read += at_once
            epochs._steps_seen = self._read
            yield step, step + at_once - 1, iterator
            step += at_once
        if self._read >= batches and not epochs.data_adapter.reads_on:
            epochs._current_iterator = None
        epochs.data_adapter.on_epoch_end()

    def _begin(self, epochs):
        """Makes an iterator at its position, where a new one is due."""
        adapter = epochs.data_adapter
        self._check_length(epochs._num_batches)
        self._epochs = epochs
        has_iterator = epochs._current_iterator is not None
        if has_iterator and epochs.steps_per_epoch:
            adapter.on_epoch_begin()
            return
        self._pass, self._read = self._next
        self._next = (self._pass + 1, 0)
        if has_iterator and adapter.reads_on:
            adapter.on_epoch_begin()
            epochs._steps_seen = 0
            return
        batches = self._read * getattr(adapter, "batches_per_step", 1)
        adapter.begin(self._pass, batches)
        adapter.on_epoch_begin()
        source = epochs._get_iterator()
        iterator = None
        if self._skips and not adapter.is_ordered:
            iterator = _skip(source, adapter, self._pass, batches)
        self._skips = False
        epochs._current_iterator = (
            iter(source) if iterator is None else iterator
        )
        epochs._steps_seen = self._read

    def _check_length(self, length):
        if None not in (self._length, length) and self._length != length:
            raise ValueError(
                "Training can only go on with the data and the batch size "
                f"that it began with: {self._length} steps in a pass. "
                f"Received: data of {length} steps"
            )
        self._length = length


def _skip(source, adapter, passes, batches):
    """An iterator that has read `batches` after `passes` whole passes."""
    if not adapter.repeats_itself:
        raise ValueError(
            "A Python generator cannot be put back where it was. Pass arrays, "
            "a keras.utils.PyDataset, keras_nn.data.OrderedBatches or a "
            "tf.data.Dataset to resume. Received: "
            f"{type(adapter.adapter).__name__}"
        )
    for _ in range(passes):
        # What shuffles draws its next seed when it is first asked.
        next(iter(source), None)
    iterator = iter(source)
    for _ in range(batches):
        next(iterator)
    return iterator


def looked_at(epochs):
    """A context in which batches of an epoch iterator do not count as read."""
    adapter = getattr(epochs, "data_adapter", None)
    position = getattr(adapter, "position", None)
    return position.peeking() if position else contextlib.nullcontext()
