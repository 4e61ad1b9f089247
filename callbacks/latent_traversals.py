import numpy as np
import tensorflow as tf
from keras.ops import convert_to_tensor

from keras_nn.callbacks.active_units import kl_by_latent
from keras_nn.callbacks.code_instrument import CodeInstrument
from keras_nn.callbacks.code_sample import coder_of
from keras_nn.callbacks.drawing import captioned_grid
from keras_nn.data.displayable import displayable
from keras_nn.models.diffusion.latent_codes import pictures_of


class LatentTraversals(CodeInstrument):
    """Shows what each latent of an autoencoder changes in a picture.

    Each row moves one latent of a real picture's code, in the middle, up and
    down by deviations of that latent over the sample (of means and, in a
    `VAE`, of the posterior), and draws. The most active latents are shown,
    the one whose mean varies most first.

    Read it for: one thing that changes along a row, such as slant or width,
    and nothing else (disentangled); rows without any change (latents that are
    not used); pictures that fall apart a deviation from the middle (codes
    with holes between them).

    Args:
        log_dir: str or path. Where TensorBoard looks.
        sample: `CodeSample`, or anything `ValidationSample.of` takes; the
            first example is the one that is shown.
        every: int. Write once per this many epochs. Defaults to 1.
        count: int. How many latents. Defaults to 8.
        steps: int. Pictures in a row, odd. Defaults to 7.
        span: float. How many deviations to either side. Defaults to 3.

    Raises:
        ValueError: If `count` is less than 1, `steps` not odd and above 1, or
            `span` not positive; in training, if codes are no vectors.

    Writes to `log_dir/validation`, at the epoch's index:
        `latents/traversals`: image.

    Example:

    >>> import tempfile
    >>> from keras_nn.models import VAE, DenseDecoder, DenseEncoder
    >>> from keras_nn.testing import read_events
    >>> encoder = DenseEncoder((4, 4, 1), output_units=4, units=[8])
    >>> model = VAE(encoder, DenseDecoder(2, (4, 4, 1), units=[8]))
    >>> model.compile("adam")
    >>> x, folder = np.random.rand(8, 4, 4, 1), tempfile.mkdtemp()
    >>> shown = LatentTraversals(folder, (x, None), count=2)
    >>> _ = model.fit(x, verbose=0, callbacks=[shown])
    >>> "latents/traversals" in read_events(folder)["validation"]
    True

    Reference:
        [Higgins et al., 2017](https://openreview.net/forum?id=Sy2fzU9gl)
    """

    needs = "vectors"

    def __init__(self, log_dir, sample, every=1, count=8, steps=7, span=3.0):
        super().__init__(log_dir, sample, every)
        if count < 1 or steps < 3 or steps % 2 == 0 or not span > 0:
            raise ValueError(
                "`count` and `span` must be positive, `steps` odd and above "
                f"1. Received: {count=}, {steps=}, {span=}"
            )
        self.count = count
        self.steps = steps
        self.span = span

    def report(self, epoch, mean, log_variance):
        variance = mean.var(axis=0)
        chosen = np.argsort(-variance)[: self.count]
        whole = variance
        if log_variance is not None:
            whole = variance + np.exp(log_variance).mean(axis=0)
        offsets = np.linspace(-self.span, self.span, self.steps)
        codes = moved_codes(mean[0], chosen, offsets, np.sqrt(whole))
        coder, labels = coder_of(self.model), None
        if getattr(coder, "num_classes", None) and (
            self.sample.labels is not None
        ):
            labels = np.full(len(codes), self.sample.labels[0])
        drawn = pictures_of(coder, convert_to_tensor(codes), labels)
        pictures = displayable(drawn)
        nats = None
        if log_variance is not None:
            nats = kl_by_latent(mean, log_variance)
        rows, captions = [], []
        for row, latent in enumerate(chosen):
            start = row * self.steps
            rows.append(pictures[start : start + self.steps])
            words = [f"{offset:+.3g}" for offset in offsets]
            words[0] = f"latent {latent}"
            if nats is not None:
                words[0] += f"\n{nats[latent]:.2f} nats"
            captions.append(words)
        title = f"epoch {epoch}, {self.span:g} deviations to either side"
        sheet = captioned_grid(rows, captions, title, tile=64)
        tf.summary.image("latents/traversals", sheet[None])


def moved_codes(code, latents, offsets, deviations):
    """Copies of a code, one latent after another moved by all offsets.

    Args:
        code: float array `(units,)`.
        latents: ints, which latents.
        offsets: floats, in deviations.
        deviations: float array `(units,)`.

    Returns:
        Float32 array `(latents * offsets, units)`.

    Example:

    >>> moved_codes(np.zeros(2), [1], [-1, 0, 1], np.ones(2)).tolist()
    [[0.0, -1.0], [0.0, 0.0], [0.0, 1.0]]
    """
    codes = np.tile(code, (len(latents), len(offsets), 1))
    for row, latent in enumerate(latents):
        codes[row, :, latent] += np.multiply(offsets, deviations[latent])
    return codes.reshape(-1, len(code)).astype("float32")
