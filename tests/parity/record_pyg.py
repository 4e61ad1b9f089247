"""Records what PyTorch Geometric computes, into pyg.npz beside this file.

    python tests/parity/record_pyg.py       # needs torch and torch_geometric

One random graph with isolated nodes, self-loops, repeated edges, weights,
features and types of edges; every operator on it, forward and the gradients
of `sum(output * projection)` by features and weights, in float64. Weights are
stored in the order and layout of this suite's layers.
"""

from pathlib import Path

import numpy as np
import torch
import torch_geometric
from torch_geometric import nn
from torch_geometric.nn import aggr

NODES, FEATURES, UNITS = 9, 4, 3
GENERATOR = np.random.default_rng(0)


def random_graph():
    # Nodes 7 and 8 are alone, 8 but for its self-loop; edges repeat.
    edges = GENERATOR.integers(0, 7, (16, 2))
    edges = edges[edges[:, 0] != edges[:, 1]]
    edges = np.concatenate([edges, edges[:3], [[8, 8], [2, 2]]])
    return {
        "node_features": GENERATOR.normal(size=(NODES, FEATURES)),
        "edge_index": edges,
        "edge_weights": GENERATOR.uniform(0.5, 2.0, len(edges)),
        "edge_features": GENERATOR.normal(size=(len(edges), 2)),
        "edge_types": GENERATOR.integers(0, 3, len(edges)),
        "graph_ids": np.array([0, 0, 0, 0, 0, 1, 1, 1, 2]),
        "initial_features": GENERATOR.normal(size=(NODES, FEATURES)),
    }


GRAPH = random_graph()
X = GRAPH["node_features"]
EDGES = torch.tensor(GRAPH["edge_index"].T)
WEIGHTS = torch.tensor(GRAPH["edge_weights"])
EDGE_FEATURES = torch.tensor(GRAPH["edge_features"])
TYPES = torch.tensor(GRAPH["edge_types"])
IDS = torch.tensor(GRAPH["graph_ids"])
INITIAL = torch.tensor(GRAPH["initial_features"])


def t(parameter):
    """A kernel `(in, out)` of a linear layer's weight `(out, in)`."""
    return parameter, lambda w: w.T


def same(parameter, shape=None):
    """A weight as it is, perhaps in another shape."""
    return parameter, lambda w: w if shape is None else w.reshape(shape)


def gru(parameter):
    """Gates reset, update, new become update, reset, new."""

    def reorder(w):
        reset, update, new = torch.chunk(w, 3, dim=0)
        w = torch.cat([update, reset, new])
        return w.T if w.ndim == 2 else w

    return parameter, reorder


