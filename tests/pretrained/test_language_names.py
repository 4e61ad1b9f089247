from keras_nn.models import BERT
from keras_nn.models import T5
from keras_nn.pretrained.language_names import copies
from keras_nn.pretrained.language_names import is_unused
from keras_nn.pretrained.language_names import kind_of
from keras_nn.pretrained.language_names import places

SIZES = {"num_layers": 1, "num_heads": 2, "width": 8}


def test_segments_tell_the_three_kinds_of_encoder():
    kinds = [kind_of(BERT(9, 4, num_segments=n, **SIZES)) for n in range(3)]
    assert kinds == ["distilbert", "roberta", "bert"]


def test_names_of_a_t5():
    model = T5(9, key_dim=4, hidden_dim=8, gated=True, **SIZES)
    names = places(model, "")
    last = "decoder.block.0.layer.2.DenseReluDense"
    assert f"{last}.wi_0.weight" in names and f"{last}.wi_1.weight" in names
    assert names["decoder.block.0.layer.1.EncDecAttention.q.weight"].scale == 2
    assert copies(model, "")["lm_head.weight"] == "shared.weight"
    early = "decoder.block.0.layer.1.EncDecAttention.relative_attention_bias"
    assert is_unused(f"{early}.weight", model)
    assert not is_unused("lm_head.bias", model)
