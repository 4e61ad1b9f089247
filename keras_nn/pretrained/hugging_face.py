"""Models of Hugging Face, to ours and back.

Pictures: ViT, Swin, ConvNeXt (versions 1 and 2), ResNet and MiT; DETR on a
ResNet, and SegFormer. Language: BERT, RoBERTa, DistilBERT, GPT-2, Llama,
Mistral, Mamba and T5. From a folder or from the hub. Weights are safetensors
files; nothing is unpickled. Their tokenizers:
`keras_nn.data.PublishedTokenizer`.
"""

import json
from pathlib import Path

import numpy as np

from keras_nn.data import PublishedTokenizer
from keras_nn.data import atomic_file
from keras_nn.models.image_backbone import ImageBackbone
from keras_nn.pretrained import hugging_face_dense as dense
from keras_nn.pretrained import hugging_face_language as language
from keras_nn.pretrained.assign_tensors import assign_tensors
from keras_nn.pretrained.hugging_face_configs import class_and_arguments
from keras_nn.pretrained.hugging_face_configs import config_of
from keras_nn.pretrained.hugging_face_configs import model_type
from keras_nn.pretrained.hugging_face_configs import preprocessing_of
from keras_nn.pretrained.hugging_face_names import tensors as tensors_by_name
from keras_nn.pretrained.hugging_face_names import to_theirs
from keras_nn.pretrained.published_folder import PublishedFolder
from keras_nn.pretrained.tensor_file import write_tensors

# Constants that torch stores beside the weights: a count of batches that no
# output depends on, and positions that follow from the window's size.
_CONSTANTS = ("num_batches_tracked", "relative_position_index")
# What a network without its top has no use for.
_TOPS = ("classifier.", "pooler.")


def load(
    name,
    include_top=True,
    sha256=None,
    revision=None,
    resample=False,
    **arguments,
):
    """Builds our network with weights that Hugging Face's format holds.

    Args:
        name: path of a folder with `config.json` and `model.safetensors` (or
            its shards), or the id `owner/name` of a repository of the hub
            (`pip install keras-nn[hub]`).
        include_top: bool. Whether the model ends in the classifier, or in the
            head that guesses masked tokens, if the checkpoint is of one.
            Without, a classifier or pooler in the checkpoint is left out.
            Defaults to True.
        sha256: str or dict. Checksum of the weights' file, or of each of its
            shards by name; None checks none. Defaults to None.
        revision: str. Branch, tag or commit on the hub. Defaults to None, its
            main branch.
        resample: bool. Whether the learnt positions of a `VisionTransformer`
            or `SwinTransformer` are interpolated, bicubically, where another
            `input_shape` or `window_size` asks for more or fewer. Defaults to
            False: they must fit.
        **arguments: of our constructor, that differ from what the
            configuration says, such as `classifier_activation=None` for
            logits, `pooling`, `drop_path`, `head="pooled"`, `dtype` or `name`.

    Returns:
        `VisionTransformer`, `SwinTransformer`, `ConvNeXt`, `ResNet`,
        `MixTransformer`, `DETR`, `SegFormer`, `BERT`, `GPT2`, `Llama`,
        `Mamba` or `T5` of `keras_nn.models`; of a detector or segmenter
        `input_shape` is that of its pictures, which published ones take in
        many sizes: for DETR 800 pixels on the shorter side. The
        `preprocessing` of one for pictures, or of its `backbone`, says what
        the weights expect, and an application on it does that.

    Raises:
        ValueError: if a tensor is missing, left over, or of another shape; on
            a damaged file or another checksum; on a network we do not have.
        FileNotFoundError: if there is no such folder and no connection.

    Example:

    >>> import tempfile
    >>> from keras_nn.models import VisionTransformer
    >>> model = VisionTransformer(
    ...     input_shape=(16, 16, 3), patch_size=8, hidden_dim=8, num_layers=1,
    ...     num_heads=2, classes=3,
    ... )
    >>> folder = tempfile.mkdtemp()
    >>> save(model, folder)
    >>> load(folder).count_params() == model.count_params()
    True
    """
    folder = PublishedFolder(name, revision)
    config = folder.config
    if language.reads(config):
        if resample:
            raise ValueError(
                "`resample` is for networks of pictures. Received: "
                f"resample={resample} for {name}"
            )
        model = language.build(config, include_top, arguments)
        assign(model, folder.tensors(sha256))
        return model
    preprocessor = folder.preprocessor
    if dense.reads(config):
        model = dense.build(config, preprocessor, include_top, arguments)
        assign(model, folder.tensors(sha256), resample)
        return model
    cls, given = class_and_arguments(config)
    if preprocessor is not None:
        given["preprocessing"] = preprocessing_of(preprocessor)
    model = cls(**{**given, "include_top": include_top, **arguments})
    assign(model, folder.tensors(sha256), resample)
    return model


