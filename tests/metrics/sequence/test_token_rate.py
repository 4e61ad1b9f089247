import numpy as np

from keras_nn.metrics import Perplexity


def test_what_a_model_says_of_padding_does_not_count():
    metric = Perplexity(ignore_class=0)
    logits = np.zeros((1, 2, 3), "float32")
    logits[0, 1] = [np.inf, -np.inf, 0]
    metric.update_state([[2, 0]], logits)
    assert round(float(metric.result()), 4) == 3.0


def test_before_the_first_token_there_is_no_surprise():
    assert float(Perplexity().result()) == 1.0
