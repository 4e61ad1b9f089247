import numpy as np

from keras_nn.pretrained.hugging_face_names import to_ours
from keras_nn.pretrained.hugging_face_names import to_theirs
from keras_nn.pretrained.resampled_positions import is_of_positions
from keras_nn.pretrained.resampled_positions import resampled_positions


def assign_tensors(model, wanted, tensors, is_unused, resample=False):
    """Gives a model the tensors of torch's form of it, all or none.

    Args:
        model: one of our models; its name is in the message.
        wanted: dict from the name of a tensor to the variables that it
            holds, one below the other: list of `keras.Variable`, or a
            `TensorPlace`.
        tensors: dict from str to array.
        is_unused: callable, whether a tensor of this name may be left over.
        resample: bool. Whether learnt positions may be of another number, as
            `resampled_positions` makes them fit. Defaults to False.

    Returns:
        The number of variables assigned.

    Raises:
        ValueError: naming every tensor that is missing, left over, or of
            another shape; then nothing has been assigned.
    """
    if resample:
        tensors = resampled_positions(model, wanted, tensors)
    left = [n for n in sorted(tensors.keys() - wanted) if not is_unused(n)]
    missing = sorted(wanted.keys() - tensors.keys())
    values, unequal, advice = [], [], ""
    for name in sorted(wanted.keys() & tensors.keys()):
        place, tensor = wanted[name], tensors[name]
        if isinstance(place, list):
            expected, pairs = _shape(place), _split(place, tensor)
        else:
            expected, pairs = place.shape, place.split(tensor)
        if pairs is None:
            unequal.append(f"{name}: {tensor.shape}, not {expected}")
            if is_of_positions(place):
                advice = (
                    ". Positions of another picture or window size are "
                    "interpolated with `resample=True`"
                )
        else:
            values += pairs
    if missing or left or unequal:
        raise ValueError(
            f"The tensors do not fit {model.name!r}. Received: missing: "
            f"{missing}; left over: {left}; of another shape: {unequal}"
            f"{advice}"
        )
    for variable, value in values:
        variable.assign(value)
    return len(values)


def _split(variables, tensor):
    """Pairs of a variable and its value, or None if they do not fit."""
    expected = _shape(variables)
    parts = [None] * len(variables)
    if len(variables) == 1 or tensor.shape == expected:
        parts = np.split(tensor, len(variables)) if expected else [tensor]
        parts = [
            to_ours(part, variable)
            for part, variable in zip(parts, variables, strict=True)
        ]
    if any(part is None for part in parts):
        return None
    return list(zip(variables, parts, strict=True))


def _shape(variables):
    """The shape of several variables in torch's form, one below the other."""
    first, *others = (to_theirs(variable).shape for variable in variables)
    if not others:
        return first
    return (first[0] + sum(shape[0] for shape in others), *first[1:])
