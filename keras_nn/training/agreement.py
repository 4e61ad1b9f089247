"""Workers that do something together though only one saw the reason."""

import functools
import time

import tensorflow as tf

from keras_nn.training import keras_internals

PAUSE = 1.0  # seconds from one agreement to the next, about


class Agreement:
    """Workers agree behind which step they do what a clock or a signal asks.

    Clocks differ and a signal reaches each worker in another step, or one
    worker only. So the workers exchange what they know behind steps that all
    of them know beforehand, about a second apart: the chief measures how many
    steps that are, and tells the others. What the chief asks for is done, and
    what any worker was told. A single worker agrees with itself at once.

    Args:
        strategy: `tf.distribute.Strategy`.
        seconds: float. Between two exchanges, about.

    Example:

    >>> agreement = Agreement(tf.distribute.get_strategy())
    >>> agreement.behind_step(chief_asks=True, told=False)
    (True, False)
    """

    def __init__(self, strategy, seconds=PAUSE):
        self.strategy = strategy
        self.seconds = seconds
        self._alone = not keras_internals.spans_workers(strategy)
        self._left = 1  # steps until the next exchange
        self._gap = 1  # steps between the last one and that
        self._since = None

    def behind_step(self, chief_asks, told):
        """What is agreed behind a step; every worker calls it behind each.

        Args:
            chief_asks: bool. Counts on the chief only.
            told: bool. Counts on any worker.

        Returns:
            `(bool, bool)`, the same on every worker; both False between two
            exchanges.
        """
        if self._alone:
            return chief_asks, told
        self._left -= 1
        if self._left:
            return False, False
        return self.at_once(chief_asks, told)

    def at_once(self, chief_asks, told):
        """As `behind_step`, without waiting for the next exchange."""
        if self._alone:
            return chief_asks, told
        is_chief = self.strategy.extended.should_checkpoint
        asked, told, gap = sum_over_workers(
            self.strategy,
            [chief_asks and is_chief, told, is_chief and self._next_gap()],
        )
        self._left = self._gap = gap
        return asked > 0, told > 0

    def wait_for_all(self):
        """Returns when every worker has come here."""
        if not self._alone:
            sum_over_workers(self.strategy, [0])

    def _next_gap(self):
        now, since = time.monotonic(), self._since
        self._since = now
        done = self._gap - self._left
        if since is None or not done:
            return self._gap
        wanted = done * self.seconds / max(now - since, 1e-9)
        # The first steps, which are traced, say little of the later ones.
        return max(1, min(int(wanted), 2 * self._gap))


def from_chief(strategy, number):
    """The `number` of the chief, on every worker: int."""
    is_chief = strategy.extended.should_checkpoint
    return sum_over_workers(strategy, [number if is_chief else 0])[0]


def sum_over_workers(strategy, numbers):
    """Sums over the workers, on every worker.

    Args:
        strategy: `tf.distribute.Strategy`.
        numbers: list of int, as many on each.

    Returns:
        A list of int.
    """
    sums = _adder(strategy)(tf.constant([int(n) for n in numbers], "int64"))
    sums = strategy.experimental_local_results(sums)[0].numpy()
    # Every replica of a worker has added the same.
    return [int(n) // len(strategy.extended.worker_devices) for n in sums]


@functools.cache
def _adder(strategy):
    @tf.function(autograph=False)
    def add(numbers):
        return strategy.run(_all_reduce_sum, args=(numbers,))

    return add


def _all_reduce_sum(numbers):
    context = tf.distribute.get_replica_context()
    # What is reduced must lie on the replica's device; an argument does not.
    numbers = tf.identity(numbers)
    return context.all_reduce(tf.distribute.ReduceOp.SUM, numbers)
