"""Where the pictures lie in a folder of class folders."""

import warnings
from collections import Counter

from keras_nn.data.image_reader import EXTENSIONS

# What people call the folders of the three splits.
PARTS = {
    "train": "train",
    "training": "train",
    "validation": "validation",
    "valid": "validation",
    "val": "validation",
    "test": "test",
}
# Pictures, too, that are not read; PIL knows the endings of more.
FOREIGN = frozenset(".arw .cr2 .dcm .dng .heic .heif .nef .raw .svg".split())


def find_parts(root):
    """The folders that hold class folders: `{"train": root}` if only one."""
    if not root.is_dir():
        raise FileNotFoundError(
            f"Expected a folder of class folders. Received: {root}"
        )
    folders = visible_folders(root)
    if not folders:
        raise ValueError(
            "Expected a folder of class folders, each with pictures. "
            f"Received: {root} with no folder in it and {contents(root)}"
        )
    known = {
        PARTS[folder.name.lower()]: folder
        for folder in folders
        if folder.name.lower() in PARTS
    }
    if "train" not in known:
        return {"train": root}
    if len(known) < len(folders):
        raise ValueError(
            "Beside the folder `train` there may be `validation` and `test`, "
            f"once each. Received: {', '.join(f.name for f in folders)}"
        )
    return {
        part: known[part]
        for part in ("train", "validation", "test")
        if part in known
    }


def find_class_names(parts):
    """The sorted names of the class folders, which all parts share."""
    names = {
        part: [folder.name for folder in visible_folders(folder)]
        for part, folder in parts.items()
    }
    if len(names["train"]) < 2:
        raise ValueError(
            "There must be two classes at least, a folder for each. Received: "
            f"{parts['train']} with {', '.join(names['train']) or 'none'}"
        )
    for part, others in names.items():
        unknown = sorted(set(others) - set(names["train"]))
        if unknown:
            raise ValueError(
                f"Every class in {parts[part]} must have a folder in "
                f"{parts['train']}. Received: {', '.join(unknown)}"
            )
    return names["train"]


def find_pictures(folder):
    """The picture files in a class folder, sorted by name.

    Pictures of a format that is not read are counted in a warning.
    """
    if not folder.is_dir():
        return []
    nested = visible_folders(folder)
    if nested:
        raise ValueError(
            f"A class folder holds pictures and no folders. Received: {folder} "
            f"with the folder {nested[0].name}"
        )
    files = sorted(
        file for file in folder.iterdir() if not file.name.startswith(".")
    )
    _warn_of_foreign(files, folder)
    return [file for file in files if file.suffix.lower() in EXTENSIONS]


def _warn_of_foreign(files, folder):
    from PIL import Image

    known = {*FOREIGN, *Image.registered_extensions()} - {*EXTENSIONS}
    left_out = Counter(
        file.suffix.lower() for file in files if file.suffix.lower() in known
    )
    if left_out:
        listed = ", ".join(f"{n} of {e}" for e, n in sorted(left_out.items()))
        warnings.warn(
            f"Left out, since only {' '.join(EXTENSIONS)} are read: {listed} "
            f"in {folder}",
            stacklevel=4,
        )


def visible_folders(folder):
    """Sub-folders that a person made, sorted by name."""
    return sorted(
        entry
        for entry in folder.iterdir()
        if entry.is_dir() and not entry.name.startswith((".", "__"))
    )


def contents(folder):
    """What files a folder holds, in words."""
    suffixes = Counter(
        entry.suffix.lower() or "no suffix" for entry in folder.iterdir()
    )
    if not suffixes:
        return "no file"
    return ", ".join(
        f"{n} of {suffix}" for suffix, n in sorted(suffixes.items())
    )
