"""Anomaly detectors beside scikit-learn's, on the same splits.

    python benchmarks/anomalies.py [--sets digits tumours] [--seeds 3]

Tumours: what is learnt are the benign ones of the training part, the test
part has both kinds (71 and 43). Digits: each of the ten classes in turn is
left out of the training part; the test part has all classes; means over the
classes. ROC-AUC and average precision; columns are standardised for all,
pictures divided by 255. Ours are the recipes of `anomaly-detector`;
scikit-learn's have its defaults, PCA is the error of reconstruction from as
many directions as explain 90 % of the variance.
"""

import argparse
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
from sklearn.decomposition import PCA
from sklearn.ensemble import IsolationForest
from sklearn.svm import OneClassSVM

from keras_nn import data
from keras_nn.applications import AnomalyDetector
from keras_nn.applications import catalogue
from keras_nn.applications.anomaly_scores import detection_scores
from keras_nn.applications.recipe import resolve_settings

RECIPES = {
    "tumours": ("autoencoder", "vae", "svdd", "flow"),
    "digits": ("autoencoder", "vae", "svdd"),
}


def peers(usual, test, seed):
    """Scores of scikit-learn's detectors, by name."""
    forest = IsolationForest(random_state=seed).fit(usual)
    support = OneClassSVM().fit(usual)
    pca = PCA(0.9, svd_solver="full").fit(usual)
    again = pca.inverse_transform(pca.transform(test))
    return {
        "IsolationForest": -forest.score_samples(test),
        "OneClassSVM": -support.score_samples(test),
        "PCA": np.square(test - again).sum(axis=1),
    }


def ours(name, splits, left_out, seed):
    """A trained recipe."""
    recipe = catalogue.get_recipe(AnomalyDetector, name)
    settings = resolve_settings(
        AnomalyDetector.default_settings(),
        AnomalyDetector.setting_choices(),
        recipe.settings,
        {"anomalous": splits.class_names[left_out]},
    )
    keras.utils.set_random_seed(seed)
    app = AnomalyDetector.from_recipe(recipe, splits, **recipe.fit, **settings)
    app.fit(splits, verbose=0, **recipe.fit)
    return app


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", nargs="+", default=["tumours", "digits"])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--classes", type=int, default=10)
    arguments = parser.parse_args()
    for name in arguments.sets:
        real = {"tumours": "breast-cancer", "digits": "digits"}[name]
        classes = range(arguments.classes if name == "digits" else 1)
        found = {}
        for seed in range(arguments.seeds):
            splits = data.load(real, seed=seed)
            for left_out in classes:
                measure(name, splits, left_out, seed, found)
        for method, rows in found.items():
            auc, precision = np.mean(rows, axis=0)
            spread = np.std([row[0] for row in rows])
            print(
                f"{name}: {method:16} ROC-AUC {auc:.4f} (deviation "
                f"{spread:.4f} over {len(rows)}), average precision "
                f"{precision:.4f}",
                flush=True,
            )


def measure(name, splits, left_out, seed, found):
    """Adds `(roc_auc, average_precision)` of each method to `found`."""
    labels = splits.test.y == left_out
    usual = splits.train.x[splits.train.y != left_out]
    usual = usual.reshape(len(usual), -1).astype("float64")
    test = splits.test.x.reshape(len(labels), -1).astype("float64")
    if name == "digits":
        usual, test = usual / 255, test / 255
    else:
        mean, deviation = usual.mean(axis=0), usual.std(axis=0)
        usual, test = ((x - mean) / deviation for x in (usual, test))
    scores = peers(usual, test, seed)
    for recipe in RECIPES[name]:
        app = ours(f"{name}-{recipe}", splits, left_out, seed)
        scores[recipe] = app.predict(splits.test.x, verbose=0)
    for method, values in scores.items():
        row = detection_scores(labels, values, 0.0)
        pair = row["roc_auc"], row["average_precision"]
        found.setdefault(method, []).append(pair)


if __name__ == "__main__":
    main()
