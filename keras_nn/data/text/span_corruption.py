import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True)
class SpanCorruption:
    """Takes passages out of texts, for a model that has to write them: T5.

    Of `length` tokens `round(length density)` are taken out, in
    `round(removed / span_length)` passages of random length that do not touch;
    a text begins with what is kept and ends with a passage, as in T5.
    What is read has a sentinel in place of each passage; what is to be written
    has each sentinel and the passage behind it. Both end with `end_id`. All
    texts of one length give results of one length, as XLA needs.

    Args:
        sentinels: sequence of int. Ids that stand for passages, in order.
        end_id: int. The token behind both.
        density: float in (0, 1). Share of the tokens that are taken out.
            Defaults to 0.15.
        span_length: float. Mean length of a passage, 1 at least. Defaults
            to 3.

    Raises:
        ValueError: on a share that is none, or passages below one token.

    Example:

    >>> corruption = SpanCorruption((90, 91), end_id=1, density=0.25)
    >>> x, y = corruption(np.arange(10, 22)[None], seed=0)
    >>> x.tolist()
    [[10, 11, 12, 13, 14, 15, 16, 17, 18, 90, 1]]
    >>> y.tolist()
    [[90, 19, 20, 21, 1]]

    Reference:
        [Raffel et al., 2020](https://arxiv.org/abs/1910.10683), section 3.1.4
    """

    sentinels: tuple
    end_id: int
    density: float = 0.15
    span_length: float = 3.0

    def __post_init__(self):
        if not 0 < self.density < 1 or self.span_length < 1:
            raise ValueError(
                "`density` must lie between 0 and 1, `span_length` be 1 at "
                f"least. Received: density={self.density}, "
                f"span_length={self.span_length}"
            )

    def counts(self, length):
        """Tokens that are taken out, and in how many passages: two int."""
        removed = min(max(round(length * self.density), 1), length - 1)
        spans = max(round(removed / self.span_length), 1)
        spans = min(spans, removed, length - removed)
        if length < 2 or spans > len(self.sentinels):
            raise ValueError(
                "A text must have two tokens, and there must be a sentinel "
                f"for each passage. Received: {length} tokens, {spans} "
                f"passages and {len(self.sentinels)} sentinels"
            )
        return removed, spans

    def lengths(self, length):
        """Tokens that are read, and that are written: two int."""
        removed, spans = self.counts(length)
        return length - removed + spans + 1, removed + spans + 1

    def __call__(self, ids, seed):
        """Takes passages out.

        Args:
            ids: int array `(batch, length)`.
            seed: what `numpy.random.default_rng` takes. The same seed takes
                out the same.

        Returns:
            Two int32 arrays: what is read, and what is to be written.
        """
        generator = np.random.default_rng(seed)
        ids = np.asarray(ids, "int32")
        removed, spans = self.counts(ids.shape[1])
        read, write = [], []
        for row in ids:
            kept = _parts(generator, ids.shape[1] - removed, spans)
            gone = _parts(generator, removed, spans)
            seen, said, place = [], [], 0
            for sentinel, keep, take in zip(
                self.sentinels, kept, gone, strict=False
            ):
                seen += [*row[place : place + keep], sentinel]
                place += keep
                said += [sentinel, *row[place : place + take]]
                place += take
            read.append([*seen, self.end_id])
            write.append([*said, self.end_id])
        return np.array(read, "int32"), np.array(write, "int32")


def _parts(generator, total, count):
    """`count` random positive numbers of this sum."""
    cuts = generator.choice(total - 1, count - 1, replace=False) + 1
    return np.diff([0, *sorted(cuts), total])
