"""Records more of PyTorch Geometric's operators, into pyg_more.npz.

    python tests/parity/record_pyg_more.py    # needs torch, torch_geometric

In the form of record_pyg.py, on its graph with types and positions of nodes.
"""

from pathlib import Path

import numpy as np
import record_pyg as base
import torch
from record_pyg import EDGE_FEATURES
from record_pyg import EDGES
from record_pyg import FEATURES
from record_pyg import IDS
from record_pyg import NODES
from record_pyg import TYPES
from record_pyg import UNITS
from record_pyg import WEIGHTS
from record_pyg import dense
from record_pyg import same
from record_pyg import t
from torch_geometric import nn
from torch_geometric.nn import aggr

base.GENERATOR = np.random.default_rng(2)
KINDS = np.array([0, 1, 1, 0, 1, 0, 0, 1, 0])
POSITIONS = base.GENERATOR.normal(size=(NODES, 3))
base.GRAPH |= {"node_types": KINDS, "node_positions": POSITIONS}
AGGREGATIONS = {
    "var": aggr.VarAggregation(),
    "median": aggr.MedianAggregation(),
    "softmax": aggr.SoftmaxAggregation(t=1.5, learn=True),
    # It clips means, of no rows too, to the bounds of what it averages.
    "power_mean": aggr.PowerMeanAggregation(2.0, True, clamp_min=1e-18),
    "multi": aggr.MultiAggregation(["mean", "max", "std"]),
    "scaled": aggr.DegreeScalerAggregation(
        ["mean", "max"],
        [
            "identity",
            "amplification",
            "attenuation",
            "linear",
            "inverse_linear",
        ],
        torch.bincount(torch.bincount(EDGES[1], minlength=NODES)),
    ),
}


def stacked(*parameters):
    """One of our weights, of several of theirs: as many kernels or biases."""
    return parameters, lambda *w: torch.stack(
        [v.T if v.ndim == 2 else v for v in w]
    )


def hetero_case():
    """HGT, its types as one graph: nodes of kind 0 first, then of kind 1."""
    relations = [(a, f"r{r}", b) for r in range(3) for a in "01" for b in "01"]
    rows = [np.flatnonzero(KINDS == kind) for kind in (0, 1)]
    place = np.zeros(NODES, int)
    for part in rows:
        place[part] = np.arange(len(part))
    edges, kept = {}, EDGES.numpy()
    for a, name, b in relations:
        chosen = (KINDS[kept[0]] == int(a)) & (KINDS[kept[1]] == int(b))
        chosen &= TYPES.numpy() == int(name[1:])
        edges[a, name, b] = torch.tensor(place[kept[:, chosen]])
    return relations, rows, edges


class OneGraph(torch.nn.Module):
    """HGTConv of the whole graph; a relation is a type and two kinds."""

    def __init__(self, units, heads):
        super().__init__()
        self.relations, self.rows, self.edges = hetero_case()
        metadata = (["0", "1"], self.relations)
        self.conv = nn.HGTConv(FEATURES, units, metadata, heads)

    def forward(self, x):
        parts = {str(k): x[r] for k, r in enumerate(self.rows)}
        found = self.conv(parts, self.edges)
        y = torch.cat([found["0"], found["1"]])
        order = np.argsort(np.concatenate(self.rows))
        return y[order]


def hgt(heads, units):
    """HGT with the parameters in our order."""
    m = OneGraph(units, heads)
    conv, count, width = m.conv, len(m.relations), units // heads

    def of_relations(w):  # theirs: (heads * relations, in, out)
        w = w.reshape(heads, count, width, width)
        return w.transpose(0, 1)

    p = [(conv.k_rel.weight, of_relations), (conv.v_rel.weight, of_relations)]
    priors = [conv.p_rel["__".join(r)] for r in m.relations]
    p.append((priors, lambda *w: torch.cat(w)))
    skips = [conv.skip["0"], conv.skip["1"]]
    if units == FEATURES:
        p.append((skips, lambda *w: torch.cat(w)))
    for lin in (conv.kqv_lin, conv.out_lin):
        both = [lin.lins[k] for k in ("0", "1")]
        p.append(stacked(*(one.weight for one in both)))
        p.append(stacked(*(one.bias for one in both)))
    return m, p


