"""A `.keras` file gives back the same model, without a warning."""

import contextlib
import tempfile
import warnings
from pathlib import Path

import keras

from keras_nn.testing.numbers import assert_close


@contextlib.contextmanager
def no_warning(what):
    """Asserts that nothing inside warns the user."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    texts = [str(w.message) for w in caught if _is_for_the_user(w.category)]
    assert not texts, f"{what} warns: {texts[0]}"


def _is_for_the_user(category):
    developer = (DeprecationWarning, PendingDeprecationWarning, ImportWarning)
    return not issubclass(category, (*developer, ResourceWarning))


def check_file(model, predict):
    """Asserts that `model` comes back equal from a `.keras` file.

    Args:
        model: keras.Model.
        predict: callable of a model that returns its outputs.

    Returns:
        The loaded model.
    """
    expected = predict(model)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        with no_warning("a .keras round trip"):
            try:
                model.save(path)
                loaded = keras.saving.load_model(path)
            except Exception as error:
                raise AssertionError(
                    f"a .keras round trip fails. Received: {error!r}"
                ) from error
    assert type(loaded) is type(model), (
        f"a {type(model).__name__} was saved. Received: {type(loaded).__name__}"
    )
    assert_close(
        predict(loaded), expected, "predictions after a .keras round trip", 1e-6
    )
    return loaded


def check_export(model, x, expected):
    """Asserts that a SavedModel without Keras predicts the same.

    Args:
        model: a built keras.Model.
        x: its inputs.
        expected: list of arrays. Its outputs.
    """
    import tensorflow as tf

    with tempfile.TemporaryDirectory() as folder:
        model.export(folder, verbose=False)
        exported = tf.saved_model.load(folder)
        assert_close(exported.serve(x), expected, "predictions after export")
