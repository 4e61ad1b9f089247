"""How many random patterns a Hopfield network keeps, by rule.

    python benchmarks/hopfield_capacity.py [--units 500 1000] [--seeds 3]

Begins at the stored patterns, updates all units at once until 30 sweeps are
over, and prints the share of wrong units. The theory for Hebb's rule and
infinitely many units (Amit et al., 1985): 1.6 % at 0.138 patterns a unit, and
beyond it all is lost at once. Printed is also the load at which the share
crosses 10 %, between the loads that were measured.
"""

import argparse
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

from keras_nn.models import HopfieldNetwork

LOADS = (0.1, 0.12, 0.13, 0.138, 0.145, 0.15, 0.16, 0.18)


def wrong_share(rule, units, load, rng):
    """Share of units that are wrong behind the sweeps."""
    patterns = rng.choice([-1.0, 1.0], (round(load * units), units))
    memory = HopfieldNetwork((units,), rule, synchronous=True, steps=30)
    memory.store(patterns.astype("float32"))
    return (memory.recall(patterns)[0] != patterns).mean()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--units", type=int, nargs="+", default=[500, 1000])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--rules", nargs="+", default=["hebb"])
    arguments = parser.parse_args()
    for rule in arguments.rules:
        for units in arguments.units:
            shares = [
                np.mean(
                    [
                        wrong_share(rule, units, load, np.random.default_rng(s))
                        for s in range(arguments.seeds)
                    ]
                )
                for load in LOADS
            ]
            text = ", ".join(
                f"{load:g}: {share:.2%}"
                for load, share in zip(LOADS, shares, strict=True)
            )
            where = "beyond all of them"
            if max(shares) > 0.1:
                where = f"{np.interp(0.1, shares, LOADS):.3f}"
            print(f"{rule}, {units} units: {text}; 10 % at {where}", flush=True)


if __name__ == "__main__":
    main()