def mlp(*sizes):
    layers = []
    for size, following in zip(sizes, sizes[1:], strict=False):
        layers += [torch.nn.Linear(size, following), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def dense(*layers):
    """Kernel and bias of linear layers."""
    return [one for lin in layers for one in (t(lin.weight), same(lin.bias))]


class Recurrence(torch.nn.Module):
    """Three rounds of NNConv and GRU, as in PyG's example of the MPNN."""

    def __init__(self):
        super().__init__()
        network = mlp(2, 5, FEATURES * FEATURES)
        self.conv = nn.NNConv(FEATURES, FEATURES, network, aggr="mean")
        self.cell = torch.nn.GRUCell(FEATURES, FEATURES, bias=False)
        self.bias = torch.nn.Parameter(torch.zeros(2, 3 * FEATURES))

    def forward(self, x):
        for _ in range(3):
            received = self.conv(x, EDGES, EDGE_FEATURES).relu()
            x = torch._VF.gru_cell(
                received,
                x,
                self.cell.weight_ih,
                self.cell.weight_hh,
                *self.bias,
            )
        return x


def cases():
    """Name, module, call and parameters in our order, one at a time."""
    m = nn.GCNConv(FEATURES, UNITS)
    p = [t(m.lin.weight), same(m.bias)]
    yield "graph_convolution", m, lambda m, x: m(x, EDGES, WEIGHTS), p
    yield "graph_convolution_unweighted", m, lambda m, x: m(x, EDGES), p

    for how in ("mean", "max", ["mean", "std"]):
        m = nn.SAGEConv(FEATURES, UNITS, aggr=how)
        p = [t(m.lin_l.weight), t(m.lin_r.weight), same(m.lin_l.bias)]
        name = how if isinstance(how, str) else "_".join(how)
        yield f"graph_sage_{name}", m, lambda m, x: m(x, EDGES), p

    for joined in (True, False):
        m = nn.GATConv(FEATURES, UNITS, heads=2, concat=joined)
        p = [t(m.lin.weight), same(m.att_src, (2, UNITS))]
        p += [same(m.att_dst, (2, UNITS)), same(m.bias)]
        name = f"graph_attention_{'joined' if joined else 'averaged'}"
        yield name, m, lambda m, x: m(x, EDGES), p

    m = nn.GATv2Conv(FEATURES, UNITS, heads=2)
    p = [same(m.att, (2, UNITS)), same(m.bias), *dense(m.lin_l, m.lin_r)]
    yield "graph_attention_v2", m, lambda m, x: m(x, EDGES), p

    m = nn.GINConv(mlp(FEATURES, 5, UNITS), eps=0.3, train_eps=True)
    p = [same(m.eps, ()), *dense(m.nn[0], m.nn[2])]
    yield "graph_isomorphism", m, lambda m, x: m(x, EDGES), p

    m = nn.GINEConv(mlp(FEATURES, 5, UNITS), edge_dim=2)
    p = [*dense(m.nn[0], m.nn[2], m.lin)]
    yield (
        "graph_isomorphism_edges",
        m,
        lambda m, x: m(x, EDGES, EDGE_FEATURES),
        p,
    )

    m = nn.SGConv(FEATURES, UNITS, K=3)
    p = [t(m.lin.weight), same(m.lin.bias)]
    yield (
        "simplified_graph_convolution",
        m,
        lambda m, x: m(x, EDGES, WEIGHTS),
        p,
    )

    m = nn.APPNP(K=4, alpha=0.2)
    yield "personalized_propagation", m, lambda m, x: m(x, EDGES, WEIGHTS), []

    m = nn.ChebConv(FEATURES, UNITS, K=3)
    p = [t(lin.weight) for lin in m.lins] + [same(m.bias)]
    largest = torch.tensor(1.6)  # an upper bound of the eigenvalues
    yield (
        "chebyshev_convolution",
        m,
        lambda m, x: m(x, EDGES, WEIGHTS, lambda_max=largest),
        p,
    )

    m = nn.GCN2Conv(FEATURES, alpha=0.1, theta=0.5, layer=2)
    p = [same(m.weight1)]
    yield "gcnii", m, lambda m, x: m(x, INITIAL, EDGES, WEIGHTS), p

    m = nn.ARMAConv(FEATURES, UNITS, num_stacks=2, num_layers=2)
    p = [same(m.init_weight), same(m.root_weight), same(m.bias)]
    p += [same(m.weight)]
    yield "arma_convolution", m, lambda m, x: m(x, EDGES, WEIGHTS), p

    m = nn.NNConv(FEATURES, UNITS, mlp(2, 5, FEATURES * UNITS))
    p = [t(m.lin.weight), same(m.bias), *dense(m.nn[0], m.nn[2])]
    yield (
        "edge_conditioned_convolution",
        m,
        lambda m, x: m(x, EDGES, EDGE_FEATURES),
        p,
    )

    m = nn.EdgeConv(mlp(2 * FEATURES, 5, UNITS))
    p = dense(m.nn[0], m.nn[2])
    yield "edge_convolution", m, lambda m, x: m(x, EDGES), p

    m = nn.GatedGraphConv(6, num_layers=2)
    p = [same(m.weight), gru(m.rnn.weight_ih), gru(m.rnn.weight_hh)]
    p += [gru(m.rnn.bias_ih), gru(m.rnn.bias_hh)]
    yield "gated_graph", m, lambda m, x: m(x, EDGES, WEIGHTS), p

    degrees = torch.bincount(torch.bincount(EDGES[1], minlength=NODES))
    m = nn.PNAConv(
        FEATURES,
        UNITS,
        ["mean", "min", "max", "std"],
        ["identity", "amplification", "attenuation"],
        degrees,
    )
    p = dense(m.pre_nns[0][0], m.post_nns[0][0], m.lin)
    yield "principal_neighbourhood", m, lambda m, x: m(x, EDGES), p

    m = nn.RGCNConv(FEATURES, UNITS, num_relations=3)
    p = [same(m.weight), same(m.root), same(m.bias)]
    yield "relational_convolution", m, lambda m, x: m(x, EDGES, TYPES), p

    m = nn.TransformerConv(FEATURES, UNITS, heads=2)
    p = dense(m.lin_query, m.lin_key, m.lin_value, m.lin_skip)
    yield "graph_transformer", m, lambda m, x: m(x, EDGES), p

    m = nn.GraphNorm(FEATURES)
    p = [same(m.weight), same(m.bias), same(m.mean_scale)]
    yield "graph_normalization", m, lambda m, x: m(x, IDS), p

    m = nn.PairNorm(scale=1.5)
    yield "pair_normalization", m, lambda m, x: m(x, IDS), []

    for m in (
        aggr.SumAggregation(),
        aggr.MeanAggregation(),
        aggr.MaxAggregation(),
    ):
        how = type(m).__name__.removesuffix("Aggregation").lower()
        yield f"graph_pooling_{how}", m, lambda m, x: m(x, IDS), []

    m = aggr.AttentionalAggregation(torch.nn.Linear(FEATURES, 1))
    yield (
        "graph_attention_pooling",
        m,
        lambda m, x: m(x, IDS),
        dense(m.gate_nn),
    )

    m = Recurrence()
    p = [t(m.conv.lin.weight), same(m.conv.bias)]
    p += dense(m.conv.nn[0], m.conv.nn[2])
    p += [gru(m.cell.weight_ih), gru(m.cell.weight_hh)]
    p += [(m.bias, lambda w: torch.stack([gru(w)[1](row) for row in w]))]
    yield "edge_conditioned_recurrence", m, lambda m, x: m(x), p

    m = aggr.Set2Set(FEATURES, processing_steps=3, bias=False)
    p = [t(m.lstm.weight_ih_l0), t(m.lstm.weight_hh_l0)]
    yield "set_to_set_pooling", m, lambda m, x: m(x, IDS), p


def record():
    """All arrays by name."""
    torch.manual_seed(0)
    found = {f"graph/{key}": value for key, value in GRAPH.items()}
    for name, module, call, parameters in cases():
        module = module.double().eval()
        with torch.no_grad():
            for value in module.parameters():  # biases and scales, too
                value.copy_(torch.randn_like(value) * 0.5 + 0.2)
        module.zero_grad()
        x = torch.tensor(X, requires_grad=True)
        output = call(module, x)
        projection = GENERATOR.normal(size=output.shape)
        (output * torch.tensor(projection)).sum().backward()
        found[f"{name}/output"] = output.detach()
        found[f"{name}/projection"] = projection
        found[f"{name}/input_gradient"] = x.grad
        for index, (value, layout) in enumerate(parameters):
            found[f"{name}/weight_{index}"] = layout(value.detach().clone())
            found[f"{name}/gradient_{index}"] = layout(value.grad.clone())
        given = sum(value.numel() for value, _ in parameters)
        assert given == sum(v.numel() for v in module.parameters()), name
    found["versions"] = np.array(
        [f"torch {torch.__version__}", torch_geometric.__version__]
    )
    return {key: np.asarray(value) for key, value in found.items()}


if __name__ == "__main__":
    path = Path(__file__).with_name("pyg.npz")
    np.savez_compressed(path, **record())
    print(f"{path}: {path.stat().st_size} bytes")
