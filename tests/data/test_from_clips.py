import numpy as np
import pytest
from PIL import Image

from keras_nn import data
from keras_nn.data import clip_reader

RNG = np.random.default_rng(0)


def write_gif(path, frames):
    pictures = [Image.fromarray(frame) for frame in frames]
    pictures[0].save(
        path, save_all=True, append_images=pictures[1:], duration=50
    )


def write_frames(folder, frames):
    folder.mkdir(parents=True)
    for number, frame in enumerate(frames):
        Image.fromarray(frame).save(folder / f"{number:03d}.png")


def levels(count, size=(10, 12)):
    """Frames of one grey each, 10 apart: a frame tells its number."""
    grey = 10 * np.arange(1, count + 1, dtype="uint8")
    return np.broadcast_to(grey[:, None, None, None], (count, *size, 3))


@pytest.fixture
def folder(tmp_path):
    for name in ("jump", "wave"):
        write_frames(tmp_path / name / "c", levels(8))
        for number in range(5):
            write_gif(tmp_path / name / f"{number}.gif", levels(8))
    return tmp_path


def test_class_folders_become_splits(folder):
    splits = data.from_clips(folder, frames=4, image_size=(6, 6))
    assert splits.class_names == ("jump", "wave")
    sizes = [len(splits.train), len(splits.validation), len(splits.test)]
    assert sum(sizes) == 12 and min(sizes) >= 1
    x, y = next(iter(splits.train.batches(3)))
    assert x.shape == (3, 4, 6, 6, 3) and y.shape == (3,)


def test_unreadable_clips_are_named(folder):
    (folder / "wave" / "bad.gif").write_bytes(b"GIF89a no more")
    with pytest.raises(ValueError, match="1 unreadable of 13"):
        data.from_clips(folder, 4, (6, 6))
    with pytest.warns(UserWarning, match="bad.gif"):
        data.from_clips(folder, 4, (6, 6), on_error="skip")


def test_without_the_extra_the_error_names_it(folder, monkeypatch):
    def missing(file):
        raise ImportError('`pip install "keras_nn[video]"`')

    (folder / "wave" / "film.mp4").write_bytes(b"")
    monkeypatch.setattr(clip_reader, "video_reader", missing)
    with pytest.raises(ImportError, match=r"keras_nn\[video\]"):
        data.from_clips(folder, 4, (6, 6))


def test_refuses_what_it_cannot_read(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    with pytest.raises(ValueError, match="none in a, b"):
        data.from_clips(tmp_path)
