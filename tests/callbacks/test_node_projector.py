import numpy as np

from keras_nn import data
from keras_nn.applications import NodeClassifier
from keras_nn.callbacks import NodeProjector
from keras_nn.callbacks.node_states import node_states
from keras_nn.models import GCN
from keras_nn.testing import read_events


def test_points_are_what_the_last_layer_looks_at(tmp_path):
    club = data.load("karate-club")
    app = NodeClassifier(GCN(34, 2))
    app.compile()
    instrument = NodeProjector(tmp_path, club.test, club.class_names)
    app.fit(club.train, epochs=2, verbose=0, callbacks=[instrument])
    folder = tmp_path / "validation"
    points = np.loadtxt(folder / "nodes.tensor.tsv")
    hidden = node_states(app.network, club.test.graph)[1][1]
    np.testing.assert_allclose(points, hidden, rtol=1e-3, atol=1e-5)
    rows = (folder / "nodes.metadata.tsv").read_text().splitlines()
    assert rows[0] == "class\tdegree\tnode"
    assert rows[1] == "not counted\t16\t0"
    assert rows[3] == "instructor\t10\t2"
    assert "nodes, epoch 1" in (folder / "projector_config.pbtxt").read_text()
    (event,) = read_events(tmp_path)["validation"]["node_projector"]
    assert event.step == 1
