import os
import subprocess
import sys
import textwrap

import keras
import numpy as np
import pytest

from keras_nn import data
from keras_nn import training
from keras_nn.applications import Application
from keras_nn.applications import ImageClassifier
from keras_nn.models import MLP


@pytest.fixture
def app():
    network = MLP(False, input_shape=(8, 8, 1), units=[8])
    app = ImageClassifier(network, num_classes=10)
    app.compile()
    return app


def test_auto_is_the_default_of_the_application(app):
    assert isinstance(app.optimizer, keras.optimizers.Adam)
    assert isinstance(app.loss, keras.losses.SparseCategoricalCrossentropy)
    assert app.get_compile_config()["metrics"][0]["config"]["name"] == (
        "accuracy"
    )


def test_what_is_given_wins_over_auto(app):
    app.compile(keras.optimizers.SGD(0.5), "sparse_categorical_crossentropy")
    assert isinstance(app.optimizer, keras.optimizers.SGD)
    assert app.loss == "sparse_categorical_crossentropy"
    app.compile(metrics=None)
    assert app.get_compile_config()["metrics"] is None


def test_fit_takes_splits_a_split_and_arrays(app):
    splits = data.load("digits")
    history = app.fit(splits, verbose=0).history
    assert {"loss", "accuracy", "val_loss", "val_accuracy"} <= set(history)
    small = splits.validation
    steps = int(app.optimizer.iterations)
    history = app.fit(small, batch_size=36, epochs=2, verbose=0).history
    assert "val_loss" not in history
    assert int(app.optimizer.iterations) == steps + 2 * len(small) // 36
    history = app.fit(
        small.x, small.y, 16, 2, validation_data=small, verbose=0
    ).history
    assert len(history["val_loss"]) == 2


def test_evaluate_and_predict_take_a_split(app):
    split = data.load("digits").validation
    app.prepare(split)
    from_split = app.evaluate(split, verbose=0)
    np.testing.assert_allclose(
        from_split, app.evaluate(split.x, split.y, verbose=0), rtol=1e-5
    )
    np.testing.assert_allclose(
        app.predict(split, verbose=0),
        app.predict(split.x, verbose=0),
        rtol=1e-5,
    )


def test_a_full_disk_does_not_cost_the_previous_file(tmp_path):
    script = """
        import resource, signal, sys
        import numpy as np
        from keras_nn.applications import ImageClassifier, load
        from keras_nn.models import MLP
        path = sys.argv[1]
        network = MLP(False, input_shape=(8, 8, 1), units=[64])
        app = ImageClassifier(network, num_classes=10)
        app.save(path)
        before = app.get_weights()
        app.head.kernel.assign(app.head.kernel + 1)
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        try:
            app.save(path)
        except OSError as error:
            assert "the previous file is kept" in str(error), error
        else:
            raise AssertionError("the disk was not full")
        for kept, saved in zip(load(path).get_weights(), before, strict=True):
            np.testing.assert_array_equal(kept, saved)
    """
    subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), tmp_path / "a.keras"],
        check=True,
        timeout=120,
    )
    assert os.listdir(tmp_path) == ["a.keras"]


def test_save_does_not_overwrite_what_it_was_told_not_to(app, tmp_path):
    app.save(tmp_path / "a.keras")
    with pytest.raises(FileExistsError, match="`overwrite` is False"):
        app.save(tmp_path / "a.keras", overwrite=False)
    assert os.listdir(tmp_path) == ["a.keras"]


def test_a_subclass_must_say_what_it_is():
    class Bare(Application):
        pass

    with pytest.raises(NotImplementedError, match="Bare must define"):
        Bare.recipes()
    with pytest.raises(NotImplementedError, match="default_loss"):
        Bare().compile()


def test_a_worker_that_is_not_chief_takes_part_and_saves_nothing(
    app, tmp_path, monkeypatch
):
    monkeypatch.setattr(training, "is_chief", lambda: False)
    app.save(tmp_path / "app.keras")
    assert not list(tmp_path.iterdir())
