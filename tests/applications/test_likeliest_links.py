import numpy as np

from keras_nn.applications import likeliest_links


def test_portions_change_nothing(monkeypatch):
    random = np.random.default_rng(0)
    codes = random.normal(size=(9, 3))
    edges = random.integers(0, 9, (12, 2))
    expected = likeliest_links.likeliest(codes, edges, top=4)
    monkeypatch.setattr(likeliest_links, "ROWS", 2)
    found = likeliest_links.likeliest(codes, edges, top=4)
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_array_equal(a, b)
    pairs = {tuple(sorted(edge)) for edge in edges.tolist()}
    for node, row in enumerate(expected[0].tolist()):
        assert node not in row
        assert not pairs & {tuple(sorted((node, o))) for o in row if o >= 0}
