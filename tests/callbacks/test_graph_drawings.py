import pytest

from keras_nn import data
from keras_nn.applications import GraphClassifier
from keras_nn.applications import NodeClassifier
from keras_nn.callbacks import GraphDrawings
from keras_nn.explain import GNNExplainer
from keras_nn.models import GCN
from keras_nn.models import GIN
from keras_nn.testing import read_events


def test_draws_whole_graphs_of_every_class(tmp_path):
    cycles = data.load("cycles-or-not").test.take(20)
    app = GraphClassifier(GIN(1, 2, units=4, depth=1))
    app.compile()
    seen = []

    def explainer(model):
        explain = GNNExplainer(model, steps=1)

        def call(graph):
            seen.append(graph)
            return explain(graph)

        return call

    drawings = GraphDrawings(
        tmp_path, cycles, ["tree", "cycle"], count=2, explainer=explainer
    )
    app.fit(cycles, epochs=2, verbose=0, callbacks=[drawings])
    (event,) = read_events(tmp_path)["validation"]["graph_drawings"]
    assert event.step == 1
    # A tree has one edge less than nodes, both ways.
    gaps = sorted(
        len(g["node_features"]) - len(g["edge_index"]) // 2 for g in seen
    )
    assert gaps == [0, 1]


@pytest.mark.slow
def test_draws_mistakes_first(tmp_path):
    club = data.load("karate-club")
    app = NodeClassifier(GCN(34, 2))
    app.compile()
    drawings = GraphDrawings(tmp_path, club.test, every=1, count=2)
    app.fit(club.train, epochs=1, verbose=0, callbacks=[drawings])
    assert drawings._title(1, 0, 0.7) == "1, taken for 0 (70%)"
    pictures = drawings._of_nodes(drawings.explainer(app))
    scores = app.example_scores(club.test)["accuracy"]
    wrong = int((scores == 0).sum())
    taken = ["taken for" in picture.title for picture in pictures]
    assert taken == [n < wrong for n in range(2)]
    assert len(read_events(tmp_path)["validation"]["graph_drawings"]) == 1


def test_refuses_to_draw_nothing(tmp_path):
    with pytest.raises(ValueError, match="Received: count=0"):
        GraphDrawings(tmp_path, None, count=0)
