import keras
import numpy as np

from keras_nn.models.asked import stated_range
from keras_nn.models.diffusion.guidance import Guidance
from keras_nn.models.diffusion.holes import checked_holes
from keras_nn.models.diffusion.noise_learner import NoiseLearner
from keras_nn.models.diffusion.sampler_names import as_sampler


@keras.saving.register_keras_serializable(package="keras_nn")
class DiffusionModel(NoiseLearner):
    """Learns to denoise at every level, then draws pictures out of noise.

    `loss = E[w_t * mean((network(noisy_t, t, label) - target_t)**2)]`,
    `noisy_t = alpha_t * picture + sigma_t * noise`

    `fit(pictures)`, or `fit(pictures, labels)` with classes; pictures, of 1
    or 3 channels, from -1 to 1 or what `clip` states. No loss is compiled.
    `evaluate` takes the same levels and the same noise each time, so epochs
    compare.

    EDM is `DiffusionModel(denoiser, EDMNoise(), "edm")`, rectified flow
    `DiffusionModel(denoiser, FlowNoise(), "flow")`.

    Compile an optimiser with `use_ema=True` to draw with averaged weights:
    Keras puts them in place when `fit` ends.

    Args:
        denoiser: functional `keras.Model` of a dict with `noisy`, `times`
            and, with classes, `labels`; such as `DenoisingUNet`.
        schedule: `NoiseSchedule`.
        prediction: str or `Prediction`. What the denoiser says. Defaults to
            `"v"`.
        num_classes: int or None. Number of classes that pictures are asked
            by.
        label_dropout: float. Share of labels hidden in training, from which
            the model learns to draw any class. Defaults to 0.1.
        min_snr: float or None. If given, `w_t` is that of the error of the
            picture times `min((alpha_t / sigma_t)**2, min_snr)`; 5 is usual.
            None means `w_t = 1`.
        clip: float or None. Range of the pictures, `[-clip, clip]`, which
            `generate` keeps its estimates in.
        **kwargs: `name`, `trainable`, `dtype`.

    Call arguments:
        inputs: the denoiser's dict; or pictures, which are taken for noisy
            ones of the lowest level, of any class.

    Returns:
        What the denoiser says, of the shape of the pictures.

    Raises:
        ValueError: If the schedule ends in noise alone and the prediction is
            `"epsilon"`, or `min_snr` is given: nothing would be learnt there;
            in `fit`, on arrays of pictures outside their range.

    Example:

    >>> import numpy as np
    >>> from keras_nn.models import DenoisingUNet
    >>> from keras_nn.schedules import CosineNoise
    >>> network = DenoisingUNet((4, 4, 1), filters=[4], embedding_units=4)
    >>> model = DiffusionModel(network, CosineNoise(), clip=1.0)
    >>> model.compile("adam")
    >>> history = model.fit(np.zeros((8, 4, 4, 1)), verbose=0)
    >>> model.generate(3, steps=2, seed=0).shape
    (3, 4, 4, 1)

    Reference:
        [Ho et al., 2020](https://arxiv.org/abs/2006.11239);
        [Hang et al., 2023](https://arxiv.org/abs/2303.09556) (min-SNR);
        [Ho and Salimans, 2022](https://arxiv.org/abs/2207.12598) (guidance)
    """

    picture_range = (-1.0, 1.0)

    @property
    def stated_range(self):
        return stated_range(self)

    @property
    def picture_shape(self):
        """Tuple, the shape of a picture."""
        return self.code_shape

    def inpaint(
        self,
        pictures,
        holes,
        labels=None,
        guidance=1.0,
        sampler=None,
        steps=50,
        resamplings=4,
        jump_length=5,
        seed=None,
        guidance_rescale=0.0,
        classifier=None,
        classifier_scale=1.0,
    ):
        """Fills holes in pictures, all steps in one compiled loop: RePaint.

        The model needs to know nothing of holes: the known part, as noisy as
        the rest, is put in its place after each step, and parts of the way are
        drawn several times, see `Repainting`. That calls the denoiser about
        `steps * resamplings` times.

        Args:
            pictures: float array `(n, ...)`, in the model's range. What stands
                in a hole does not matter.
            holes: array of the same shape, or without channels, or with one:
                1 where a picture is to be drawn, 0 where it is kept.
            labels: as in `generate`.
            guidance: likewise.
            sampler: as in `generate`. Defaults to `"ddpm"`.
            steps: int. Steps of the sampler. Defaults to 50.
            resamplings: int. How often each part of the way is drawn; 1 is
                plain replacement, for any sampler. Defaults to 4.
            jump_length: int. Steps of each part. Defaults to 5.
            seed: int or None. The same seed gives the same pictures.
            guidance_rescale: as in `generate`.
            classifier: likewise.
            classifier_scale: likewise.

        Returns:
            Float32 array `(n, ...)`, equal to `pictures` outside the holes.

        Raises:
            ValueError: As `generate`; on holes of another shape, of values
                other than 0 and 1, that are nothing or all of a picture; on
                jumps of a sampler that needs the step before.
        """
        guidance = Guidance(
            guidance, guidance_rescale, classifier, classifier_scale
        )
        pictures = np.asarray(pictures, "float32")
        if pictures.shape[1:] != self.picture_shape or not len(pictures):
            raise ValueError(
                f"`pictures` must be of shape (n, *{self.picture_shape}). "
                f"Received: shape {pictures.shape}"
            )
        holes = checked_holes(holes, pictures.shape)
        labels = self.asked(len(pictures), labels, guidance)
        painting = {
            # Of what stands in a hole nothing may pass, NaN neither.
            "known": np.where(holes == 1, 0, pictures).astype("float32"),
            "holes": holes,
            "resamplings": resamplings,
            "jump_length": jump_length,
        }
        sampler = as_sampler(sampler, self.clip, "ddpm")
        return self.generator(
            len(pictures), labels, guidance, sampler, steps, seed, painting
        )
