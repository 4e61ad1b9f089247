import math
import shutil

import numpy as np

from keras_nn.applications.fit_recipe import fit_recipe
from keras_nn.applications.fit_recipe import versions
from keras_nn.applications.recipe import check_count
from keras_nn.applications.run import Run


def cross_validate(
    application, folds, log_dir="runs", seed=0, run_name=None, **kwargs
):
    """Trains an application `folds` times, each on all parts but one.

    The training data, with the validation part if they have one, are shared
    out, class by class, into `folds` parts; each is the test part of one
    training. A test set of the data's own is left alone. Every training
    begins from the same seed and draws its validation part from what is left
    to learn from.

    The folder holds the runs `fold-1`, `fold-2` ... and metrics.json:

    ```
    {"test": {metric: mean}, "deviations": {metric: standard deviation},
     "intervals": {metric: [low, high]}, "train_seconds": sum,
     "folds": [{"run": "fold-1", "test": {metric: value}}, ...]}
    ```

    Args:
        application: str. One of `catalogue.names()`.
        folds: int. Number of parts, at least 2.
        log_dir: str. Where runs are collected.
        seed: int. Of the folds, and of every training.
        run_name: str or None. Makes the folder `log_dir/<run_name>`.
        **kwargs: further arguments of `fit_recipe`.

    Returns:
        `Run`: the folder of all of it, without a model of its own.

    Raises:
        ValueError: if there are too few folds or examples.

    Example:

    >>> import tempfile
    >>> run = cross_validate(
    ...     "image-classifier",
    ...     folds=2,
    ...     epochs=1,
    ...     log_dir=tempfile.mkdtemp(),
    ...     verbose=0,
    ... )
    >>> [fold["run"] for fold in run.metrics["folds"]]
    ['fold-1', 'fold-2']
    """
    check_count("folds", folds)
    if folds < 2:
        raise ValueError(f"There must be two folds. Received: {folds=}")
    config = {"folds": folds, "seed": seed, "versions": versions()}
    parent = Run.create(log_dir, application, config, run_name, subfolders=())
    done = []
    try:
        for number in range(1, folds + 1):
            run = fit_recipe(
                application,
                log_dir=parent.path,
                run_name=f"fold-{number}",
                fold=(number, folds),
                seed=seed,
                **kwargs,
            )
            done.append(run)
    except Exception:
        if not any(entry.is_dir() for entry in parent.path.iterdir()):
            shutil.rmtree(parent.path)  # refused before anything was trained
        raise
    tests = [run.metrics["test"] for run in done]
    spread = {key: summary([test[key] for test in tests]) for key in tests[0]}
    parent.write(
        "metrics.json",
        {
            "test": {key: mean for key, (mean, _, _) in spread.items()},
            "deviations": {key: value for key, (_, value, _) in spread.items()},
            "intervals": {key: value for key, (_, _, value) in spread.items()},
            "train_seconds": round(
                sum(run.metrics["train_seconds"] for run in done), 2
            ),
            "folds": [
                {"run": run.path.name, "test": test}
                for run, test in zip(done, tests, strict=True)
            ],
        },
    )
    return parent


def summary(values, level=0.95):
    """Mean, standard deviation and t-interval of the mean.

    `mean +- t(n - 1) * deviation / sqrt(n)`, the deviation with `n - 1`. The
    trainings of a cross-validation share most of their data, so that the
    interval is narrower than one of independent trainings would be.

    Args:
        values: list of float, two at least.
        level: float. Probability inside the interval.

    Returns:
        `(mean, deviation, (low, high))`.

    Example:

    >>> mean, deviation, interval = summary([1.0, 2.0, 3.0])
    >>> mean, deviation, [round(edge, 2) for edge in interval]
    (2.0, 1.0, [-0.48, 4.48])
    """
    from scipy import stats

    values = np.asarray(values, "float64")
    mean, deviation = float(values.mean()), float(values.std(ddof=1))
    quantile = stats.t.ppf((1 + level) / 2, len(values) - 1)
    half = float(quantile * deviation / math.sqrt(len(values)))
    return mean, deviation, (mean - half, mean + half)
