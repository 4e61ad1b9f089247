"""Test metrics of an application, with their spread."""

import numpy as np

from keras_nn.applications.recipe_data import run_splits


def evaluate(app, split):
    """Metrics on a test set, and how sure they are.

    Args:
        app: `Application`.
        split: `keras_nn.data.Split`.

    Returns:
        Two dicts: metric name to value, and metric name to a 95 % bootstrap
        interval `(low, high)`, for the metrics that have scores by example.
    """
    metrics = app.evaluate(split, verbose=0, return_dict=True)
    metrics = {name: float(value) for name, value in metrics.items()}
    scores = app.example_scores(split)
    intervals = {n: interval(scores[n]) for n in scores if n in metrics}
    return metrics, intervals


def evaluate_splits(app, splits, settings):
    """`evaluate` on the test part of a run, and what its settings ask for.

    Args:
        app: `Application`.
        splits: `keras_nn.data.Splits` of the run.
        settings: dict, those of the run.
    """
    metrics, intervals = evaluate(app, splits.test)
    return {**metrics, **app.split_scores(splits, settings)}, intervals


def evaluate_run(run, path=None):
    """Metrics of a run's model, on the run's test set or on other data.

    Args:
        run: `Run`.
        path: str or None. Labelled data, all of which is tested on. Defaults
            to the test set of the run, read again.

    Returns:
        As `evaluate`.

    Example:

    >>> import tempfile
    >>> from keras_nn.applications import fit_recipe
    >>> folder = tempfile.mkdtemp()
    >>> run = fit_recipe(
    ...     "image-classifier", epochs=1, log_dir=folder, verbose=0
    ... )
    >>> metrics, intervals = evaluate_run(run)
    >>> metrics["accuracy"] == run.metrics["test"]["accuracy"]
    True"""
    app = run.load()
    config = run.config
    if path is not None:
        return evaluate(app, app.read_test(path, config["settings"]))
    splits = run_splits(config)
    return evaluate_splits(app, splits, config["settings"])


def interval(values, resamples=1000, seed=0, level=0.95):
    """Bootstrap confidence interval of a mean: `(low, high)`.

    The percentiles of the means of `resamples` samples, drawn with
    replacement and as large as the original.

    Args:
        values: array `(n,)`, one score an example.
        resamples: int. Number of samples drawn.
        seed: int. The same seed gives the same interval.
        level: float. Probability inside the interval.

    Example:

    >>> interval(np.ones(100))
    (1.0, 1.0)

    Reference:
        Efron and Tibshirani, *An Introduction to the Bootstrap*, 1993,
        chapter 13.
    """
    values = np.asarray(values, "float64")
    generator = np.random.default_rng(seed)
    means = [
        values[generator.integers(0, len(values), len(values))].mean()
        for _ in range(resamples)
    ]
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
