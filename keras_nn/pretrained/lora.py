"""Low-rank adapters: a large model learns a task in a few small matrices.

`y = x (W + alpha / rank * A B) + b`, where `W` and `b` stay as they are, `A`
has `rank` columns and `B` starts from zero: an adapted model begins as the
model that it is. `attach`, `fit`, then `save` the adapters alone, or `merge`
them. The parts are Keras's own `enable_lora` of `Dense`, `EinsumDense`,
`Embedding` and convolutions; this adds what it lacks: choosing layers by
name, freezing the rest, merging, and files.

A `.keras` or `.weights.h5` file of a model with adapters holds them merged.

Reference:
    [Hu et al., 2021](https://arxiv.org/abs/2106.09685)
"""

import hashlib
import json
import re
import weakref
from pathlib import Path

import numpy as np

from keras_nn.data import atomic_file
from keras_nn.pretrained.keras_applications_names import own_name
from keras_nn.pretrained.tensor_file import read_tensors
from keras_nn.pretrained.tensor_file import write_tensors

BASES = ("kernel", "embeddings")
# Of models with adapters, what was trainable before.
_BEFORE = weakref.WeakKeyDictionary()
_WEIGHTS, _MANIFEST = "adapter.safetensors", "adapter.json"


def attach(model, pattern, rank=8, alpha=None):
    """Gives layers adapters, and freezes everything else.

    Compile the model behind it: an optimiser knows the weights that it was
    built for.

    Args:
        model: built `keras.Model`, one of ours or any other.
        pattern: str. Regular expression that is searched in the path of each
            layer inside of the model, such as `block_0/attention/query`.
        rank: int. Columns of `A`. Defaults to 8.
        alpha: float or None. What `A B` is multiplied by, times `rank`.
            Defaults to `rank`.

    Returns:
        The paths of the layers that have adapters: list of str.

    Raises:
        ValueError: if no layer fits, the rank is not positive, or a layer
            has an adapter already.

    Example:

    >>> from keras_nn.models import GPT2
    >>> model = GPT2(9, 4, num_layers=1, num_heads=1, width=8)
    >>> attach(model, "attention/(query|value)$", rank=2)
    ['block_0/attention/query', 'block_0/attention/value']
    >>> sum(int(np.prod(w.shape)) for w in model.trainable_weights)
    64
    """
    if rank < 1:
        raise ValueError(f"`rank` must be positive. Received: {rank=}")
    able = _able(model)
    chosen = {n: la for n, la in able.items() if re.search(pattern, n)}
    if not chosen:
        raise ValueError(
            "`pattern` must fit a layer that can have an adapter: "
            f"{sorted(able)}. Received: {pattern=}"
        )
    twice = [name for name, layer in chosen.items() if layer.lora_enabled]
    if twice:
        raise ValueError(
            "Layers must have no adapter yet: `merge` the model first. "
            f"Received: {twice}"
        )
    _enable(model, [(layer, rank, alpha) for layer in chosen.values()])
    return sorted(chosen)


def merge(model):
    """Adds adapters to the weights that they adapt, and removes them.

    Predictions stay as they are; what was trainable before is so again.

    Args:
        model: `keras.Model` with adapters.

    Returns:
        The paths of the layers that had adapters: list of str.

    Raises:
        ValueError: if there are no adapters.
    """
    adapted = _adapted(model)
    for layer in adapted.values():
        base, a, b = _parts(layer)
        scale = layer.lora_alpha / layer.lora_rank
        change = scale * np.matmul(np.asarray(a), np.asarray(b))
        base.assign(np.asarray(base) + change)
        layer.lora_enabled = False
        layer.lora_rank = layer.lora_alpha = None
        for variable in (a, b):
            layer._untrack_variable(variable)
    for one, trainable in _BEFORE.pop(model, ()):
        one.trainable = trainable
    _forget_functions(model)
    return sorted(adapted)


def save(model, folder):
    """Writes the adapters alone.

    Args:
        model: `keras.Model` with adapters.
        folder: path. Gets `adapter.safetensors` and `adapter.json`, which
            says which layers they belong to, and of which weights.

    Raises:
        ValueError: if there are no adapters.
    """
    adapted, tensors = _adapted(model), {}
    for name, layer in adapted.items():
        _, a, b = _parts(layer)
        tensors[f"{name}/a"], tensors[f"{name}/b"] = map(np.asarray, (a, b))
    path = Path(folder) / _WEIGHTS
    write_tensors(path, tensors)
    manifest = {
        "format": 1,
        "model": type(model).__name__,
        "layers": {
            name: {"rank": layer.lora_rank, "alpha": layer.lora_alpha}
            for name, layer in adapted.items()
        },
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "base_sha256": _fingerprint(adapted),
    }
    text = json.dumps(manifest, indent=2)
    atomic_file.write_text(Path(folder) / _MANIFEST, text)


