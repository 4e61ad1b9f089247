"""Training of graph networks beside PyTorch Geometric, in turns.

    python benchmarks/graphs_against_pyg.py --cora FOLDER --mutag FOLDER \\
        --peer PYTHON [--repeats 5] [--cases gcn gat gin loader] \\
        [--neighbor-library FILE]

PYTHON is the interpreter of an environment with torch and torch_geometric.
Measured are, in ours inside of `fit`, 50 steps: an epoch of GCN and of GAT on
Cora, with and without input dropout, which is one step on the whole graph (the
50 are one epoch of `fit`); a step of GIN-0 on batches of 32 graphs of MUTAG;
and `loader`, a batch of 1,024 nodes with 10 and 10 neighbours of a random graph
of 1,000,000 nodes and 10,000,000 edges, with the features of its nodes, for
which the peer needs pyg-lib or torch-sparse; where neither is to be had, FILE
is a library with the sources `neighbor_sample.cpp` and
`cpu/neighbor_sample_cpu.cpp` of torch-sparse, compiled. Printed are the median
and the fastest of the repeats; a ratio below 1 means that ours is faster. The
peer gets as many threads as this process may use cores.
"""

import argparse
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from sampled_training import drawing
from sampled_training import random_graph

STEPS = 50
PASSES = 4  # of GIN's 50 steps in a call of `fit`
DRAWN = 10  # batches at once
NODES = 1_000_000
CASES = ("gcn", "gcn-no-dropout", "gat", "gat-no-dropout", "gin", "loader")


def ours(case, folder):
    """A function that trains `STEPS` steps by `fit`."""
    import keras

    from keras_nn import data
    from keras_nn import models
    from keras_nn.applications import GraphClassifier
    from keras_nn.applications import NodeClassifier
    from keras_nn.data.graphs.mutag import mutag

    keras.utils.set_random_seed(0)
    if case == "gin":
        train = mutag(folder).train[np.arange(32 * STEPS) % 160]
        app = GraphClassifier(models.GIN(7, 2))
        app.compile(optimizer=keras.optimizers.Adam(1e-2))
        batches = train.ordered(32, shuffle=True)
        # The beginning of `fit` traces how batches are made: no step of it.
        return lambda: app.fit(batches, epochs=PASSES, verbose=0)
    if case == "loader":
        return drawing(NODES, DRAWN)
    train = data.load("cora", path=folder).train
    cls = models.GCN if case.startswith("gcn") else models.GAT
    # The dropout between the layers, and of attention, stays.
    network = cls(1433, 7, input_dropout=not case.endswith("no-dropout"))
    app = NodeClassifier(network)
    app.compile()
    x, y, weights = train.arrays()
    whole = data.WholeBatch((app.checked(x), y, weights), num_batches=STEPS)
    return lambda: app.fit(whole, verbose=0)


def theirs(case, folder):
    """The same in PyTorch Geometric."""
    import torch
    import torch.nn.functional as F
    from torch_geometric import nn

    torch.manual_seed(0)
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    if case == "gin":
        return their_gin(folder)
    if case == "loader":
        return their_loader(folder)
    arrays = np.load(folder)
    x, y = torch.tensor(arrays["x"]), torch.tensor(arrays["y"])
    edges = torch.tensor(arrays["edges"]).T.contiguous()
    mask = torch.tensor(arrays["mask"])
    rate = 0.0 if case.endswith("no-dropout") else 1.0

    class Network(torch.nn.Module):
        def __init__(self):
            super().__init__()
            if case.startswith("gcn"):
                self.rate, self.first = 0.5, nn.GCNConv(1433, 16)
                self.second = nn.GCNConv(16, 7)
            else:
                self.rate = 0.6
                self.first = nn.GATConv(1433, 8, heads=8, dropout=0.6)
                self.second = nn.GATConv(64, 7, concat=False, dropout=0.6)

        def forward(self, x):
            if rate:
                x = F.dropout(x, self.rate, self.training)
            x = self.first(x, edges)
            x = F.relu(x) if case.startswith("gcn") else F.elu(x)
            x = F.dropout(x, self.rate, self.training)
            return self.second(x, edges)

    network = Network()
    decay = {"params": network.first.parameters(), "weight_decay": 5e-4}
    rest = {"params": network.second.parameters(), "weight_decay": 0.0}
    optimizer = torch.optim.Adam([decay, rest], lr=0.01)

    def run():
        network.train()
        for _ in range(STEPS):
            optimizer.zero_grad()
            loss = F.cross_entropy(network(x)[mask], y[mask])
            loss.backward()
            optimizer.step()

    return run


