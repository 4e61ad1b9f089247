"""Records objectives of PyTorch Geometric's models, into pyg_models.npz.

    python tests/parity/record_pyg_models.py  # needs torch, torch_geometric

Of drawn codes, links and walks, and the graph of record_pyg.py: the losses of
GAE, VGAE, LightGCN, Node2Vec and deep graph infomax, with gradients; what
SchNet, a graph U-Net, label propagation, correct and smooth, diffusion and
random-walk encodings make of the graph.
"""

import types
from pathlib import Path

import numpy as np
import torch
from record_pyg import EDGES
from record_pyg import GRAPH
from record_pyg import IDS
from record_pyg import NODES
from record_pyg import WEIGHTS
from torch_geometric import nn
from torch_geometric.data import Data
from torch_geometric.transforms import GDC
from torch_geometric.transforms import AddRandomWalkPE
from torch_geometric.utils import coalesce

GENERATOR = np.random.default_rng(1)
FOUND = {}


def drawn(name, *shape):
    value = GENERATOR.normal(size=shape)
    FOUND[name] = value
    return torch.tensor(value, requires_grad=True)


def ids(name, *shape):
    FOUND[name] = GENERATOR.integers(0, NODES, shape)
    return torch.tensor(FOUND[name])


def keep(case, loss, *inputs):
    loss.backward()
    FOUND[f"{case}/loss"] = loss.detach()
    for index, value in enumerate(inputs):
        FOUND[f"{case}/gradient_{index}"] = value.grad.clone()
        value.grad = None


def record():
    codes = drawn("codes", NODES, 4)
    there, drawn_links = ids("links/there", 6, 2), ids("links/drawn", 6, 2)
    model = nn.GAE(torch.nn.Identity())
    keep("gae", model.recon_loss(codes, there.T, drawn_links.T), codes)

    mean, log_deviation = drawn("mean", NODES, 4), drawn("deviation", NODES, 4)
    model = nn.VGAE(torch.nn.Identity())
    loss = model.kl_loss(mean, log_deviation) / NODES
    keep("vgae", loss, mean, log_deviation)

    model = nn.LightGCN(NODES, 4, num_layers=3).double()
    table = drawn("embeddings", NODES, 4)
    with torch.no_grad():
        model.embedding.weight.copy_(table)
    FOUND["light_gcn/codes"] = model.get_embedding(EDGES, WEIGHTS).detach()
    links = torch.cat([there, drawn_links]).T
    ranks = model(EDGES, links, WEIGHTS)
    FOUND["light_gcn/ranks"] = ranks.detach()
    loss = model.recommendation_loss(*ranks.chunk(2), lambda_reg=0.1)
    keep("light_gcn", loss, model.embedding.weight)

    walks = ids("walks", 5, 6)
    others = ids("negatives", 5, 2, 6)
    others[:, :, 0] = walks[:, :1]
    FOUND["negatives"] = others.numpy()
    # Making one needs a compiled library, its loss does not.
    model = types.SimpleNamespace(
        embedding=torch.nn.Embedding.from_pretrained(
            table.detach().clone(), freeze=False
        ),
        embedding_dim=4,
        EPS=1e-15,
    )

    def windows(walks):
        return torch.cat([walks[:, i : i + 3] for i in range(4)])

    loss = nn.Node2Vec.loss(
        model, windows(walks), windows(others.reshape(-1, 6))
    )
    keep("node2vec", loss, model.embedding.weight)

    other_codes, kernel = drawn("other_codes", NODES, 4), drawn("kernel", 4, 4)
    model = nn.DeepGraphInfomax(4, torch.nn.Identity(), None, None).double()
    model.weight = torch.nn.Parameter(kernel.detach().clone())
    summary = torch.sigmoid(codes.mean(dim=0))
    loss = model.loss(codes, other_codes, summary)
    keep("dgi", loss, codes, other_codes, model.weight)
    networks()
    transforms()
    return {key: np.asarray(value) for key, value in FOUND.items()}


def keep_weights(case, *weights):
    for index, weight in enumerate(weights):
        FOUND[f"{case}/weight_{index}"] = weight.detach().clone()


