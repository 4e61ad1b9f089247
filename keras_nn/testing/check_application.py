"""The check that every application passes."""

import tempfile
from pathlib import Path

import keras
import numpy as np

from keras_nn.testing.accumulated_step import check_accumulated_step
from keras_nn.testing.arguments import check_arguments
from keras_nn.testing.arguments import check_config_unchanged
from keras_nn.testing.arguments import config_text
from keras_nn.testing.backend import read
from keras_nn.testing.backend import write
from keras_nn.testing.compiled_steps import check_compiled_steps
from keras_nn.testing.files import no_warning
from keras_nn.testing.inputs import make_inputs
from keras_nn.testing.inputs import odd
from keras_nn.testing.numbers import arrays
from keras_nn.testing.numbers import assert_close
from keras_nn.testing.precision import global_policy
from keras_nn.testing.replica_step import check_replica_step
from keras_nn.testing.training_run import SignDescent
from keras_nn.testing.training_run import check_fit
from keras_nn.testing.training_run import len_of
from keras_nn.testing.training_run import plain_descent


def check_application(
    cls,
    init_kwargs,
    x,
    y=None,
    *,
    epochs=5,
    half=True,
    jit=True,
    replicas=True,
    accumulate=True,
    package="keras_nn",
):
    """Asserts that an application works from `compile()` to the saved file.

    Config round trip; `compile()` without arguments; `fit` learns, in float32
    and in `mixed_float16`; `evaluate` and `predict`; `save` and `load_model`
    give back predictions, metrics, optimiser and compiled state without a
    warning, and training goes on; XLA compiles the train, test and predict
    steps for a fixed shape, as a TPU needs; a step on two replicas, an uneven
    batch, equals the step on one device; so does the update of two batches
    in turn.

    Args:
        cls: the application class.
        init_kwargs: dict of constructor arguments, or a function that returns
            one (where arguments are models, which must not be shared).
        x: a shape with the batch axis first, an array, or a nest.
        y: likewise, or None.
        epochs: int. Steps in which `fit` must lower the loss.
        half: bool. Whether it may train in half precision.
        jit: bool. Whether XLA can compile the steps; not for layers of
            Keras with `supports_jit = False`, such as some augmentations.
        replicas: bool. Whether to compare two replicas with one; not possible
            for what is random in training.
        accumulate: bool. Whether to compare, where replicas are compared, two
            accumulated batches with one; not possible for what looks across
            a batch, such as losses that contrast examples. Left out for
            networks with batch normalisation, which sees the small batches.
        package: str or None. Where `cls` is registered; None skips that.

    Raises:
        AssertionError: names the first promise that is broken.

    Example:

    >>> import numpy as np
    >>> from keras_nn.applications import ImageClassifier
    >>> from keras_nn.models import MLP
    >>> def arguments():
    ...     network = MLP(False, input_shape=(4, 4, 1), units=[8])
    ...     return {"backbone": network, "num_classes": 3, "preprocess": None}
    >>> check_application(ImageClassifier, arguments, (6, 4, 4, 1),
    ...                   np.arange(6) % 3, half=False, jit=False,
    ...                   replicas=False)
    """
    x = make_inputs(x)
    y = None if y is None else make_inputs(y, seed=7)

    def make(policy="float32", **compile_kwargs):
        given = init_kwargs() if callable(init_kwargs) else init_kwargs
        with global_policy(policy):
            app = cls(**given)
        if hasattr(app, "prepare"):
            app.prepare(x)
        app.compile(**compile_kwargs)
        return app

    given = init_kwargs() if callable(init_kwargs) else dict(init_kwargs)
    check_arguments(cls, cls(**given), given, package)

    keras.utils.set_random_seed(0)
    app = make()
    text = config_text(app)
    for name, value in app.get_compile_config().items():
        assert value != "auto", (
            f"compile() must put a default in place of 'auto'. Received: {name}"
        )
    check_fit(app, x, y, epochs)
    check_config_unchanged(app, text)
    loaded = _check_saved(app, x, y)
    if jit:
        check_compiled_steps(loaded, (x,) if y is None else (x, y))
    else:
        loaded.fit(x, y, epochs=1, verbose=0)
    if half:
        keras.utils.set_random_seed(0)
        # Where replicas are compared, `compile` takes one optimizer.
        given = {"optimizer": SignDescent()} if replicas else {}
        check_fit(make("mixed_float16", **given), x, y, epochs)
    if replicas:
        batch = (odd(x),) if y is None else (odd(x), odd(y))

        def build():
            return make(optimizer=plain_descent())

        one, start = check_replica_step(build, batch)
        if accumulate and not _has_batch_statistics(app):
            write(one.variables, start)
            one.reset_metrics()
            check_accumulated_step(build, batch, whole=one)


def _has_batch_statistics(app):
    return any(
        isinstance(layer, keras.layers.BatchNormalization)
        for layer in app._flatten_layers()
    )


def _check_saved(app, x, y):
    metrics = _evaluate(app, x, y)
    predictions = app.predict(x, verbose=0)
    assert len(arrays(predictions)[0]) == len_of(x), (
        f"predict must give one prediction an example, {len_of(x)}. "
        f"Received: {len(arrays(predictions)[0])}"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "application.keras"
        with no_warning("save and load_model"):
            app.save(path)
            loaded = keras.saving.load_model(path)
    assert type(loaded) is type(app), (
        f"load_model must give a {type(app).__name__}. "
        f"Received: {type(loaded).__name__}"
    )
    assert_close(
        loaded.predict(x, verbose=0), predictions, "loaded predictions", 1e-6
    )
    try:
        restored = _evaluate(loaded, x, y)
    except ValueError as error:
        raise AssertionError(
            f"load_model must restore the compiled state. Received: {error}"
        ) from error
    assert set(restored) == set(metrics), (
        f"the loaded metrics must be {sorted(metrics)}. "
        f"Received: {sorted(restored)}"
    )
    for name, value in metrics.items():
        assert_close(restored[name], value, f"{name} after loading")
    states = [read(_optimizer_variables(a)) for a in (loaded, app)]
    assert_close(*states, "the state of the optimiser after loading", 0.0)
    return loaded


def _evaluate(app, x, y):
    metrics = app.evaluate(x, y, verbose=0, return_dict=True)
    for name, value in metrics.items():
        assert np.isfinite(value), f"evaluate: {name} is not finite: {value}"
    return metrics


def _optimizer_variables(app):
    return [v for one in app.all_optimizers for v in one.variables]
