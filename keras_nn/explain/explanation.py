from dataclasses import dataclass

import keras
import numpy as np


@dataclass(frozen=True)
class Explanation:
    """What a method says of why a model decided as it did.

    Args:
        attributions: float32 array of the shape of the inputs (or of their
            positions, with one channel), or the structure of arrays that the
            model takes: what each number contributed to the score.
        method: str. Name of the method.
        targets: int array `(n,)`: the class explained in each example.
        convergence_delta: float32 array `(n,)`: how far the attributions'
            sum is from what it should be, for methods that promise one; else
            None.

    Example:

    >>> found = Explanation(np.ones((1, 2, 2, 3)), "saliency", np.array([0]))
    >>> found.maps().shape
    (1, 2, 2)
    """

    attributions: object
    method: str
    targets: np.ndarray
    convergence_delta: np.ndarray | None = None

    def maps(self, sign="positive"):
        """Where in each picture the attributions are, fit to be drawn.

        Channels are summed. Of several inputs it is the first with positions.

        Args:
            sign: str. `"positive"` shows what speaks for the class,
                `"negative"` what speaks against it, `"absolute"` both, and
                `"signed"` keeps the sign. Defaults to `"positive"`.

        Returns:
            float32 array `(n, *positions)`, each map divided by its own 99.5th
            percentile of magnitudes and clipped to [0, 1] ([-1, 1] if
            signed).

        Raises:
            ValueError: on another sign, or if no input has positions.
        """
        kinds = {
            "positive": lambda x: np.maximum(x, 0),
            "negative": lambda x: np.maximum(-x, 0),
            "absolute": np.abs,
            "signed": lambda x: x,
        }
        if sign not in kinds:
            raise ValueError(
                f"`sign` must be one of {list(kinds)}. Received: {sign=}"
            )
        flat = keras.tree.flatten(self.attributions)
        spatial = [np.asarray(a) for a in flat if np.ndim(a) > 2]
        if not spatial:
            raise ValueError(
                "a map needs an input with positions and channels. Received: "
                f"attributions of shapes {[np.shape(a) for a in flat]}"
            )
        maps = kinds[sign](spatial[0].sum(axis=-1))
        axes = tuple(range(1, maps.ndim))
        top = np.percentile(np.abs(maps), 99.5, axis=axes, keepdims=True)
        # A map of a few spots only has them beyond that percentile.
        top = np.where(top > 0, top, np.abs(maps).max(axis=axes, keepdims=True))
        scaled = maps / np.where(top > 0, top, 1)
        return np.clip(scaled, -1, 1).astype("float32")
