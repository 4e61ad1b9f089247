import keras

from keras_nn.metrics.segmentation.region_score import RegionScore


@keras.saving.register_keras_serializable(package="keras_nn")
class DiceScore(RegionScore):
    """Dice overlap (F1) of regions, over all places that were seen.

    `D_c = 2 tp_c / (2 tp_c + fp_c + fn_c)`

    and the mean over classes.

    Args:
        num_classes: int. At least 2.
        classes: list of int or None. The classes that the result is the mean
            of, such as `[1]` for the foreground. Defaults to None: those that
            are there or predicted.
        ignore_class: int or None. Index of places that do not count. Defaults
            to None.
        threshold: float. From where on one channel means class 1: 0.5 for
            probabilities, 0 for logits. Defaults to 0.5.
        name: str. Defaults to `"dice_score"`.
        dtype: str. Type of the counts. Defaults to `"float32"`.
        reduction: str. `"macro"`: the mean over classes of what all pictures
            have together; `"micro"`: one fraction of all pictures and
            classes; `"macro_imagewise"` and `"micro_imagewise"`: the same of
            each picture, then the mean. Defaults to `"macro"`.
        zero_division: float or None. The value of a class that is neither
            there nor predicted; None, the default, leaves it out of the mean.
            1 is usual for `"macro_imagewise"`.

    Call arguments:
        y_true: class indices `(batch, ...)` or `(batch, ..., 1)`.
        y_pred: float tensor `(batch, ..., classes)`, of probabilities or
            logits; one channel stands for class 1 of two.

    Returns:
        A scalar in [0, 1]; 0 before the first place.

    Example:

    >>> import numpy as np
    >>> metric = DiceScore(num_classes=2)
    >>> metric.update_state(np.array([[0, 0, 1, 1]]), np.eye(2)[[[0, 1, 1, 1]]])
    >>> round(float(metric.result()), 4)
    0.7333

    Reference:
        [Dice, 1945](https://doi.org/10.2307/1932409)
    """

    def __init__(
        self,
        num_classes,
        classes=None,
        ignore_class=None,
        threshold=0.5,
        name="dice_score",
        dtype=None,
        reduction="macro",
        zero_division=None,
    ):
        super().__init__(
            num_classes,
            classes,
            ignore_class,
            threshold,
            name,
            dtype,
            reduction,
            zero_division,
        )

    def fraction(self, tp, fp, fn):
        return 2 * tp, 2 * tp + fp + fn