def load_tokenizer(name, revision=None, model=None, **arguments):
    """The tokenizer beside published weights.

    Args:
        name: path of a folder or id of a repository, as of `load`.
        revision: str. As of `load`.
        model: model of ours that its ids are for, or None.
        **arguments: of `keras_nn.data.PublishedTokenizer.load`.

    Returns:
        `keras_nn.data.PublishedTokenizer`.

    Raises:
        ValueError: if it has ids that the model has not.
        FileNotFoundError: without a `tokenizer.json`.
    """
    folder = PublishedFolder(name, revision)
    tokenizer = PublishedTokenizer.load(folder.path, **arguments)
    if model is not None:
        language.check_sizes(tokenizer, model)
    return tokenizer


def assign(model, tensors, resample=False):
    """Gives a model of ours the tensors of one of Hugging Face's.

    Args:
        model: `VisionTransformer`, `SwinTransformer`, `ConvNeXt`, `ResNet`,
            `MixTransformer`, `DETR`, `SegFormer`, `BERT`, `GPT2`, `Llama`,
            `Mamba` or `T5`.
        tensors: dict from str to array, their state dict.
        resample: bool. As of `load`.

    Returns:
        The number of tensors assigned, which is all of the model.

    Raises:
        ValueError: naming every tensor that is missing, left over, or of
            another shape; then nothing has been assigned.
    """
    if language.is_ours(model):
        return language.assign(model, tensors)
    if dense.is_ours(model):
        if resample:
            raise ValueError(
                "`resample` is for networks with learnt positions. "
                f"Received: resample={resample} for {model.name!r}"
            )
        return dense.assign(model, tensors)
    prefix = f"{model_type(model)}."
    if not any(name.startswith(prefix) for name in tensors):
        prefix = ""  # of the network alone, as `AutoModel` stores it
    wanted = tensors_by_name(model, prefix)
    return assign_tensors(
        model,
        {name: [variable] for name, variable in wanted.items()},
        tensors,
        lambda name: is_unused(name.removeprefix(prefix), model.include_top),
        resample,
    )


def tensors(model):
    """The state dict of Hugging Face's model that equals one of ours.

    Args:
        model: as of `assign`.

    Returns:
        dict from str to array, with their names and shapes; of a language
        model as their files hold it, tied tensors once.

    Raises:
        ValueError: if Hugging Face has no such model.

    Example:

    >>> from keras_nn.models import ConvNeXt
    >>> model = ConvNeXt(
    ...     input_shape=(32, 32, 3), depths=[1], widths=[8], classes=5,
    ...     include_preprocessing=False,
    ... )
    >>> tensors(model)["classifier.weight"].shape
    (5, 8)
    """
    if language.is_ours(model):
        return language.tensors(model)
    if dense.is_ours(model):
        return dense.tensors(model)
    _require_ours(model)
    found = {
        name: to_theirs(variable)
        for name, variable in tensors_by_name(
            model, f"{model_type(model)}."
        ).items()
    }
    for name in [n for n in found if n.endswith("running_mean")]:
        count = name.replace("running_mean", "num_batches_tracked")
        found[count] = np.zeros((), "int64")
    return found


def save(model, folder, tokenizer=None):
    """Writes a model of ours so that Hugging Face's `from_pretrained` reads it.

    Args:
        model: as of `assign`; one for pictures with its top.
        folder: path. Gets `config.json` and `model.safetensors`, and with a
            tokenizer `tokenizer.json` and `tokenizer_config.json`.
        tokenizer: `keras_nn.data.PublishedTokenizer` or `SubwordTokenizer` of
            a language model, or None.

    Raises:
        ValueError: if Hugging Face has no such model, or the tokenizer has
            ids that the model has not.
    """
    if language.is_ours(model):
        config, values, files = language.config_and_tensors(model, tokenizer)
        _write(folder, config, values)
        for name, text in files.items():
            atomic_file.write_text(Path(folder) / name, text)
        return
    if dense.is_ours(model):
        config, values = dense.config_and_tensors(model)
        _write(folder, config, values)
        return
    _require_ours(model)
    if not model.include_top:
        raise ValueError(
            "`model` must have its classifier. Received: include_top=False"
        )
    _write(folder, config_of(model), tensors(model))


def is_unused(name, include_top, tops=_TOPS):
    """Whether a model has no use for a tensor of this name."""
    if name.split(".")[-1] in _CONSTANTS:
        return True
    return not include_top and name.startswith(tops)


def _write(folder, config, values):
    write_tensors(Path(folder) / "model.safetensors", values)
    atomic_file.write_text(
        Path(folder) / "config.json", json.dumps(config, indent=2)
    )


def _require_ours(model):
    if not isinstance(model, ImageBackbone):
        raise ValueError(
            "`model` must be a picture or language model of "
            "`keras_nn.models` that Hugging Face has, too. "
            f"Received: {type(model).__name__}"
        )
