import keras


@keras.saving.register_keras_serializable(package="keras_nn")
class LabelF1Score(keras.metrics.F1Score):
    """F1 of many labels at a threshold, in training on replicas, too.

    `F1 = 2 TP / (2 TP + FP + FN)`, of all decisions together (micro) or the
    mean over labels (macro)

    `keras.metrics.F1Score` makes its sums in the first step, which a step on
    several replicas cannot do; here the number of labels is known before.

    Args:
        num_labels: int.
        average: `"micro"`, `"macro"`, `"weighted"` or None. Defaults to
            `"macro"`.
        threshold: float in (0, 1]. Probability above which a label counts as
            there. Defaults to 0.5.
        name: str.
        dtype: str. Type of the sums.

    Raises:
        ValueError: If `num_labels` is not positive, or another argument is
            not as above.

    Example:

    >>> metric = LabelF1Score(2, "micro")
    >>> metric.update_state([[1.0, 0.0], [1.0, 1.0]], [[0.9, 0.6], [0.2, 0.8]])
    >>> round(float(metric.result()), 4)  # 2 found, 1 too many, 1 missed
    0.6667
    """

    def __init__(
        self,
        num_labels,
        average="macro",
        threshold=0.5,
        name="label_f1_score",
        dtype=None,
    ):
        if num_labels < 1:
            raise ValueError(
                f"`num_labels` must be positive. Received: {num_labels=}"
            )
        super().__init__(
            average=average, threshold=threshold, name=name, dtype=dtype
        )
        self.num_labels = num_labels
        self._build((None, num_labels), (None, num_labels))

    def get_config(self):
        config = super().get_config()
        config.pop("beta", None)
        return {**config, "num_labels": self.num_labels}
