"""Records what Quantus measures of explanations, as golden numbers.

pip install quantus
python tests/parity/record_quantus.py
"""

from pathlib import Path

import numpy as np
import quantus
from quantus.functions import complexity_func
from quantus.functions import perturb_func

FOLDER = Path(__file__).parent


def record():
    random = np.random.RandomState(3)
    maps = random.standard_normal((6, 5, 7)).astype("float32")
    masks = random.uniform(size=maps.shape) < 0.3
    masks[0].flat[maps[0].argmax()] = True  # a hit, and a miss
    masks[1].flat[maps[1].argmax()] = False
    positive = np.maximum(maps, 0)
    absolute = np.abs(maps)
    pictures = random.uniform(size=(2, 3, 5, 7))  # channels first
    missing = random.uniform(size=(2, 5, 7)) < 0.4
    missing[1] = random.uniform(size=(5, 7)) < 0.9
    found = {
        "complexity": [complexity_func.entropy(a, a[None]) for a in absolute],
        "sparseness": quantus.Sparseness().evaluate_batch(
            maps, absolute.copy()
        ),
        "pointing_game": quantus.PointingGame().evaluate_batch(
            a_batch=maps, s_batch=masks
        ),
        "relevance_mass_accuracy": (
            quantus.RelevanceMassAccuracy().evaluate_batch(positive, masks)
        ),
        "relevance_rank_accuracy": (
            quantus.RelevanceRankAccuracy().evaluate_batch(maps, masks)
        ),
        "filled_in": [
            perturb_func.noisy_linear_imputation(
                picture, np.flatnonzero(gone), noise=0.0
            )
            for picture, gone in zip(pictures, missing, strict=True)
        ],
    }
    found = {name: np.array(values) for name, values in found.items()}
    np.savez_compressed(
        FOLDER / "quantus.npz",
        maps=maps,
        masks=masks,
        pictures=pictures,
        missing=missing,
        **found,
    )
    for name, values in found.items():
        print(name, values.shape, float(np.abs(values).sum()))


if __name__ == "__main__":
    print("quantus", quantus.__version__)
    record()
