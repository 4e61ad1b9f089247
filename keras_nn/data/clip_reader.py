import dataclasses
from pathlib import Path

import numpy as np

from keras_nn.data.image_reader import CHANNELS
from keras_nn.data.image_reader import EXTENSIONS
from keras_nn.data.image_reader import flattened

ANIMATIONS = (".gif", ".webp")
FRAMES = tuple(e for e in EXTENSIONS if e not in ANIMATIONS)
VIDEOS = (".avi", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".webm")


@dataclasses.dataclass(frozen=True)
class ClipReader:
    """Reads a clip into an array: frames at equal distances over its length.

    A clip is an animation (`.gif`, `.webp`), a folder of pictures of other
    formats, its frames in the order of their names, or a video file. Videos
    are read by `imageio` and `imageio-ffmpeg`: `pip install
    "keras_nn[video]"`. A clip with fewer frames than are wanted repeats some.

    Args:
        frames: int. How many frames are taken.
        image_size: tuple `(height, width)` in pixels.
        color_mode: str. `"rgb"` or `"grayscale"`.

    Call arguments:
        path: str.

    Returns:
        A uint8 array of shape `(frames, height, width, channels)`.

    Raises:
        ValueError: If a clip cannot be read; the text names the file.
        ImportError: If it is a video and the extra is not installed.

    Example:

    >>> ClipReader(8, (32, 48)).shape
    (8, 32, 48, 3)
    """

    frames: int
    image_size: tuple[int, int]
    color_mode: str = "rgb"

    def __post_init__(self):
        if self.frames < 1:
            raise ValueError(
                f"`frames` must be positive. Received: frames={self.frames}"
            )
        if len(self.image_size) != 2 or min(self.image_size) < 1:
            raise ValueError(
                "`image_size` must be `(height, width)` in pixels. Received: "
                f"image_size={self.image_size}"
            )
        if self.color_mode not in CHANNELS:
            raise ValueError(
                f"`color_mode` must be one of {', '.join(CHANNELS)}. "
                f"Received: color_mode={self.color_mode!r}"
            )

    @property
    def shape(self):
        return (self.frames, *self.image_size, CHANNELS[self.color_mode])

    @property
    def dtype(self):
        return "uint8"

    def __call__(self, path):
        source = Path(str(path))
        try:
            if source.is_dir():
                found = self._of_folder(source)
            elif source.suffix.lower() in VIDEOS:
                found = self._of_video(source)
            else:
                found = self._of_animation(source)
        except ImportError:
            raise
        except Exception as error:  # the readers raise nearly anything
            raise ValueError(
                f"Not a readable clip ({error}). Received: {path}"
            ) from error
        return np.stack(found).reshape(self.shape)

    def _of_folder(self, folder):
        from PIL import Image

        files = frame_files(folder)
        if not files:
            raise ValueError(f"no frames ({' '.join(FRAMES)})")
        chosen = [files[i] for i in places(len(files), self.frames)]
        found = []
        for file in chosen:
            with Image.open(file) as picture:
                found.append(self._scaled(picture))
        return found

    def _of_animation(self, file):
        from PIL import Image

        found = []
        with Image.open(file) as animation:
            count = getattr(animation, "n_frames", 1)
            for index in places(count, self.frames):
                animation.seek(int(index))
                # A copy: GIF frames are patches upon the one before.
                found.append(self._scaled(animation.copy()))
        return found

    def _of_video(self, file):
        from PIL import Image

        reader = video_reader(file)
        try:
            pictures = [
                self._scaled(Image.fromarray(frame)) for frame in reader
            ]
        finally:
            reader.close()
        if not pictures:
            raise ValueError("no frames")
        return [pictures[i] for i in places(len(pictures), self.frames)]

    def _scaled(self, picture):
        from PIL import Image

        height, width = self.image_size
        picture = flattened(picture, self.color_mode)
        if picture.size != (width, height):
            picture = picture.resize((width, height), Image.Resampling.BILINEAR)
        return np.asarray(picture)


def places(count, wanted):
    """Indices of `wanted` of `count` frames, at equal distances: ints.

    >>> places(10, 4).tolist(), places(2, 4).tolist()
    ([1, 3, 6, 8], [0, 0, 1, 1])
    """
    return ((np.arange(wanted) + 0.5) * count / wanted).astype("int64")


def frame_files(folder):
    """The pictures of a folder of frames, in the order of their names."""
    return sorted(
        file
        for file in Path(folder).glob("[!.]*")
        if file.suffix.lower() in FRAMES
    )


def video_reader(file):
    """Opens a video file; iterating gives its frames.

    Raises:
        ImportError: If the extra is not installed.
    """
    try:
        import imageio
        import imageio_ffmpeg  # noqa: F401
    except ImportError as error:
        raise ImportError(
            "Video files are read by imageio-ffmpeg: "
            f'`pip install "keras_nn[video]"`. Received: {file}'
        ) from error
    return imageio.get_reader(file, format="ffmpeg")
