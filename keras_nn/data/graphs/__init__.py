"""Graphs as plain dicts of arrays: packs, transforms, readers, made-up sets.

Name                     | What it is
------------------------ | -------------------------------------------------
`check_graph`            | what a graph is; says what is wrong with one
`pack`, `spread`         | graphs to batches of one shape; targets to match
`Budget`, `choose_budget`, `choose_budgets` | how much a pack holds
`NodeSplit`              | the nodes of one graph that count
`NeighborSampler`, `SampledBatches` | neighbourhoods of some nodes, drawn
`GraphSplit`             | many graphs, a target each
`LinkSplit`, `LinkBatches`, `random_link_split` | edges that are foretold
`NegativeSampler`        | pairs of nodes without an edge
`RandomWalks`, `WalkBatches` | walks along edges
`add_self_loops`, `remove_self_loops`, `to_undirected` | edges
`normalize_adjacency`, `normalize_features`, `laplacian_encoding` | values
`read_edge_list`, `read_tu_text` | text files
`molecule`, `read_molecules` | SMILES texts, with RDKit
`load_arrays`            | pickles of arrays, nothing else
`karate_club`, `stochastic_block_model`, `cycles_or_not`, `molecules_like`,
`planted_houses` | need no file
"""

from keras_nn.data.graphs.budget import Budget as Budget
from keras_nn.data.graphs.budget import choose_budget as choose_budget
from keras_nn.data.graphs.budget import choose_budgets as choose_budgets
from keras_nn.data.graphs.cluster_batches import (
    ClusterBatches as ClusterBatches,
)
from keras_nn.data.graphs.cycles import cycles_or_not as cycles_or_not
from keras_nn.data.graphs.diffuse import diffuse as diffuse
from keras_nn.data.graphs.edge_list import read_edge_list as read_edge_list
from keras_nn.data.graphs.graph import check_graph as check_graph
from keras_nn.data.graphs.graph_split import GraphSplit as GraphSplit
from keras_nn.data.graphs.hypergraph import hypergraph as hypergraph
from keras_nn.data.graphs.join_types import join_types as join_types
from keras_nn.data.graphs.karate_club import karate_club as karate_club
from keras_nn.data.graphs.laplacian_encoding import (
    laplacian_encoding as laplacian_encoding,
)
from keras_nn.data.graphs.link_batches import LinkBatches as LinkBatches
from keras_nn.data.graphs.link_split import LinkSplit as LinkSplit
from keras_nn.data.graphs.molecule_table import read_molecules as read_molecules
from keras_nn.data.graphs.molecules_like import molecules_like as molecules_like
from keras_nn.data.graphs.near_edges import nearest_edges as nearest_edges
from keras_nn.data.graphs.near_edges import radius_edges as radius_edges
from keras_nn.data.graphs.negative_sampler import (
    NegativeSampler as NegativeSampler,
)
from keras_nn.data.graphs.neighbor_sampler import (
    NeighborSampler as NeighborSampler,
)
from keras_nn.data.graphs.networkx_graph import from_networkx as from_networkx
from keras_nn.data.graphs.networkx_graph import read_graphml as read_graphml
from keras_nn.data.graphs.node_split import NodeSplit as NodeSplit
from keras_nn.data.graphs.normalize_adjacency import (
    normalize_adjacency as normalize_adjacency,
)
from keras_nn.data.graphs.normalize_features import (
    normalize_features as normalize_features,
)
from keras_nn.data.graphs.ogb_folder import read_ogb_folder as read_ogb_folder
from keras_nn.data.graphs.pack import pack as pack
from keras_nn.data.graphs.pack import spread as spread
from keras_nn.data.graphs.partition import partition as partition
from keras_nn.data.graphs.planted_houses import planted_houses as planted_houses
from keras_nn.data.graphs.random_link_split import (
    random_link_split as random_link_split,
)
from keras_nn.data.graphs.random_walk_encoding import (
    random_walk_encoding as random_walk_encoding,
)
from keras_nn.data.graphs.random_walks import RandomWalks as RandomWalks
from keras_nn.data.graphs.restricted_pickle import load_arrays as load_arrays
from keras_nn.data.graphs.saint_batches import SaintBatches as SaintBatches
from keras_nn.data.graphs.sampled_batches import (
    SampledBatches as SampledBatches,
)
from keras_nn.data.graphs.self_loops import add_self_loops as add_self_loops
from keras_nn.data.graphs.self_loops import (
    remove_self_loops as remove_self_loops,
)
from keras_nn.data.graphs.smiles import molecule as molecule
from keras_nn.data.graphs.stochastic_block_model import (
    stochastic_block_model as stochastic_block_model,
)
from keras_nn.data.graphs.tu_text import read_tu_text as read_tu_text
from keras_nn.data.graphs.undirected import to_undirected as to_undirected
from keras_nn.data.graphs.walk_batches import WalkBatches as WalkBatches
