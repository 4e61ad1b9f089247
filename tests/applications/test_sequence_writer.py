import pytest

from keras_nn import data
from keras_nn.applications.sequence_writer import SequenceWriter
from keras_nn.applications.sequence_writer import check_tokens
from keras_nn.models import TransformerSeq2Seq

pytest.importorskip("tokenizers")
TOKENIZER = data.SubwordTokenizer.train(["one two three two one"] * 4, 40)


def test_long_sources_are_refused_or_cut():
    text = "one two three"
    assert len(TOKENIZER.encode(text)) == 3
    writer = SequenceWriter(None, TOKENIZER, 4)
    ids = writer.sources([text])
    assert ids == [[*TOKENIZER.encode(text), TOKENIZER.end_id]]
    with pytest.raises(ValueError, match="between 1 and 3 tokens"):
        writer.sources([text, "one " * 9])
    cutting = SequenceWriter(None, TOKENIZER, 4, cuts=True)
    assert len(cutting.sources(["one " * 9])[0]) == 4
    with pytest.raises(ValueError, match="Received: 0 tokens"):
        cutting.sources([""])


def test_a_search_is_made_once_for_the_same_wish():
    network = TransformerSeq2Seq(
        TOKENIZER.vocabulary_size, num_layers=1, num_heads=2, width=8
    )
    writer = SequenceWriter(network, TOKENIZER, 8)
    first = writer._search(2, 1.0, (), False)
    assert writer._search(2, 1.0, (), False) is first
    assert writer._search(2, 1.0, (7,), False) is not first


def test_network_and_tokenizer_must_agree():
    network = TransformerSeq2Seq(
        TOKENIZER.vocabulary_size, num_layers=1, num_heads=2, width=8, end_id=9
    )
    with pytest.raises(ValueError, match="agree in `end_id`"):
        check_tokens(network, TOKENIZER)
