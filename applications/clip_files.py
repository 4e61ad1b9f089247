import dataclasses
from pathlib import Path

import numpy as np

from keras_nn import data
from keras_nn.data.clip_reader import frame_files
from keras_nn.data.from_clips import find_clips


def clip_files(path):
    """The clips under a path, sorted: a list of str.

    Args:
        path: str. An animation, a video file, a folder of frames, or a folder
            of these.

    Raises:
        FileNotFoundError: if there is no such path.
        ValueError: if there is no clip.
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"There is no such path. Received: {path}")
    clips = [path]
    if path.is_dir() and not frame_files(path):
        clips = find_clips(path)
    if not clips:
        raise ValueError(
            "There must be a clip: an animation, a video file or a folder of "
            f"frames. Received: {path}"
        )
    return [str(clip) for clip in clips]


def labelled_clips(path, class_names, **reading):
    """Labelled clips in a folder, labelled as a trained model labels.

    Args:
        path: str. A folder of class folders. If it has a part named test,
            only that is read.
        class_names: list of str or None. Entry `k` names label `k`.
        **reading: further arguments of `keras_nn.data.from_clips`.

    Returns:
        `keras_nn.data.Split`.

    Raises:
        ValueError: if there is a class that the model does not know.
    """
    splits = data.from_clips(
        path, validation_fraction=0, test_fraction=0, **reading
    )
    names = list(class_names or [])
    unknown = set(splits.class_names) - set(names)
    if unknown:
        raise ValueError(
            f"The model knows the classes {names}. Received: clips of other "
            f"classes, {sorted(unknown)}, in {path}"
        )
    split = splits.test or splits.train
    number = np.array([names.index(name) for name in splits.class_names])
    return dataclasses.replace(split, y=number[split.y])