def attention(m):
    """A multi-head attention's weights as Keras holds them."""
    heads, width = m.num_heads, m.head_dim
    size = heads * width
    p = []
    for index in range(3):
        rows = slice(index * size, (index + 1) * size)
        p.append(
            (
                m.in_proj_weight,
                lambda w, r=rows: w[r].T.reshape(size, heads, width),
            )
        )
        p.append((m.in_proj_bias, lambda w, r=rows: w[r].reshape(heads, width)))
    p.append((m.out_proj.weight, lambda w: w.T.reshape(heads, width, size)))
    return [*p, same(m.out_proj.bias)]


def cases():
    for name, m in AGGREGATIONS.items():
        p = [same(w, ()) for w in m.parameters()]

        def call(m, x):
            return m(x[EDGES[0]], EDGES[1], dim_size=NODES)

        yield f"aggregation_{name}", m, call, p

    m = aggr.LSTMAggregation(FEATURES, FEATURES)

    def one_by_one(m, x):  # a segment alone, since they run on over padding
        rows = [x[EDGES[0]][EDGES[1] == n] for n in range(NODES)]
        zero = torch.zeros(FEATURES, dtype=x.dtype)
        return torch.stack(
            [m.lstm(r[None])[0][0, -1] if len(r) else zero for r in rows]
        )

    lstm = m.lstm
    p = [t(lstm.weight_ih_l0), t(lstm.weight_hh_l0)]
    p.append(([lstm.bias_ih_l0, lstm.bias_hh_l0], lambda a, b: a + b))
    yield "aggregation_lstm", m, one_by_one, p

    m = nn.LGConv()
    yield "light", m, lambda m, x: m(x, EDGES, WEIGHTS), []

    m = nn.GraphConv(FEATURES, UNITS)
    p = [t(m.lin_rel.weight), t(m.lin_root.weight), same(m.lin_rel.bias)]
    yield "morris", m, lambda m, x: m(x, EDGES, WEIGHTS), p

    m = nn.TAGConv(FEATURES, UNITS, K=2)
    p = [stacked(*(lin.weight for lin in m.lins)), same(m.bias)]
    yield "topology_adaptive", m, lambda m, x: m(x, EDGES, WEIGHTS), p

    m = nn.MixHopConv(FEATURES, UNITS, powers=[0, 1, 3])
    lins = [lin for lin in m.lins if hasattr(lin, "weight")]
    p = [stacked(*(lin.weight for lin in lins)), same(m.bias)]
    yield "mixhop", m, lambda m, x: m(x, EDGES, WEIGHTS), p

    m = nn.CGConv(FEATURES, dim=2)
    p = dense(m.lin_f, m.lin_s)
    yield "crystal", m, lambda m, x: m(x, EDGES, EDGE_FEATURES), p

    for dim in (None, 2):
        m = nn.ResGatedGraphConv(FEATURES, UNITS, edge_dim=dim)
        p = [t(m.lin_skip.weight), same(m.bias)]
        p += dense(m.lin_key, m.lin_query, m.lin_value)
        name = "residual_gated" + ("_edges" if dim else "")
        given = [EDGE_FEATURES] if dim else []
        yield name, m, lambda m, x, g=given: m(x, EDGES, *g), p

    for count in (1, 3):
        m = nn.FiLMConv(FEATURES, UNITS, num_relations=count)
        p = [t(m.lin_skip.weight), t(m.film_skip.weight)]
        p.append(stacked(*(lin.weight for lin in m.lins)))
        p.append(stacked(*(film.weight for film in m.films)))
        p.append(stacked(*(film.bias for film in m.films)))
        yield f"film_{count}", m, lambda m, x: m(x, EDGES, TYPES), p

    m = nn.HypergraphConv(FEATURES, UNITS)
    p = [t(m.lin.weight), same(m.bias)]
    members = torch.tensor([[0, 1, 2, 2, 3, 5, 4, 0], [0, 0, 0, 1, 1, 1, 2, 2]])
    strength = torch.tensor([0.5, 2.0, 1.5]).double()
    base.GRAPH["members"] = members.numpy().T
    base.GRAPH["strength"] = strength.numpy()
    yield "hypergraph", m, lambda m, x: m(x, members, strength), p

    m = nn.EdgeConv(base.mlp(2 * FEATURES, 5, UNITS))

    def nearest(m, x):
        distance = torch.cdist(x.detach(), x.detach())
        distance[IDS[:, None] != IDS] = torch.inf
        edges = [
            (s, n)
            for n in range(NODES)
            for s in distance[n].argsort()[:3].tolist()
            if distance[n, s] < torch.inf
        ]
        return m(x, torch.tensor(edges).T)

    yield "dynamic_edge", m, nearest, dense(m.nn[0], m.nn[2])

    for heads, units in ((2, 6), (2, FEATURES)):
        m, p = hgt(heads, units)
        yield f"heterogeneous_transformer_{units}", m, lambda m, x: m(x), p

    for norm in (None, "batch_norm"):
        local = nn.GraphConv(FEATURES, FEATURES)
        m = nn.GPSConv(FEATURES, local, heads=2, norm=norm)
        p = [t(local.lin_rel.weight), t(local.lin_root.weight)]
        p += [same(local.lin_rel.bias), *attention(m.attn)]
        p += dense(m.mlp[0], m.mlp[3])
        if norm:
            for one in (m.norm1, m.norm2, m.norm3):
                p += [same(one.module.weight), same(one.module.bias)]
        yield f"gps_{norm}", m, lambda m, x: m(x, EDGES, IDS), p

    block = nn.models.schnet.InteractionBlock(UNITS, 6, 5, cutoff=4.0)
    block.conv.lin1 = torch.nn.Linear(FEATURES, 5, bias=False)
    bells = nn.models.schnet.GaussianSmearing(0.0, 4.0, 6)
    position = torch.tensor(POSITIONS)

    def interaction(m, x):
        distance = (position[EDGES[0]] - position[EDGES[1]]).norm(dim=-1)
        return m(x, EDGES, distance, bells(distance))

    p = [t(block.conv.lin1.weight), *dense(block.mlp[0], block.mlp[2])]
    p += dense(block.conv.lin2, block.lin)
    # The block holds its filter network twice, as itself and in its `conv`.
    yield "continuous_filter", block, interaction, p

    how = {"learn_t": True, "msg_norm": True, "learn_msg_scale": True}
    m = nn.GENConv(FEATURES, UNITS, edge_dim=2, bias=True, **how)
    for name in ("lin_src", "lin_dst", "lin_edge"):
        getattr(m, name).bias = None
    norm = m.mlp[1]
    p = [same(m.aggr_module.t, ()), t(m.lin_src.weight), t(m.lin_dst.weight)]
    p += [t(m.lin_edge.weight), same(m.msg_norm.scale, ())]
    p += [*dense(m.mlp[0]), same(norm.weight), same(norm.bias)]
    p += dense(m.mlp[4])
    yield "generalized", m, lambda m, x: m(x, EDGES, EDGE_FEATURES), p


