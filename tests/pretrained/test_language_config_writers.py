from keras_nn.models import GPT2
from keras_nn.models import Mamba
from keras_nn.pretrained.language_config_writers import language_config_of
from keras_nn.pretrained.language_configs import language_class_and_arguments


def test_what_is_written_builds_the_model_again():
    gpt = GPT2(9, 4, num_layers=1, num_heads=2, width=8, hidden_dim=12)
    mamba = Mamba(9, num_layers=1, width=8, num_states=2, expansion=1)
    for model in (gpt, mamba):
        cls, arguments = language_class_and_arguments(language_config_of(model))
        again = cls(**arguments)
        assert [w.shape for w in again.weights] == [
            w.shape for w in model.weights
        ]
