"""Data sets that scikit-learn brings along: no download, no file."""

import numpy as np

from keras_nn.data.split import Split
from keras_nn.data.splits import Splits

TEST_FRACTION = 0.2
TEST_SEED = 0
UCI = "https://archive.ics.uci.edu/dataset/"


def digits():
    """1,797 digits written by 43 people, grey, 8x8, as pixels of 0 to 255.

    The file counts the ink of each pixel from 0 to 16; it is scaled by
    255 / 16 and rounded, so that digits are pictures like any other.
    """
    from sklearn.datasets import load_digits

    bunch = load_digits()
    pixels = np.rint(bunch.images[..., None] * (255 / 16)).astype("uint8")
    return carried(
        Split(pixels, bunch.target.astype("int64")),
        class_names=tuple(str(digit) for digit in bunch.target_names),
        name="digits",
        source=UCI + "80 (its test file, carried by scikit-learn)",
        description="Handwritten digits, uint8 pictures of shape (8, 8, 1)",
    )


def iris():
    """150 iris flowers of 3 species, 4 lengths in cm."""
    from sklearn.datasets import load_iris

    return table(
        load_iris(),
        name="iris",
        source=UCI + "53 (carried by scikit-learn)",
        description="Species of iris from the size of sepals and petals",
    )


def wine():
    """178 wines of 3 growers, 13 chemical measurements."""
    from sklearn.datasets import load_wine

    return table(
        load_wine(),
        name="wine",
        source=UCI + "109 (carried by scikit-learn)",
        description="The grower of a wine from its chemical analysis",
    )


def breast_cancer():
    """569 breast tumours, malignant or benign, 30 properties of the cells."""
    from sklearn.datasets import load_breast_cancer

    return table(
        load_breast_cancer(),
        name="breast-cancer",
        source=UCI + "17 (carried by scikit-learn)",
        description="Malignant or benign from measured cell nuclei",
    )


def diabetes():
    """442 patients, 10 raw measurements, progression of diabetes in a year."""
    from sklearn.datasets import load_diabetes

    return table(
        load_diabetes(scaled=False),
        name="diabetes",
        source="Efron et al., 2004, Least Angle Regression "
        "(carried by scikit-learn)",
        licence="none stated",
        description="Progression of diabetes one year later (25 to 346) from "
        "age, sex, body mass index, blood pressure and six blood values",
    )


def table(bunch, **facts):
    """Splits of a scikit-learn table: x float32, y int64 or float32."""
    classes = "target_names" in bunch
    y = bunch.target.astype("int64" if classes else "float32")
    return carried(
        Split(bunch.data.astype("float32"), y),
        class_names=tuple(map(str, bunch.target_names)) if classes else None,
        feature_names=tuple(map(str, bunch.feature_names)),
        **facts,
    )


def carried(split, licence="CC BY 4.0", **facts):
    """Splits off a test set, which is the same whatever seed a user tries."""
    stratify = facts["class_names"] is not None
    train, test = split.split(TEST_FRACTION, TEST_SEED, stratify)
    how = "drawn class by class" if stratify else "drawn at random"
    facts["description"] += (
        f". No official split: {len(test)} examples, {how} once and for all, "
        "are the test set."
    )
    return Splits(train, None, test, licence=licence, **facts)
