"""How the next token is chosen: logits are filtered, then drawn from."""

import dataclasses

from keras import ops

HIDDEN = -1e30  # logit of a token that is never drawn


@dataclasses.dataclass(frozen=True)
class Sampler:
    """How tokens are drawn from logits; all filters may be combined.

    They act in this order: repetition penalty, `forbidden`, temperature,
    `top_k`, `top_p`, `min_p`; the most probable token always stays.

    Args:
        temperature: float. Logits are divided by it; 0 takes the most
            probable token. Defaults to 1.
        top_k: int or None. Only so many of the most probable tokens stay
            (more where the last ones are equally probable).
        top_p: float in (0, 1] or None. Only the fewest most probable tokens
            whose probabilities sum up to this stay.
        min_p: float in [0, 1] or None. Only tokens stay that are at least
            this fraction as probable as the most probable one.
        repetition_penalty: float. Positive logits of tokens that the text
            already has are divided by it, negative ones multiplied. Defaults
            to 1.
        forbidden: tuple of int. Tokens that are never drawn.

    Raises:
        ValueError: on values outside of these ranges.

    Example:

    >>> Sampler(temperature=0.0).greedy
    True

    Reference:
        [Holtzman et al., 2020](https://arxiv.org/abs/1904.09751) (top-p);
        [Nguyen et al., 2024](https://arxiv.org/abs/2407.01082) (min-p);
        [Keskar et al., 2019](https://arxiv.org/abs/1909.05858) (penalty)
    """

    temperature: float = 1.0
    top_k: int | None = None
    top_p: float | None = None
    min_p: float | None = None
    repetition_penalty: float = 1.0
    forbidden: tuple[int, ...] = ()

    def __post_init__(self):
        for name, right, rule in (
            ("temperature", self.temperature >= 0, "not be negative"),
            ("top_k", self.top_k is None or self.top_k >= 1, "be positive"),
            (
                "top_p",
                self.top_p is None or 0 < self.top_p <= 1,
                "lie in (0, 1]",
            ),
            (
                "min_p",
                self.min_p is None or 0 <= self.min_p <= 1,
                "lie in [0, 1]",
            ),
            ("repetition_penalty", self.repetition_penalty > 0, "be positive"),
        ):
            if not right:
                raise ValueError(
                    f"`{name}` must {rule}. "
                    f"Received: {name}={getattr(self, name)}"
                )

    @property
    def greedy(self):
        """bool. Whether nothing is left to chance."""
        return self.temperature == 0

    @property
    def penalizes(self):
        """bool. Whether it matters which tokens the text already has."""
        return self.repetition_penalty != 1

    def filter(self, logits, seen=None):
        """Logits after all filters.

        Args:
            logits: float tensor of shape `(batch, vocabulary)`.
            seen: bool tensor of the same shape or None: the tokens that the
                text has.

        Returns:
            float32 tensor of that shape; hidden tokens have a logit of
            -1e30.
        """
        logits = ops.cast(logits, "float32")
        if self.penalizes and seen is not None:
            punished = ops.where(
                logits > 0,
                logits / self.repetition_penalty,
                logits * self.repetition_penalty,
            )
            logits = ops.where(seen, punished, logits)
        if self.forbidden:
            logits = ops.where(self._hidden(logits.shape[-1]), HIDDEN, logits)
        if self.greedy:
            return logits
        logits = logits / self.temperature
        if self.top_k is not None and self.top_k < logits.shape[-1]:
            lowest = ops.top_k(logits, self.top_k)[0][:, -1:]
            logits = ops.where(logits < lowest, HIDDEN, logits)
        if self.top_p is not None and self.top_p < 1:
            logits = self._nucleus(logits)
        if self.min_p:
            p = ops.softmax(logits)
            best = ops.max(p, axis=-1, keepdims=True)
            logits = ops.where(p < self.min_p * best, HIDDEN, logits)
        return logits

    def choose(self, logits, uniform, seen=None):
        """The next tokens: an int32 tensor of shape `(batch,)`.

        Args:
            logits: float tensor of shape `(batch, vocabulary)`.
            uniform: float32 tensor of that shape, uniform in (0, 1).
            seen: as in `filter`.
        """
        logits = self.filter(logits, seen)
        if not self.greedy:
            # The largest of logits plus Gumbel noise is a draw from softmax.
            uniform = ops.cast(uniform, "float32")
            logits = logits - ops.log(-ops.log(uniform))
        return ops.cast(ops.argmax(logits, axis=-1), "int32")

    def _hidden(self, size):
        wrong = [token for token in self.forbidden if not 0 <= token < size]
        if wrong:
            raise ValueError(
                f"`forbidden` must be tokens of the model, in [0, {size - 1}]. "
                f"Received: {wrong[0]}"
            )
        tokens = ops.convert_to_tensor(self.forbidden, "int32")
        return ops.any(ops.arange(size)[:, None] == tokens, axis=-1)

    def _nucleus(self, logits):
        order = ops.flip(ops.sort(logits, axis=-1), axis=-1)
        before = ops.cumsum(ops.softmax(order), axis=-1) - ops.softmax(order)
        kept = ops.where(before < self.top_p, order, -HIDDEN)
        lowest = ops.min(kept, axis=-1, keepdims=True)
        return ops.where(logits < lowest, HIDDEN, logits)
