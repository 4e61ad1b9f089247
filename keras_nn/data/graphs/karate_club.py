"""Zachary's karate club: 34 members, who met whom, and how it split."""

import numpy as np

from keras_nn.data.graphs.node_split import NodeSplit
from keras_nn.data.graphs.undirected import to_undirected
from keras_nn.data.splits import Splits

# A member, then those of a higher number whom the member met outside.
FRIENDS = """
0 1 2 3 4 5 6 7 8 10 11 12 13 17 19 21 31
1 2 3 7 13 17 19 21 30
2 3 7 8 9 13 27 28 32
3 7 12 13
4 6 10
5 6 10 16
6 16
8 30 32 33
9 33
13 33
14 32 33
15 32 33
18 32 33
19 33
20 32 33
22 32 33
23 25 27 29 32 33
24 25 27 31
25 31
26 29 33
27 33
28 31 33
29 32 33
30 32 33
31 32 33
32 33
"""
WITH_INSTRUCTOR = (0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 16, 17, 19, 21)
LEADERS = (0, 33)
VALIDATION = (1, 8, 11, 14, 16, 24, 27, 31)


def karate_club():
    """34 members of a karate club, 78 friendships, 2 clubs after the quarrel.

    The features of a member say only who it is. Known are the instructor and
    the officer who quarrelled; where the others went is to be told from whom
    they met.
    """
    rows = [
        [int(n) for n in line.split()] for line in FRIENDS.split("\n") if line
    ]
    edges = [(row[0], friend) for row in rows for friend in row[1:]]
    graph = to_undirected(
        {
            "node_features": np.eye(34, dtype="float32"),
            "edge_index": np.array(edges, "int32"),
        }
    )
    labels = np.ones(34, "int64")
    labels[[*WITH_INSTRUCTOR]] = 0
    parts = (LEADERS, VALIDATION, {*range(34)} - {*LEADERS, *VALIDATION})
    masks = [np.isin(np.arange(34), [*part]) for part in parts]
    return Splits(
        *(NodeSplit(graph, labels, mask) for mask in masks),
        class_names=("instructor", "officer"),
        name="karate-club",
        source="Zachary, 1977, An Information Flow Model for Conflict and "
        "Fission in Small Groups, figure 1",
        licence="public domain",
        description="Members of a karate club and whom they met, both ways; "
        "the club that each joined when it split. The two leaders are known, "
        "8 members are for validation, 24 for the test.",
    )
