import numpy as np

from keras_nn.callbacks.code_instrument import CodeInstrument
from keras_nn.callbacks.histogram import write_histogram
from keras_nn.callbacks.scalars import scalars

ACTIVE = 0.01  # variance of the posterior mean, of Burda et al.


class ActiveUnits(CodeInstrument):
    """Counts the latents that a VAE uses, and what each of them costs.

    `KL_j = E_x[(m_j^2 + v_j - log v_j - 1) / 2]`, of the posterior `N(m, v)`
    against the standard normal; a latent is active whose mean differs from
    picture to picture: `Var_x(m_j) > 0.01`.

    Read it for: a count that falls to a few (the posterior collapses: `beta`
    is too large at first, see `warmup_steps`, or the decoder does without
    codes), a histogram with most latents at 0 nats. Many latents at 0 and a
    few in use are no fault where the data need no more.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        sample: `CodeSample`, or anything `ValidationSample.of` takes.
        every: int. Write once per this many epochs. Defaults to 1.

    Raises:
        ValueError: In training, if the model has no posterior: it must be a
            `VAE` or hold one.

    Writes to `log_dir/validation`, at the epoch's index:
        `latents/active`: scalar, a count.
        `latents/kl`: scalar, nats a picture, the sum over latents.
        `latents/kl_by_latent`: histogram, nats; one value a latent.

    Example:

    >>> import tempfile
    >>> from keras_nn.models import VAE, DenseDecoder, DenseEncoder
    >>> from keras_nn.testing import read_events
    >>> encoder = DenseEncoder((4, 4, 1), output_units=4, units=[8])
    >>> model = VAE(encoder, DenseDecoder(2, (4, 4, 1), units=[8]))
    >>> model.compile("adam")
    >>> x, folder = np.random.rand(8, 4, 4, 1), tempfile.mkdtemp()
    >>> units = ActiveUnits(folder, (x, None))
    >>> _ = model.fit(x, verbose=0, callbacks=[units])
    >>> "latents/active" in read_events(folder)["validation"]
    True

    Reference:
        [Burda et al., 2016](https://arxiv.org/abs/1509.00519), section 5.2
    """

    needs = "posterior"

    def report(self, epoch, mean, log_variance):
        kl = kl_by_latent(mean, log_variance)
        active = np.sum(mean.var(axis=0) > ACTIVE)
        scalars({"latents/active": active, "latents/kl": kl.sum()})
        write_histogram("latents/kl_by_latent", kl)


def kl_by_latent(mean, log_variance):
    """Mean divergence of each latent from the standard normal, in nats.

    Args:
        mean: float array `(examples, units)`.
        log_variance: float array likewise.

    Returns:
        Float array `(units,)`.

    Example:

    >>> kl_by_latent(np.array([[0.0, 2.0]]), np.zeros((1, 2)))
    array([0., 2.])
    """
    nats = mean**2 + np.exp(log_variance) - log_variance - 1
    return 0.5 * nats.mean(axis=0)