def record(cases):
    """As in record_pyg.py; a weight of ours may be several of theirs."""
    torch.manual_seed(0)
    found = {}
    for name, module, call, parameters in cases():
        module = module.double().eval()
        with torch.no_grad():
            for value in module.parameters():
                value.copy_(torch.randn_like(value) * 0.5 + 0.2)
                if name == "aggregation_power_mean":
                    value.fill_(2.3)
            if name == "sag":  # of which only the sign counts
                module.select.weight.fill_(1.0)
        module.zero_grad()
        x = torch.tensor(base.X, requires_grad=True)
        output = call(module, x)
        projection = base.GENERATOR.normal(size=output.shape)
        (output * torch.tensor(projection)).sum().backward()
        found[f"{name}/output"] = output.detach()
        found[f"{name}/projection"] = projection
        found[f"{name}/input_gradient"] = x.grad
        for index, (values, layout) in enumerate(parameters):
            alone = isinstance(values, torch.Tensor)
            values = [values] if alone else list(values)
            given = [v.detach().clone() for v in values]
            gradient = [
                torch.zeros_like(v) if v.grad is None else v.grad
                for v in values
            ]
            if len(values) == 2 and name in ("aggregation_lstm", "jump_lstm"):
                gradient = [gradient[0], torch.zeros_like(gradient[1])]
            found[f"{name}/weight_{index}"] = layout(*given)
            found[f"{name}/gradient_{index}"] = layout(*gradient)
    return {key: np.asarray(value) for key, value in found.items()}


def write(name, found):
    path = Path(__file__).with_name(name)
    np.savez_compressed(path, **found)
    print(f"{path}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    recorded = record(cases)
    for key in ("node_types", "node_positions", "members", "strength"):
        recorded[f"graph/{key}"] = base.GRAPH[key]
    write("pyg_more.npz", recorded)
