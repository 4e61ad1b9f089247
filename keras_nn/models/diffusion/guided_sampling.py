import json

import keras
import numpy as np
from keras import ops

from keras_nn.models.asked import seed_or_fresh
from keras_nn.models.diffusion.guidance import rescaled
from keras_nn.models.diffusion.repainting import Repainting


class Generator:
    """Draws pictures with a diffusion model; keeps what is compiled.

    Args:
        model: `DiffusionModel` or `LatentDiffusion`.
    """

    def __init__(self, model):
        self.model = model
        self.compiled = {}

    def __call__(
        self,
        count,
        labels,
        guidance,
        sampler,
        steps,
        seed,
        painting=None,
        moments=None,
    ):
        """Pictures, float32 `(count, ...)`, or `(count, moments, ...)`.

        Args:
            count: int.
            labels: int array `(count,)`, or None.
            guidance: `Guidance`.
            sampler: `DiffusionSampler`.
            steps: int.
            seed: int or None.
            painting: None, or a dict of `known` and `holes`, arrays, and of
                `resamplings` and `jump_length`, int.
            moments: int or None. Pictures of each way that are returned.
        """
        seed = seed_or_fresh(seed)
        painting = dict(painting or {})
        jumps = {
            name: painting.pop(name)
            for name in ("resamplings", "jump_length")
            if name in painting
        }
        drawing = self.drawing(sampler, steps, guidance, jumps, moments)
        drawing.fresh.state.assign([seed, 1])
        shape = (count, *self.model.code_shape)
        inputs = {
            "noise": keras.random.normal(shape, dtype="float32", seed=seed),
            **{
                name: np.full(count, value, "float32")
                for name, value in (
                    ("guidance", guidance.scale),
                    ("rescale", guidance.rescale),
                    ("classifier_scale", guidance.classifier_scale),
                )
            },
            **painting,
        }
        if self.model.num_classes:
            any_class = np.full(count, self.model.num_classes, "int32")
            inputs["labels"] = any_class if labels is None else labels
        if guidance.classifier is not None:
            inputs["asked"] = labels
        return drawing.predict_on_batch(inputs)

    def drawing(self, sampler, steps, guidance, jumps=None, moments=None):
        """The model that draws so: made once, then kept."""
        config = json.dumps(sampler.get_config(), sort_keys=True)
        how = tuple(sorted((jumps or {}).items()))
        key = type(sampler), config, steps, guidance.parts, how, moments
        if key not in self.compiled:
            self.compiled[key] = _Drawing(
                self.model, sampler, steps, guidance, jumps, moments
            )
        return self.compiled[key]


class _Drawing(keras.Model):
    """All the steps of a sampler, as a model that Keras compiles."""

    def __init__(self, model, sampler, steps, guidance, jumps, moments):
        super().__init__(dtype="float32", name="drawing")
        self.model = model
        self.sampler = sampler
        self.steps = steps
        self.guided, self.rescaled, _ = guidance.parts
        self.classifier = guidance.classifier
        self.jumps = dict(jumps or {})
        self.moments = moments
        self.fresh = keras.random.SeedGenerator(0)

    def call(self, inputs):
        return self.draw(inputs, self.fresh)

    def draw(self, inputs, seed):
        """Pictures out of a dict of tensors; `seed` of the fresh noise."""
        labels = inputs.get("labels")
        wide = (-1, *(1 for _ in self.model.code_shape))
        prediction = self.model.levels.prediction

        def output(noisy, time):
            if not self.guided:
                return self.look(noisy, time, labels)
            anything = ops.full_like(labels, self.model.num_classes)
            both = self.look(
                ops.concatenate([noisy, noisy]),
                time,
                ops.concatenate([labels, anything]),
            )
            asked, unasked = ops.split(both, 2)
            scale = ops.reshape(inputs["guidance"], wide)
            said = unasked + scale * (asked - unasked)
            if not self.rescaled:
                return said
            return rescaled(said, asked, ops.reshape(inputs["rescale"], wide))

        def denoise(noisy, time, alpha, sigma):
            said = output(noisy, time)
            return prediction.parts(said, noisy, alpha, sigma)

        guided = denoise
        if self.classifier is not None:
            guided = self.classifier.guide(
                denoise,
                inputs["asked"],
                ops.reshape(inputs["classifier_scale"], wide),
            )
        route = None
        if "holes" in inputs:
            route = Repainting(inputs["known"], inputs["holes"], **self.jumps)
        codes = self.sampler(
            guided,
            inputs["noise"],
            self.model.schedule,
            self.steps,
            seed=seed,
            route=route,
            moments=self.moments,
        )
        if self.moments is None:
            return self.model.decoded(codes)
        codes = ops.reshape(codes, (-1, *self.model.code_shape))
        drawn = self.model.decoded(codes)
        drawn = ops.reshape(drawn, (self.moments, -1, *drawn.shape[1:]))
        return ops.swapaxes(drawn, 0, 1)

    def look(self, noisy, time, labels):
        """What the denoiser says, in float32."""
        times = ops.broadcast_to(time, (ops.shape(noisy)[0],))
        known = {"noisy": noisy, "times": times}
        if self.model.num_classes:
            known["labels"] = labels
        said = self.model.denoiser(known, training=False)
        return ops.cast(said, "float32")
