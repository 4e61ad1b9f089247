from pathlib import Path

from keras_nn.data.class_folders import PARTS
from keras_nn.data.class_folders import visible_folders


def files_by_part(path, suffix, is_one, expected):
    """The annotation files under a path, each with the part that it is.

    Looked for in the folder itself, in its folder `annotations` and in those
    of parts. A file whose name or folder has the word `train`, `val`,
    `valid`, `validation` or `test` in it is that part.

    Args:
        path: `Path`. A file, or a folder.
        suffix: str. Of the files in a folder, such as `".json"`.
        is_one: callable from a `Path` to whether it is such a file.
        expected: str. What the files are, for errors.

    Returns:
        A list of pairs of `Path` and `"train"`, `"validation"` or `"test"`.

    Raises:
        FileNotFoundError: If there is no such path.
        ValueError: If there is no such file in the folder, or several do not
            say which part each is.
    """
    if path.is_file():
        return [(path, "train")]
    if not path.is_dir():
        raise FileNotFoundError(
            f"Expected a file or a folder of {expected}. Received: {path}"
        )
    inner = [
        folder
        for folder in visible_folders(path)
        if folder.name.lower() in (*PARTS, "annotations")
    ]
    files = [
        file
        for folder in (path, *inner)
        for file in sorted(folder.glob(f"*{suffix}"))
        if is_one(file)
    ]
    if not files:
        raise ValueError(
            f"Expected {suffix} files of {expected}. Received: a folder "
            f"without one, {path}"
        )
    if len(files) == 1:
        return [(files[0], "train")]
    parts = [(file, _part(file, path)) for file in files]
    known = [part for _, part in parts]
    if None in known or len(set(known)) < len(known):
        raise ValueError(
            "Of several annotation files each must say in its name or "
            "folder which part it is: train, validation or test, once "
            f"each. Received: {', '.join(str(file) for file in files)}"
        )
    return parts


def folders_beside(file, images=None):
    """Where the pictures of an annotation file may lie, likely ones first.

    Args:
        file: `Path`. The annotation file.
        images: str or None. The one folder, if it is known.
    """
    if images is not None:
        return [Path(images)]
    root = file.parent
    if root.name.lower() == "annotations":
        root = root.parent
    near = [file.parent, root, *visible_folders(root)]
    # `instances_val2017.json` is about the pictures in `val2017`.
    return sorted(near, key=lambda folder: folder.name not in file.stem)


def _part(file, root):
    folder = file.parent.name if file.parent != root else ""
    for text in (file.stem, folder):
        cleaned = "".join(c if c.isalpha() else " " for c in text.lower())
        for word in cleaned.split():
            if word in PARTS:
                return PARTS[word]
    return None
