"""Networks for pictures from checkpoints, with or without their heads."""

from pathlib import Path

import keras

from keras_nn.applications.picture_preprocessing import preprocessing_for
from keras_nn.applications.saved_application import load
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.pretrained import hugging_face
from keras_nn.pretrained import hugging_face_dense
from keras_nn.pretrained import keras_applications
from keras_nn.pretrained import timm
from keras_nn.pretrained.published_folder import PublishedFolder


def is_checkpoint(name):
    """Whether this names a published folder, or looks like a hub's id.

    Args:
        name: str or path.

    Example:

    >>> is_checkpoint("owner/name"), is_checkpoint("imagenet")
    (True, False)
    """
    path = Path(name)
    if path.exists():
        return path.is_dir()
    parts = str(name).split("/")
    hub = len(parts) == 2 and all(parts) and parts[0] not in (".", "..", "~")
    return hub and not path.suffix == ".h5"


def published_features(name, **arguments):
    """A published network without its classifier, ending in one vector.

    Args:
        name: str or path. A preset of `keras.applications`, or a folder or
            id that holds a checkpoint of Hugging Face or of timm.
        **arguments: of `load` in the module of `keras_nn.pretrained` that
            reads it, such as `weights`, `input_shape`, `revision`, `sha256`.

    Returns:
        A picture model of `keras_nn.models`.

    Raises:
        WrongRequest: if it cannot take pictures of the shape asked for.
    """
    load, pooling = _loader(name, arguments)
    try:
        return load(
            name, **{"pooling": pooling, "include_top": False, **arguments}
        )
    except ValueError as error:
        shape = arguments.get("input_shape")
        if shape is None:
            raise
        raise WrongRequest(
            f"{name} cannot take pictures of shape {tuple(shape)}: {error}"
        ) from error


def published_classifier(name, **arguments):
    """A published network in two: what comes before the classifier, and it.

    Args:
        name, **arguments: as of `published_features`.

    Returns:
        `(features, classifier, preprocessing, class_names)`: a `keras.Model`
        that ends in a vector, a `keras.layers.Dense`, a layer or None, and a
        list of str or None where the checkpoint names no class.
    """
    load, _ = _loader(name, arguments)
    whole = load(name, **arguments)
    classifier = whole.get_layer("predictions")
    features = keras.Model(whole.input, classifier.input, name=whole.name)
    names = None
    if load is not keras_applications.load:
        config = PublishedFolder(name, arguments.get("revision")).config
        names = _class_names(config, whole.classes)
    return features, classifier, preprocessing_for(whole), names


def classifier(cls, name, num_classes, loading, kwargs):
    """What `ImageClassifier.from_pretrained` returns; see there."""
    path = Path(name)
    if path.is_dir() and (path / "model.keras").is_file():
        path = path / "model.keras"
    if path.suffix == ".keras":
        return _from_own(cls, path, num_classes, loading, kwargs)
    if num_classes is not None:
        return cls(published_features(name, **loading), num_classes, **kwargs)
    features, head, preprocess, names = published_classifier(name, **loading)
    app = cls(
        features,
        head.units,
        **{"preprocess": preprocess, "class_names": names, **kwargs},
    )
    app.head.set_weights(head.get_weights())
    return app


def published_detector(name, num_classes=None, **arguments):
    """A published detector, and the names of its classes.

    Args:
        name: str or path. A folder with a checkpoint of Hugging Face's DETR,
            or its id on the hub.
        num_classes: int or None. With a number, the layer that says the class
            begins anew.
        **arguments: of `keras_nn.pretrained.hugging_face.load`.

    Returns:
        `(network, class_names)`: a `keras_nn.models.DETR`, and a list of str
        or None where the checkpoint does not name each class.

    Raises:
        WrongRequest: if it is the checkpoint of something else.
    """
    config = PublishedFolder(name, arguments.get("revision")).config
    if config.get("model_type") != "detr":
        raise WrongRequest(
            "A detector takes the checkpoint of a DETR. Received: "
            f"model_type={config.get('model_type')!r} in {name}"
        )
    network = hugging_face.load(name, **arguments)
    if num_classes is None:
        return network, _class_names(config, network.num_classes)
    mine = type(network).from_config(
        {**network.get_config(), "num_classes": num_classes}
    )
    theirs = {layer.name: layer for layer in network.layers}
    for layer in mine.layers:
        if layer.weights and layer.name != "classes":
            layer.set_weights(theirs[layer.name].get_weights())
    return mine, None