def randomised(module):
    module = module.double().eval()
    with torch.no_grad():
        for value in module.parameters():
            value.copy_(torch.randn_like(value) * 0.5 + 0.1)
    return module


def networks():
    place = drawn("positions", NODES, 3).detach()
    kinds = torch.tensor([1, 0, 2, 2, 1, 0, 1, 2, 0])
    FOUND["kinds"] = kinds.numpy()

    def graph(place, ids):
        return EDGES, (place[EDGES[0]] - place[EDGES[1]]).norm(dim=-1)

    m = nn.SchNet(4, 5, 2, 6, cutoff=4.0, interaction_graph=graph)
    m.embedding = torch.nn.Embedding(3, 4)
    m = randomised(m)
    FOUND["schnet/output"] = m(kinds, place, IDS).detach()
    weights = [m.embedding.weight]
    for block in m.interactions:
        weights.append(block.conv.lin1.weight.T)
        for lin in (block.mlp[0], block.mlp[2], block.conv.lin2, block.lin):
            weights += [lin.weight.T, lin.bias]
    for lin in (m.lin1, m.lin2):
        weights += [lin.weight.T, lin.bias]
    keep_weights("schnet", *weights)

    for add in (True, False):
        m = nn.GraphUNet(4, 5, 3, depth=2, pool_ratios=0.6, sum_res=add)
        m = randomised(m)
        x = torch.tensor(GRAPH["node_features"])
        y = m(x, EDGES, IDS, WEIGHTS)
        case = f"unet_{'add' if add else 'cat'}"
        FOUND[f"{case}/output"] = y.detach()
        weights = [m.down_convs[0].lin.weight.T, m.down_convs[0].bias]
        for pool, conv in zip(m.pools, m.down_convs[1:], strict=True):
            weights.append(pool.select.weight[0])
            weights += [conv.lin.weight.T, conv.bias]
        for conv in m.up_convs:
            weights += [conv.lin.weight.T, conv.bias]
        keep_weights(case, *weights)


def transforms():
    labels = torch.tensor([0, 2, 1, 1, 0, 2, 1, 0, 2])
    known = torch.tensor([1, 1, 0, 0, 1, 0, 1, 0, 0]).bool()
    scores = torch.softmax(drawn("scores", NODES, 3).detach(), dim=-1)
    FOUND.update(labels=labels, known=known.long(), scores=scores)
    m = nn.LabelPropagation(5, 0.8)
    one_hot = torch.nn.functional.one_hot(labels, 3).double()
    FOUND["label_propagation/output"] = m(one_hot, EDGES, known)
    for scale in (None, 1.3):
        m = nn.CorrectAndSmooth(5, 0.8, 4, 0.7, scale is None, scale or 1.0)
        better = m.correct(scores, labels[known], known, EDGES)
        y = m.smooth(better, labels[known], known, EDGES)
        FOUND[f"correct_and_smooth_{scale}/output"] = y
    data = Data(torch.ones(NODES, 1).double(), EDGES, edge_attr=WEIGHTS)
    for method, how in (
        ("ppr", {"method": "ppr", "alpha": 0.15}),
        ("heat", {"method": "heat", "t": 3.0}),
    ):
        few = {"method": "topk", "k": 3, "dim": 0}
        diffused = GDC(diffusion_kwargs=how, sparsification_kwargs=few)(
            data.clone()
        )
        matrix = torch.zeros(NODES, NODES).double()
        matrix[tuple(diffused.edge_index)] = diffused.edge_attr.double()
        FOUND[f"diffuse_{method}"] = matrix
    # Of repeated edges it counts all and takes one, of weights the degree.
    data = Data(data.x, coalesce(EDGES))
    walks = AddRandomWalkPE(4, attr_name="walks")(data)
    FOUND["walks_back"] = walks.walks


if __name__ == "__main__":
    path = Path(__file__).with_name("pyg_models.npz")
    np.savez_compressed(path, **record())
    print(f"{path}: {path.stat().st_size} bytes")
