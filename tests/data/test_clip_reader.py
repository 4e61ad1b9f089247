import numpy as np
import pytest
from PIL import Image

from keras_nn import data


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
    write_frames(tmp_path / "wave" / "c", levels(8))
    write_gif(tmp_path / "wave" / "0.gif", levels(8))
    return tmp_path


def test_refuses_what_it_cannot_be():
    with pytest.raises(ValueError, match="Received: frames=0"):
        data.ClipReader(0, (4, 4))
    with pytest.raises(ValueError, match="Received: image_size=.4,"):
        data.ClipReader(1, (4,))
    with pytest.raises(ValueError, match="Received: color_mode='lab'"):
        data.ClipReader(1, (4, 4), "lab")


def test_animations_and_folders_of_frames_are_read_alike(folder):
    reader = data.ClipReader(4, (10, 12))
    of_gif = reader(str(folder / "wave" / "0.gif"))
    of_folder = reader(str(folder / "wave" / "c"))
    assert of_gif.shape == reader.shape == (4, 10, 12, 3)
    np.testing.assert_array_equal(of_folder[:, 0, 0, 0], [20, 40, 60, 80])
    np.testing.assert_allclose(of_gif, of_folder, atol=1)
    grey = data.ClipReader(3, (4, 4), "grayscale")(str(folder / "wave" / "c"))
    assert grey.shape == (3, 4, 4, 1)


def test_short_clips_repeat_frames(tmp_path):
    write_frames(tmp_path / "short", levels(2))
    clip = data.ClipReader(4, (10, 12))(str(tmp_path / "short"))
    np.testing.assert_array_equal(clip[:, 0, 0, 0], [10, 10, 20, 20])


def test_videos_need_the_extra_and_are_read_with_it(folder, monkeypatch):
    imageio = pytest.importorskip("imageio")
    pytest.importorskip("imageio_ffmpeg")
    path = folder / "wave" / "film.mp4"
    frames = np.repeat(np.repeat(levels(8, (2, 2)), 16, 1), 16, 2)
    imageio.mimwrite(path, list(frames), fps=8, macro_block_size=1)
    clip = data.ClipReader(4, (8, 8))(str(path))
    means = clip.mean(axis=(1, 2, 3))
    np.testing.assert_allclose(means, [20, 40, 60, 80], atol=6)
    path.write_bytes(b"no film")
    with pytest.raises(ValueError, match="film.mp4"):
        data.ClipReader(4, (8, 8))(str(path))
