import numpy as np
import pytest

from keras_nn.losses import AdversarialLoss


class Gap(AdversarialLoss):
    def discriminator(self, real, fake):
        return fake - real

    def generator(self, real, fake):
        return 2 * fake


def test_a_side_is_a_loss_of_its_own():
    real, fake = np.ones((3, 1)), np.full((3, 1), 4.0)
    assert float(Gap()(real, fake)) == 3.0
    assert float(Gap("generator")(real, fake)) == 8.0


def test_a_subclass_must_say_both_sides():
    loss = AdversarialLoss(name="mute")
    for side in ("discriminator", "generator"):
        with pytest.raises(NotImplementedError, match=f"defines no `{side}`"):
            getattr(loss, side)(None, None)
