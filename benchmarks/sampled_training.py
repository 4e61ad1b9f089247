"""Cost and memory of sampled training, for graphs of two sizes.

    python benchmarks/sampled_training.py [--nodes 100000 1000000] [--passes 2]

Both graphs are random, with ten edges a node, 32 features and 50,000 nodes with
a label; `SAGE` of 64 is trained by `fit` on batches of 1,024 of those, with 10
and 10 neighbours around each: 49 steps a pass. Printed are milliseconds a step
after the first pass, of which the drawing alone, and how much the most memory
that the process has held grew above what it held with the graph and its
index: in the first pass, which traces and compiles, and in all others. Each
size has a process of its own.
"""

import argparse
import multiprocessing
import os
import resource
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

KNOWN = 50_000
BATCH = 1024
FAN_OUTS = (10, 10)


def random_graph(nodes):
    """Features, edges and labels drawn with one seed; 50,000 known nodes."""
    generator = np.random.default_rng(0)
    graph = {
        "node_features": generator.normal(size=(nodes, 32)).astype("float32"),
        "edge_index": generator.integers(0, nodes, (10 * nodes, 2)),
    }
    labels = generator.integers(0, 5, nodes)
    return graph, labels, np.arange(nodes) < KNOWN


def drawing(nodes, count):
    """A function that draws `count` batches, from a graph of so many nodes."""
    from keras_nn.data.graphs import NodeSplit

    split = NodeSplit(*random_graph(nodes))
    batches = split.sampled(list(FAN_OUTS), BATCH, shuffle=True)
    iterator = iter(batches.dataset().repeat())
    return lambda: [next(iterator) for _ in range(count)]


def peak_memory():
    """The most memory that this process has held so far, in bytes."""
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def measure(nodes, passes):
    """Prints the line of one size of graph."""
    from keras_nn.applications import NodeClassifier
    from keras_nn.data.graphs import NodeSplit
    from keras_nn.models import SAGE

    split = NodeSplit(*random_graph(nodes))
    app = NodeClassifier(SAGE(32, 5, units=(64,)), fan_outs=list(FAN_OUTS))
    app.compile()
    batches = split.sampled(list(FAN_OUTS), BATCH, shuffle=True)
    steps = batches.num_batches
    iterator = iter(batches.dataset().repeat())
    next(iterator)  # with the index of who leads to whom
    start = time.perf_counter()
    for _ in range(steps):
        next(iterator)
    drawn = (time.perf_counter() - start) / steps
    held = [peak_memory()]
    app.fit(batches, epochs=1, verbose=0)
    held.append(peak_memory())
    start = time.perf_counter()
    app.fit(batches, epochs=passes, verbose=0)
    step = (time.perf_counter() - start) / (passes * steps)
    held.append(peak_memory())
    first, rest = np.diff(held) / 1e6
    print(
        f"{nodes:,} nodes, {10 * nodes:,} edges: {1000 * step:.1f} ms a step, "
        f"{1000 * drawn:.1f} of drawing alone; {held[0] / 1e6:.0f} MB with the "
        f"graph and its index, {first:.0f} more in the first pass, {rest:.0f} "
        f"more in {passes} others of {steps} steps",
        flush=True,
    )


def main():
    """Reads the arguments and prints a line a size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--nodes", type=int, nargs="+", default=[100_000, 1_000_000]
    )
    parser.add_argument("--passes", type=int, default=2)
    given = parser.parse_args()
    for nodes in given.nodes:
        process = multiprocessing.get_context("spawn").Process(
            target=measure, args=(nodes, given.passes)
        )
        process.start()
        process.join()


if __name__ == "__main__":
    main()
