"""Records norms, pools and propagation of PyTorch Geometric: pyg_pools.npz.

    python tests/parity/record_pyg_pools.py   # needs torch, torch_geometric

In the form of record_pyg.py, on its graph.
"""

import record_pyg as base
import torch
from record_pyg import EDGES
from record_pyg import FEATURES
from record_pyg import IDS
from record_pyg import NODES
from record_pyg import UNITS
from record_pyg import WEIGHTS
from record_pyg import dense
from record_pyg import same
from record_pyg import t
from record_pyg_more import record
from record_pyg_more import write
from torch_geometric import nn
from torch_geometric.nn import aggr


def cases():
    m = nn.MessageNorm(learn_scale=True)
    other = torch.tensor(base.GRAPH["initial_features"])
    p = [same(m.scale, ())]
    yield "message_norm", m, lambda m, x: m(x, other), p

    m = nn.DiffGroupNorm(FEATURES, groups=3, lamda=0.3)
    p = [t(m.lin.weight), same(m.norm.weight), same(m.norm.bias)]
    yield "group_norm", m, lambda m, x: m(x), p

    for mode in ("cat", "max", "lstm"):
        m = nn.JumpingKnowledge(mode, FEATURES, 3)
        p = []
        if mode == "lstm":
            for end in ("", "_reverse"):
                names = ("weight_ih_l0", "weight_hh_l0")
                p += [t(getattr(m.lstm, n + end)) for n in names]
                biases = [
                    getattr(m.lstm, n + end)
                    for n in ("bias_ih_l0", "bias_hh_l0")
                ]
                p.append((biases, lambda a, b: a + b))
            p += dense(m.att)
        yield f"jump_{mode}", m, lambda m, x: m([x, other, x * other]), p

    m = nn.SSGConv(FEATURES, UNITS, alpha=0.2, K=3)
    p = dense(m.lin)
    yield "simple_spectral", m, lambda m, x: m(x, EDGES, WEIGHTS), p

    m = nn.AGNNConv()
    p = [same(m.beta, ())]
    yield "attention_propagation", m, lambda m, x: m(x, EDGES), p

    m = nn.FAConv(FEATURES, eps=0.3)
    p = [t(m.att_l.weight), t(m.att_r.weight)]
    yield "frequency_adaptive", m, lambda m, x: m(x, other, EDGES), p

    m = aggr.SortAggregation(k=3)
    yield "sort_pooling", m, lambda m, x: m(x, IDS), []

    for name, m in (
        ("top_k", nn.TopKPooling(FEATURES, ratio=0.5)),
        ("sag", nn.SAGPooling(FEATURES, ratio=0.5, GNN=nn.GCNConv)),
    ):

        def pooled(m, x):
            y, _, _, _, chosen, _ = m(x, EDGES, batch=IDS)
            return torch.zeros_like(x).index_copy(0, chosen, y)

        if name == "top_k":
            p = [same(m.select.weight, (FEATURES,))]
        else:
            p = [t(m.gnn.lin.weight), same(m.gnn.bias)]
        yield name, m, pooled, p

    adjacency = torch.zeros(NODES, NODES).double()
    for s, e, w in zip(*EDGES, WEIGHTS, strict=True):
        adjacency[e, s] += w
    for name, pool in (
        ("diff_pool", nn.dense_diff_pool),
        ("min_cut", nn.dense_mincut_pool),
    ):
        m = torch.nn.Linear(FEATURES, 3)

        def dense_pool(m, x, pool=pool):
            y, a, *losses = pool(x[None], adjacency[None], m(x)[None])
            return torch.cat(
                [y[0].flatten(), a[0].flatten(), *map(vector, losses)]
            )

        yield name, m, dense_pool, dense(m)


def vector(value):
    return value.reshape(1)


if __name__ == "__main__":
    write("pyg_pools.npz", record(cases))
