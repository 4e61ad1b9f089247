import numpy as np

from keras_nn.models import Flow
from keras_nn.models.flow.flow_sampling import FlowSampling


def test_batches_are_the_whole():
    model = Flow.from_preset("maf", (2,), depth=1, units=[4], num_classes=2)
    codes = np.random.default_rng(0).normal(size=(5, 2))
    labels = np.arange(5) % 2
    draw = FlowSampling(model)
    whole = draw(codes, labels)
    assert whole.shape == (5, 2)
    np.testing.assert_allclose(draw(codes, labels, 2), whole, atol=1e-6)
