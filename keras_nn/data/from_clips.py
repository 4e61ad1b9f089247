from pathlib import Path

import numpy as np

from keras_nn.data.class_folders import find_class_names
from keras_nn.data.class_folders import find_parts
from keras_nn.data.class_folders import visible_folders
from keras_nn.data.clip_reader import ANIMATIONS
from keras_nn.data.clip_reader import VIDEOS
from keras_nn.data.clip_reader import ClipReader
from keras_nn.data.clip_reader import frame_files
from keras_nn.data.from_directory import report
from keras_nn.data.parts import draw_parts
from keras_nn.data.picture_check import Picture
from keras_nn.data.split import Split
from keras_nn.data.splits import Splits


def from_clips(
    path,
    frames=16,
    image_size=(112, 112),
    validation_fraction=0.1,
    test_fraction=0.1,
    seed=0,
    color_mode="rgb",
    on_error="raise",
):
    """Clips in a folder of class folders.

    `path/wave/1.gif, path/jump/2.mp4, path/jump/3/0001.png ...`: a clip is an
    animation, a video file or a folder of frames; see `ClipReader`. Folders
    `train`, `validation` and `test` hold the parts, as in `from_directory`.
    Each clip is read once now, to know that it can be.

    Args:
        path: str. The folder.
        frames: int. Frames taken of each clip. Defaults to 16.
        image_size: tuple `(height, width)` in pixels. Defaults to
            `(112, 112)`.
        validation_fraction: float. Share of all clips for validation.
        test_fraction: float. The same for the test set.
        seed: int. The same seed draws the same splits.
        color_mode: str, `"rgb"` or `"grayscale"`. Defaults to `"rgb"`.
        on_error: str. With `"raise"` unreadable clips are an error that names
            each; with `"skip"` they are left out with a warning.

    Returns:
        A `Splits` whose splits decode their files: uint8 clips `(frames,
        height, width, channels)`, labels in the order of the sorted names of
        the class folders.

    Raises:
        FileNotFoundError: If there is no such folder.
        ValueError: If the folder does not look like the above, or holds
            unreadable clips.
        ImportError: If there are videos and the extra `video` is missing.

    Example:

    >>> import tempfile
    >>> from PIL import Image
    >>> folder = Path(tempfile.mkdtemp())
    >>> for name in ("a", "b"):
    ...     (folder / name).mkdir()
    ...     for number in range(10):
    ...         Image.new("RGB", (9, 6)).save(folder / name / f"{number}.gif")
    >>> from_clips(folder, frames=4, image_size=(8, 8)).train
    Split(16 examples of shape (4, 8, 8, 3))
    """
    if on_error not in ("raise", "skip"):
        raise ValueError(
            f"`on_error` must be 'raise' or 'skip'. Received: {on_error=}"
        )
    reader = ClipReader(frames, tuple(image_size), color_mode)
    parts = find_parts(Path(path))
    class_names = find_class_names(parts)
    good, bad = [], []
    for part, folder in parts.items():
        for label, name in enumerate(class_names):
            for clip in find_clips(folder / name):
                defect = _defect(reader, clip)
                if defect:
                    bad.append(Picture(str(clip), defect=defect))
                else:
                    good.append((part, label, str(clip)))
    report(bad, len(good) + len(bad), on_error)
    known = {label for part, label, _ in good if part == "train"}
    empty = [n for label, n in enumerate(class_names) if label not in known]
    if empty:
        raise ValueError(
            "Every class folder must hold a readable clip "
            f"({' '.join(ANIMATIONS + VIDEOS)}, or a folder of frames). "
            f"Received: none in {', '.join(empty)}"
        )
    splits = {}
    for part in parts:
        members = [(clip, label) for at, label, clip in good if at == part]
        clips, labels = zip(*members, strict=True) if members else ((), ())
        splits[part] = Split(
            np.array(clips, str), np.array(labels, "int64"), reader
        )
    splits = draw_parts(splits, validation_fraction, test_fraction, seed)
    return Splits(
        **splits,
        class_names=tuple(class_names),
        name=Path(path).resolve().name,
        source=str(path),
        description=f"{len(good)} clips of {len(class_names)} classes, uint8 "
        f"of shape {reader.shape}. Parts without a folder of their own were "
        f"drawn class by class with {seed=}.",
    )


def find_clips(folder):
    """The clips directly under a folder, sorted: a list of `Path`.

    Args:
        folder: path; one that does not exist holds none.
    """
    folder = Path(folder)
    if not folder.is_dir():
        return []
    files = [
        file
        for file in folder.glob("[!.]*")
        if file.suffix.lower() in ANIMATIONS + VIDEOS
    ]
    inner = [place for place in visible_folders(folder) if frame_files(place)]
    return sorted([*files, *inner])


def _defect(reader, clip):
    try:
        reader(clip)
    except ValueError as error:
        return str(error)
    return None
