from pathlib import Path

from keras_nn.data.image_reader import EXTENSIONS
from keras_nn.data.picture_check import check_pictures


def picture_files(path):
    """The picture files under a path, sorted, each known to be readable.

    Args:
        path: str. A picture, or a folder; its sub-folders are searched, too.

    Returns:
        A list of str.

    Raises:
        FileNotFoundError: if there is no such path.
        ValueError: if there is no picture, or naming every unreadable one.
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"There is no such path. Received: {path}")
    files = [str(path)]
    if path.is_dir():
        files = sorted(
            str(file)
            for file in path.rglob("[!.]*")
            if file.suffix.lower() in EXTENSIONS
        )
    if not files:
        raise ValueError(
            "There is no picture in the folder "
            f"({' '.join(EXTENSIONS)}). Received: {path}"
        )
    bad = [p for p in check_pictures(files) if p.defect]
    if bad:
        listed = "; ".join(f"{p.path}: {p.defect}" for p in bad)
        raise ValueError(
            f"Pictures must be readable. Received: {len(bad)} unreadable of "
            f"{len(files)}: {listed}"
        )
    return files
