import keras

from keras_nn.data import atomic_file


def load(path, compile=True):
    """The application that `save` wrote, as it was.

    Args:
        path: str or path. A `.keras` file.
        compile: bool. Whether to restore loss, optimiser and metrics, too.

    Returns:
        The application, or whatever Keras model the file holds.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: naming the file, if it is damaged.

    Example:

    >>> import tempfile
    >>> from keras_nn.applications import ImageClassifier
    >>> from keras_nn.models import MLP
    >>> network = MLP(False, input_shape=(8, 8, 1), units=[4])
    >>> path = tempfile.mkdtemp() + "/app.keras"
    >>> ImageClassifier(network, num_classes=3).save(path)
    >>> load(path).num_classes
    3"""
    atomic_file.verify(path)
    return keras.saving.load_model(path, compile=compile)