def load(model, folder, any_base=False):
    """Attaches adapters that `save` wrote.

    Args:
        model: `keras.Model` without adapters, with the weights that they
            were trained on.
        folder: path.
        any_base: bool. Whether other weights will do, such as the same ones
            rounded. Defaults to False.

    Returns:
        The paths of the layers that have adapters: list of str.

    Raises:
        ValueError: on a damaged file, adapters of another network or of
            other weights; then the model is as it was.
        FileNotFoundError: if a file is missing.
    """
    path = Path(folder) / _MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        layers = manifest["layers"]
        checksum, base = manifest["sha256"], manifest["base_sha256"]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f"The file is no manifest of adapters. Received: {path} ({error!r})"
        ) from error
    tensors = read_tensors(Path(folder) / _WEIGHTS, checksum)
    able = _able(model)
    unknown = [name for name in layers if name not in able]
    wrong = [
        name
        for name in layers
        if name not in unknown and not _fits(able[name], name, tensors)
    ]
    if unknown or wrong or len(tensors) != 2 * len(layers):
        raise ValueError(
            "The adapters must be of this network. Received: unknown layers: "
            f"{unknown}; of another shape: {wrong}; {len(tensors)} tensors "
            f"for {len(layers)} layers of a {manifest.get('model')}"
        )
    chosen = {name: able[name] for name in layers}
    if not any_base and _fingerprint(chosen) != base:
        raise ValueError(
            "The adapters were trained on other weights; `any_base=True` "
            f"takes them nevertheless. Received: {folder}"
        )
    _enable(
        model,
        [(able[n], how["rank"], how["alpha"]) for n, how in layers.items()],
    )
    for name, layer in chosen.items():
        _, a, b = _parts(layer)
        a.assign(tensors[f"{name}/a"])
        b.assign(tensors[f"{name}/b"])
    return sorted(chosen)


def _able(model):
    """Layers that can have an adapter, by their path in the model."""
    known = {layer.name for layer in model.layers}
    found = {}
    for layer in model._flatten_layers():
        base = [v for v in layer.variables if v.name in BASES]
        if hasattr(layer, "enable_lora") and len(base) == 1:
            path = own_name(base[0].path, known)
            found[path.rpartition("/")[0]] = layer
    return found


def _adapted(model):
    found = {n: la for n, la in _able(model).items() if la.lora_enabled}
    if not found:
        raise ValueError(
            f"The model must have adapters. Received: {model.name!r}"
        )
    return found


def _parts(layer):
    """The variable that is adapted, and the two of its adapter."""
    (base,) = [v for v in layer.variables if v.name in BASES]
    return [
        base,
        *(getattr(layer, f"lora_{base.name}_{letter}") for letter in "ab"),
    ]


def _fits(layer, name, tensors):
    (base,) = [v for v in layer.variables if v.name in BASES]
    a, b = (tensors.get(f"{name}/{letter}") for letter in "ab")
    if layer.lora_enabled or a is None or b is None:
        return False
    shape = tuple(base.shape)
    return (
        a.shape[:-1] == shape[:-1]
        and b.shape[1:] == shape[-1:]
        and a.shape[-1] == b.shape[0]
    )


def _fingerprint(layers):
    """Checksum of the weights that are adapted, without their adapters."""
    digest = hashlib.sha256()
    for name in sorted(layers):
        layer = layers[name]
        (base,) = [v for v in layer.variables if v.name in BASES]
        digest.update(name.encode() + np.asarray(base).tobytes())
    return digest.hexdigest()


def _enable(model, chosen):
    """Freezes a model, and gives layers adapters of a rank and alpha."""
    layers = [
        layer
        for layer in model._flatten_layers(include_self=False)
        if not layer._layers
    ]
    # Layers first: to free one frees all of its weights.
    _BEFORE[model] = [(o, o.trainable) for o in [*layers, *model.variables]]
    for layer in layers:  # normalisations keep their statistics, too
        layer.trainable = False
    for variable in model.variables:
        variable.trainable = False
    for layer, rank, alpha in chosen:
        layer.trainable = True
        for variable in layer.variables:
            variable.trainable = False
        layer.enable_lora(rank, lora_alpha=alpha)
    _forget_functions(model)


def _forget_functions(model):
    """Compiled steps know the weights that there were."""
    for name in ("train_function", "test_function", "predict_function"):
        if getattr(model, name, None) is not None:
            setattr(model, name, None)