def their_gin(path):
    """GIN-0 of four rounds of 64, batches of 32 by their loader."""
    import torch
    import torch.nn.functional as F
    from torch_geometric import nn
    from torch_geometric.data import Data
    from torch_geometric.loader import DataLoader

    arrays = np.load(path, allow_pickle=False)
    graphs = [
        Data(
            x=torch.tensor(arrays[f"x{n}"]),
            edge_index=torch.tensor(arrays[f"e{n}"]).T.contiguous().long(),
            y=torch.tensor(arrays["y"][n]),
        )
        for n in range(len(arrays["y"]))
    ]
    graphs = [graphs[n % len(graphs)] for n in range(32 * STEPS)]
    loader = DataLoader(graphs, batch_size=32, shuffle=True)

    def linear(size):
        return torch.nn.Linear(size, 64)

    def round_of(size):
        return nn.GINConv(
            torch.nn.Sequential(
                linear(size),
                torch.nn.BatchNorm1d(64),
                torch.nn.ReLU(),
                linear(64),
            )
        )

    class Network(torch.nn.Module):
        def __init__(self):
            super().__init__()
            sizes = (7, 64, 64, 64)
            self.rounds = torch.nn.ModuleList(map(round_of, sizes))
            self.norms = torch.nn.ModuleList(
                torch.nn.BatchNorm1d(64) for _ in sizes
            )
            self.scores = torch.nn.ModuleList(
                torch.nn.Linear(size, 2) for size in (7, 64, 64, 64, 64)
            )

        def forward(self, data):
            x, total = data.x, 0
            for index, scores in enumerate(self.scores):
                if index:
                    x = self.rounds[index - 1](x, data.edge_index)
                    x = self.norms[index - 1](x).relu()
                pooled = nn.global_add_pool(x, data.batch, data.num_graphs)
                total = total + F.dropout(scores(pooled), 0.5, self.training)
            return total

    network = Network()
    optimizer = torch.optim.Adam(network.parameters(), lr=0.01)

    def run():
        network.train()
        for _ in range(PASSES):
            for data in loader:
                optimizer.zero_grad()
                F.cross_entropy(network(data), data.y).backward()
                optimizer.step()

    return run


def their_loader(library):
    """Ten batches of their `NeighborLoader`, of the same random graph."""
    import torch
    import torch_geometric.typing
    from torch_geometric.data import Data
    from torch_geometric.loader import NeighborLoader

    if library:
        torch.ops.load_library(library)
        torch_geometric.typing.WITH_TORCH_SPARSE = True
    graph, labels, known = random_graph(NODES)
    loader = NeighborLoader(
        Data(
            x=torch.tensor(graph["node_features"]),
            edge_index=torch.tensor(graph["edge_index"]).T.contiguous(),
            y=torch.tensor(labels),
        ),
        num_neighbors=[10, 10],
        batch_size=1024,
        input_nodes=torch.tensor(known),
        shuffle=True,
    )
    passes = [iter(loader)]

    def run():
        for _ in range(DRAWN):
            try:
                next(passes[0])
            except StopIteration:
                passes[0] = iter(loader)

    return run


def prepare(case, folder, target):
    """Writes the data of a case for the peer, and returns the file."""
    if case == "loader":
        return folder  # it draws the same graph
    from keras_nn import data
    from keras_nn.data.graphs.mutag import mutag

    path = os.path.join(target, f"{case}.npz")
    if case == "gin":
        train = mutag(folder).train.take(160)
        arrays = {"y": train.y}
        for n, graph in enumerate(train.x):
            arrays[f"x{n}"] = graph["node_features"]
            arrays[f"e{n}"] = graph["edge_index"]
    else:
        train = data.load("cora", path=folder).train
        arrays = {
            "x": train.graph["node_features"],
            "edges": train.graph["edge_index"].astype("int64"),
            "y": train.y,
            "mask": train.mask,
        }
    np.savez(path, **arrays)
    return path


def main():
    """Reads the arguments and prints a line a case."""
    import tempfile

    from peer import Peer
    from peer import seconds

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cora")
    parser.add_argument("--mutag")
    parser.add_argument("--peer", default=sys.executable)
    parser.add_argument("--neighbor-library", default="")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--cases", nargs="+", default=CASES, choices=CASES)
    given = parser.parse_args()
    for case in given.cases:
        folder = given.mutag if case == "gin" else given.cora
        if case == "loader":
            folder = given.neighbor_library
        with tempfile.TemporaryDirectory() as target:
            file = prepare(case, folder, target)
            peer = Peer(given.peer, __file__, "--serve", case, file)
            run = ours(case, folder)
            run()
            count = DRAWN if case == "loader" else STEPS
            count *= PASSES if case == "gin" else 1
            pairs = [
                (seconds(run) / count, peer.seconds() / count)
                for _ in range(given.repeats)
            ]
            peer.close()
        mine, other = 1000 * np.median(pairs, axis=0)
        best, their_best = 1000 * np.min(pairs, axis=0)
        print(
            f"{case}: ours {mine:.1f} ms, PyG {other:.1f} ms a step, ratio "
            f"{mine / other:.2f}; the fastest of each {best:.1f} and "
            f"{their_best:.1f} ms, ratio {best / their_best:.2f}",
            flush=True,
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        from peer import serve

        serve(theirs(*sys.argv[2:4]))
    else:
        main()