def published_segmenter(name, **arguments):
    """A published segmenter in two: what ends in a map, and class scores.

    Args:
        name: str or path. A folder with a checkpoint of Hugging Face's
            SegFormer, or its id on the hub.
        **arguments: of `keras_nn.pretrained.hugging_face.load`.

    Returns:
        `(network, weights, class_names)`: a `keras_nn.models.SegFormer`
        without its top, kernel and bias of the 1x1 convolution behind it, and
        a list of str or None where the checkpoint does not name each class.

    Raises:
        WrongRequest: if it is the checkpoint of something else.
    """
    config = PublishedFolder(name, arguments.get("revision")).config
    segments = hugging_face_dense.reads(config)
    if not segments or config["model_type"] != "segformer":
        raise WrongRequest(
            "A segmenter takes the checkpoint of a SegFormer with its "
            f"decoder. Received: model_type={config.get('model_type')!r}, "
            f"architectures={config.get('architectures')} in {name}"
        )
    whole = hugging_face.load(name, **arguments)
    network = type(whole).from_config(
        {**whole.get_config(), "include_top": False}
    )
    theirs = {layer.name: layer for layer in whole.layers}
    for layer in network.layers:
        if layer.weights:
            layer.set_weights(theirs[layer.name].get_weights())
    scores = theirs["scores"].get_weights()
    return network, scores, _class_names(config, whole.classes)


def _from_own(cls, path, num_classes, loading, kwargs):
    if loading:
        raise ValueError(
            "A file of ours says by itself how it is loaded. "
            f"Received: loading={loading} beside {path}"
        )
    saved = load(path, compile=False)
    if not isinstance(saved, cls):
        raise ValueError(
            f"The file must hold an {cls.__name__}. Received: a "
            f"{type(saved).__name__} in {path}"
        )
    given = {"preprocess": saved.preprocessing, **kwargs}
    if num_classes is not None:
        return cls(saved.backbone, num_classes, **given)
    given = {"class_names": saved.class_names, **given}
    app = cls(saved.backbone, saved.num_classes, **given)
    app.head.set_weights(saved.head.get_weights())
    return app


def _loader(name, arguments):
    """What loads a checkpoint of this name, and how it pools by default."""
    if str(name) in keras_applications.PRESETS:
        return keras_applications.load, "avg"
    if not is_checkpoint(name):
        raise FileNotFoundError(
            "`name` must be a folder, the id 'owner/name' of a repository, "
            f"or one of {', '.join(keras_applications.PRESETS)}. "
            f"Received: {str(name)!r}"
        )
    config = PublishedFolder(name, arguments.get("revision")).config
    if hugging_face_dense.reads(config):
        raise WrongRequest(
            "A classifier takes the checkpoint of a network for whole "
            "pictures; the others are for `ObjectDetector.from_pretrained` "
            "and `ImageSegmenter.from_pretrained`. Received: "
            f"model_type={config['model_type']!r} in {name}"
        )
    library = timm if "architecture" in config else hugging_face
    _, given = library.class_and_arguments(config)
    return library.load, given.get("pooling", "avg")


def _class_names(config, count):
    found = config.get("id2label") or config.get("label_names")
    if isinstance(found, dict):
        found = [found.get(str(i), found.get(i)) for i in range(count)]
    if not found or len(found) != count or None in found:
        return None
    return [str(name) for name in found]
