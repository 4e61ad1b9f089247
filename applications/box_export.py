import keras
import numpy as np

from keras_nn.applications import export as exporting
from keras_nn.applications.picture_application import PictureApplication
from keras_nn.layers import NonMaxSuppression
from keras_nn.ops import box_iou

AGREEMENT = 0.95
# As every format orders them: by name.
OUTPUTS = ("boxes", "labels", "num_detections", "scores")


class BoxExport:
    """How an application of boxes is written for other runtimes.

    A mixin in front of an `Application` with what `BoxPrediction` asks for.
    """

    def export(
        self, filepath, format="saved_model", verbose=None, raw=False, **kwargs
    ):
        """Writes a network that ends in boxes, scores and labels.

        Its outputs are those of `keras_nn.layers.NonMaxSuppression`: boxes in
        pixels of what the network is given, best first, without those that
        overlap a better one of their class.

        Args:
            filepath: str. A file, or a folder for `"saved_model"`.
            format: str. `"saved_model"`, `"onnx"` or `"litert"`.
            verbose: bool or None, as in Keras.
            raw: bool. Whether to write what calling the application gives,
                the predictions at all places. Defaults to False.
            **kwargs: further arguments of `keras.Model.export`.

        Raises:
            ImportError: if the format needs a package that is missing.
            RuntimeError: if the exported network finds other objects.
        """
        if raw:
            return super().export(filepath, format, verbose, **kwargs)
        found = FoundObjects(self)
        return exporting.export(
            found.export, found, filepath, format, verbose, agree, **kwargs
        )


class FoundObjects(keras.Model):
    """An application of boxes whose outputs are the objects that it finds.

    Args:
        app: application of boxes. Its weights are shared.
    """

    # As of a picture application, which it stands for.
    input_signature = PictureApplication.input_signature
    example_inputs = PictureApplication.example_inputs

    def __init__(self, app, **kwargs):
        pictures = keras.Input(app.input_shape[1:], name="pictures")
        places = app.network.candidates(app(pictures, training=False))
        suppress = NonMaxSuppression(
            app.iou_threshold, app.score_threshold, app.max_detections
        )
        super().__init__(pictures, suppress([*places]), **kwargs)


def agree(model, path, format, count=3):
    """Raises unless an exported network finds the objects that a model finds.

    Scores that are equal but for rounding stand in no order, and of two boxes
    with such scores either may suppress the other: one object in twenty may
    be another.
    """
    inputs = model.example_inputs(count)
    expected = model.predict(inputs, verbose=0)
    values = exporting.RUNNERS[format](str(path), inputs)
    received = dict(zip(OUTPUTS, values, strict=True))
    shares = [
        agreement(
            {name: value[index] for name, value in expected.items()},
            {name: value[index] for name, value in received.items()},
        )
        for index in range(count)
    ]
    if not min(shares) >= AGREEMENT:
        raise RuntimeError(
            f"The exported {format} network does not find the objects that "
            f"the model finds: of each picture {AGREEMENT:.0%} must be the "
            f"same. Received: {min(shares):.1%}"
        )


def agreement(some, others):
    """The share of objects of one picture that two networks both find.

    Args:
        some, others: dict of `boxes` `(n, 4)`, `scores` `(n,)`, `labels`
            `(n,)`, as `FoundObjects` gives them.

    Returns:
        float, 1 where neither finds any.

    Example:

    >>> one = {"boxes": np.array([[0, 0, 4, 4.0]]), "scores": np.array([0.5]),
    ...        "labels": np.array([1])}
    >>> agreement(one, one)
    1.0
    """
    some, others = (
        {name: value[there["labels"] >= 0] for name, value in there.items()
         if name != "num_detections"}
        for there in (some, others)
    )  # fmt: skip
    most = max(len(some["labels"]), len(others["labels"]))
    if not most:
        return 1.0
    overlap = np.asarray(box_iou(some["boxes"], others["boxes"]))
    apart = np.abs(some["scores"][:, None] - others["scores"][None])
    alike = some["labels"][:, None] == others["labels"][None]
    same = alike & (apart < 1e-3) & (overlap > 0.99)
    both = min(same.any(axis=0).sum(), same.any(axis=1).sum())
    return float(both / most)
