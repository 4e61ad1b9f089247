"""What denoisers take, and what is asked of them."""

from keras import ops

from keras_nn.models.asked import dict_input


def check_denoiser(denoiser, num_classes, label_dropout):
    """Raises unless a denoiser takes noisy pictures, times and labels."""
    names = {"noisy", "times", *(["labels"] if num_classes else [])}
    if not dict_input(denoiser, names):
        raise ValueError(
            "`denoiser` must be a functional model of a dict of "
            f"{sorted(names)}. Received: {denoiser} and {num_classes=}"
        )
    if not 0 <= label_dropout < 1:
        raise ValueError(
            f"`label_dropout` must be in [0, 1). Received: {label_dropout=}"
        )


def as_denoiser_inputs(inputs, num_classes):
    """A denoiser's dict; pictures are noisy ones of time 0, of any class."""
    if isinstance(inputs, dict):
        return inputs
    flat = ops.reshape(inputs, (ops.shape(inputs)[0], -1))
    times = ops.zeros_like(flat)[:, 0]
    found = {"noisy": inputs, "times": times}
    if num_classes:
        found["labels"] = ops.cast(times, "int32") + num_classes
    return found
