from keras_nn.pretrained.language_configs import language_class_and_arguments


def read(**config):
    return language_class_and_arguments(config)[1]


def test_absent_entries_have_the_defaults_of_theirs():
    assert read(model_type="bert")["hidden_dim"] == 3072
    assert read(model_type="distilbert")["num_layers"] == 6
    assert read(model_type="roberta")["context_length"] == 510
    assert read(model_type="llama")["num_key_value_heads"] == 32
    assert read(model_type="mistral")["window"] == 4096


def test_a_head_that_is_tied_has_two_names():
    assert read(model_type="t5")["tie_weights"]
    old = read(model_type="t5", tie_word_embeddings=False)
    new = read(model_type="t5", scale_decoder_outputs=False)
    assert not old["tie_weights"] and not new["tie_weights"]


def test_an_architecture_decides_the_head():
    masked = read(model_type="bert", architectures=["BertForPreTraining"])
    assert masked["head"] == "masked_lm"
    assert read(model_type="bert", architectures=["BertModel"])["head"] is None
