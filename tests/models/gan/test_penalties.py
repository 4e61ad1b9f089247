from keras_nn.models import GradientPenalty
from keras_nn.models import ZeroCentredPenalty
from keras_nn.models.gan.penalties import penalty_names


def test_every_penalty_has_a_name_of_its_own():
    class SpectralDecay:
        pass

    assert penalty_names(
        [
            ZeroCentredPenalty(),
            ZeroCentredPenalty(at="fake"),
            GradientPenalty(),
            SpectralDecay(),
            GradientPenalty(),
        ]
    ) == [
        "r1_penalty",
        "r2_penalty",
        "gradient_penalty",
        "spectral_decay",
        "gradient_penalty_2",
    ]
