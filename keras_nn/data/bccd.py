"""BCCD: blood cells under the microscope, with a box around each."""

import dataclasses
import hashlib
from pathlib import Path

from keras_nn.data.download import cache_folder
from keras_nn.data.from_voc import from_voc

URL = "https://github.com/Shenggan/BCCD_Dataset/tree/d272fb14"
FOLDER = "BCCD"
PARTS = ("ImageSets/Main", "Annotations", "JPEGImages")
SHA256 = "15f6c75e3bf15c829eb6935c32261731f1b262967d1477843628862c2b9c0776"
IMAGE_SIZE = (192, 256)


def bccd(folder=None):
    """205 + 87 + 72 pictures of blood cells, read at 192x256."""
    root = Path(folder or cache_folder("bccd")) / FOLDER
    if not all((root / part).is_dir() for part in PARTS):
        raise FileNotFoundError(
            f"`bccd` is not fetched: it is a folder of 732 files. Put {FOLDER} "
            f"of {URL} into {root.parent}, or pass the folder that holds it as "
            f"`path=`. Received: no {', '.join(PARTS)} in {root}"
        )
    received = digest(root)
    if received != SHA256:
        raise ValueError(
            f"{root} does not hold the expected files, whose names and "
            f"contents have the sha256 {SHA256}. Received: {received}"
        )
    found = from_voc(
        root,
        IMAGE_SIZE,
        validation_fraction=0,
        test_fraction=0,
        color_mode="rgb",
        degenerate="drop",
    )
    return dataclasses.replace(
        found,
        name="bccd",
        source=URL,
        licence="MIT",
        description="Blood smears under the microscope, 364 pictures of "
        "640x480 pixels, read at two fifths of the size: uint8 of shape (192, "
        "256, 3), with boxes around platelets, red and white cells. The "
        "official split is 205 for training, 87 for validation, 72 for test. "
        "Two boxes without area, of red cells, are left out.",
    )


def digest(root):
    """The sha256 of the names and contents of all files: str."""
    found = hashlib.sha256()
    for part in PARTS:
        for file in sorted((root / part).glob("[!.]*")):
            found.update(f"{part}/{file.name}\0".encode())
            found.update(hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()
