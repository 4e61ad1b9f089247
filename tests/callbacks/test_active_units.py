import numpy as np

from keras_nn.callbacks import ActiveUnits


def test_counts_latents_that_tell_pictures_apart(coders, tmp_path):
    model = coders.vae(units=3)
    # The last latent's mean is 0.3 for any picture, its variance 1.
    kernel, bias = model.encoder.trainable_variables[-2:]
    values = kernel.numpy()
    values[:, :2] *= 5
    values[:, [2, 5]] = 0
    kernel.assign(values)
    bias.assign([0, 0, 0.3, 0, 0, 0])
    events = coders.look(ActiveUnits(tmp_path, (coders.x, None)), model)
    mean, log_variance = (np.asarray(t) for t in model.posterior(coders.x))
    expected, active = [], 0
    for m, v in zip(mean.T, np.exp(log_variance).T, strict=True):
        expected.append(np.mean((m**2 + v - np.log(v) - 1) / 2))
        active += np.mean(m**2) - np.mean(m) ** 2 > 0.01
    assert active == 2
    assert events["latents/active"][0].value == 2
    np.testing.assert_allclose(expected[2], 0.3**2 / 2, rtol=1e-4)
    np.testing.assert_allclose(
        events["latents/kl"][0].value, sum(expected), rtol=1e-4
    )
    buckets = events["latents/kl_by_latent"][0].value
    assert buckets[:, 2].sum() == 3
    np.testing.assert_allclose(
        [buckets[0, 0], buckets[-1, 1]],
        [min(expected), max(expected)],
        rtol=1e-4,
    )
