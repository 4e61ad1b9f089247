import numpy as np

from keras_nn.models import DDPMSampler


def test_equals_equations_six_and_seven_of_the_paper():
    betas = np.array([0.1, 0.2, 0.3])
    kept = np.cumprod(1 - betas)[::-1]  # from noise to picture
    alphas = np.append(np.sqrt(kept), 1)
    table = DDPMSampler().table(alphas, np.sqrt(1 - alphas**2))
    before = np.append(kept[1:], 1)
    beta = betas[::-1]
    np.testing.assert_allclose(
        table[:, 1], np.sqrt(before) * beta / (1 - kept), rtol=1e-12
    )
    np.testing.assert_allclose(
        table[:, 0], np.sqrt(1 - beta) * (1 - before) / (1 - kept), atol=1e-12
    )
    np.testing.assert_allclose(
        table[:, 4] ** 2, (1 - before) / (1 - kept) * beta, atol=1e-12
    )


def test_the_last_step_adds_no_noise():
    alphas = np.array([0.1, 0.5, 1])
    table = DDPMSampler().table(alphas, np.sqrt(1 - alphas**2))
    np.testing.assert_allclose(table[-1], [0, 1, 0, 0, 0, 0], atol=1e-12)
