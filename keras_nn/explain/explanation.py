from dataclasses import dataclass

import keras
import numpy as np

from keras_nn.data.displayable import displayable
from keras_nn.explain.heat_map import overlay


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
    >>> found.pictures(np.ones((1, 2, 2, 3)), side=64).shape
    (1, 64, 64, 3)
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
        maps = kinds[sign](_spatial(self.attributions).sum(axis=-1))
        axes = tuple(range(1, maps.ndim))
        top = np.percentile(np.abs(maps), 99.5, axis=axes, keepdims=True)
        # A map of a few spots only has them beyond that percentile.
        top = np.where(top > 0, top, np.abs(maps).max(axis=axes, keepdims=True))
        scaled = maps / np.where(top > 0, top, 1)
        return np.clip(scaled, -1, 1).astype("float32")

    def pictures(self, inputs, sign="positive", side=320):
        """The attributions as heat maps over what was explained.

        Args:
            inputs: what the explainer was called with: pictures `(n, height,
                width, 1 or 3)` or clips `(n, frames, height, width, 1 or 3)`
                of any usual range, or a structure in which the first input
                with positions is that.
            sign: str. As of `maps`, but for `"signed"`. Defaults to
                `"positive"`.
            side: int. Longer side of a picture, in pixels. Defaults to 320.

        Returns:
            uint8 array `(n, height, width, 3)`, or `(n, frames, height,
            width, 3)` of clips.

        Raises:
            ValueError: on another sign, or inputs that are no such pictures.
        """
        if sign == "signed":
            raise ValueError(
                "a heat map shows one sign, or the magnitude. "
                f"Received: {sign=}"
            )
        maps = self.maps(sign)
        seen = _spatial(inputs)
        if seen.ndim not in (4, 5) or seen.shape[:-3] != maps.shape[:-2]:
            raise ValueError(
                "`inputs` must be the pictures or clips that were explained, "
                f"of positions {maps.shape}. Received: shape {seen.shape}"
            )
        shown = displayable(seen.reshape(-1, *seen.shape[-3:]))
        heats = maps.reshape(-1, *maps.shape[-2:])
        drawn = [overlay(p, m, side) for p, m in zip(shown, heats, strict=True)]
        drawn = np.stack(drawn)
        return drawn.reshape(*maps.shape[:-2], *drawn.shape[1:])


def _spatial(structure):
    """The first array with positions and channels."""
    flat = keras.tree.flatten(structure)
    for values in flat:
        if np.ndim(values) > 2:
            return np.asarray(values)
    raise ValueError(
        "a map needs an input with positions and channels. Received: arrays "
        f"of shapes {[np.shape(a) for a in flat]}"
    )
