"""Error of an MPNN on ESOL, a random split of its own for every seed.

    python benchmarks/esol.py --data FOLDER [--seeds 0 1 2]

FOLDER holds delaney-processed.csv. Every run is what `keras-nn train
graph-regressor --recipe esol-mpnn --seed SEED` does: a tenth of the molecules,
drawn with the seed, is the test set, a tenth of the others the validation set,
which decides nothing here: reported is the error after the last epoch. The
recipe was chosen on a fifth of the training molecules of seed 0, set aside.
"""

import argparse
import os
import tempfile
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

from keras_nn.applications import fit_recipe


def main():
    """Reads the arguments and prints the error of each seed, and the mean."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    given = parser.parse_args()
    errors = []
    for seed in given.seeds:
        start = time.process_time()
        with tempfile.TemporaryDirectory() as folder:
            run = fit_recipe(
                "graph-regressor",
                "esol-mpnn",
                data=given.data,
                seed=seed,
                log_dir=folder,
                verbose=0,
            )
            errors.append(run.metrics["test"]["rmse"])
        print(
            f"seed {seed}: RMSE {errors[-1]:.3f}, "
            f"{time.process_time() - start:.0f} CPU s",
            flush=True,
        )
    print(
        f"{len(errors)} seeds: RMSE {np.mean(errors):.3f} +- "
        f"{np.std(errors):.3f}"
    )


if __name__ == "__main__":
    main()
