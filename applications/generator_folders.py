"""Which pictures of a folder an `ImageGenerator` learns, with which labels."""

from pathlib import Path

from keras_nn import data
from keras_nn.applications.picture_application import as_size
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.data.class_folders import visible_folders
from keras_nn.data.image_reader import EXTENSIONS

# Sets whose official files may lie under a path.
FILES = ("mnist",)


def read_pictures(path, recipe, seed, settings):
    """The pictures under a path: of classes, where it says any.

    Two class folders or more, or folders for parts with such, give labels. A
    folder of pictures, or with a single folder, has none: what learns them
    draws pictures of one kind. The official files of the recipe's data set
    are read, too.

    Args:
        path: str.
        recipe: `Recipe`.
        seed: int.
        settings: dict of settings, resolved.

    Returns:
        `keras_nn.data.Splits`.

    Raises:
        WrongRequest: If there is no folder at the path.
        ValueError: As `data.from_directory` and `data.from_pictures`.
    """
    root = Path(path)
    if not root.is_dir():
        raise WrongRequest(
            "`data` must be a folder of pictures, or of class folders with "
            f"pictures. Received: {path}"
        )
    shares = {"validation_fraction": settings["validation_fraction"]}
    folders = visible_folders(root)
    if recipe.data in FILES and not folders and not _has_pictures(root):
        return data.load(recipe.data, path=path, seed=seed, **shares)
    read = data.from_directory
    if len(folders) < 2 and not _has_classes(folders):
        read = data.from_pictures
    return read(
        path,
        image_size=as_size(settings["image_size"]),
        test_fraction=settings["test_fraction"],
        seed=seed,
        on_error=settings["on_error"],
        crop_to_aspect_ratio=True,
        **shares,
    )


def _has_pictures(folder):
    return any(file.suffix.lower() in EXTENSIONS for file in folder.iterdir())


def _has_classes(folders):
    """Whether a single folder is that of a part, such as `train`."""
    return any(visible_folders(folder) for folder in folders)
