"""Time to import the package and to start the command.

    python benchmarks/start_up.py [--runs 7]

Whole processes, in turn: `import keras`, `import keras_nn`, `keras-nn
--help` and the shell completion of `keras-nn train <TAB>`; medians.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

COMPLETION = {
    "_KERAS_NN_COMPLETE": "complete_bash",
    "COMP_WORDS": "keras-nn train ",
    "COMP_CWORD": "2",
}


def seconds(command, environment=()):
    start = time.perf_counter()
    subprocess.run(
        command,
        check=True,
        env={**os.environ, **dict(environment)},
        cwd=tempfile.gettempdir(),  # a checkout would shadow what is installed
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    beside = os.path.join(os.path.dirname(sys.executable), "keras-nn")
    command = beside if os.path.exists(beside) else shutil.which("keras-nn")
    cases = {
        "import keras": ([sys.executable, "-c", "import keras"], ()),
        "import keras_nn": ([sys.executable, "-c", "import keras_nn"], ()),
        "keras-nn --help": ([command, "--help"], ()),
        "completion": ([command], COMPLETION.items()),
    }
    times = {name: [] for name in cases}
    for _ in range(runs + 1):
        for name, (arguments, environment) in cases.items():
            times[name].append(seconds(arguments, environment))
    medians = {n: statistics.median(t[1:]) for n, t in times.items()}
    for name, median in medians.items():
        print(f"{name:18} {median:.3f} s")
    ratio = medians["import keras_nn"] / medians["import keras"]
    print(f"import keras_nn / import keras: {ratio:.3f}")


if __name__ == "__main__":
    main()
