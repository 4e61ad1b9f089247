"""What an application that fills holes does with pictures and files."""

from pathlib import Path

import numpy as np

from keras_nn.applications.picture_holes import drawn_holes
from keras_nn.applications.picture_holes import pictures_with_holes
from keras_nn.data.displayable import displayable
from keras_nn.models.diffusion.holes import checked_holes

MEASURED = 100  # test pictures, at most: filling is slow


class HoleFilling:
    """Fills pictures of any size; measures and writes what was filled.

    A mixin for an application with `fill_exact(pictures, holes, seed)`, for
    pictures of its `picture_shape`, and `color_mode()`.
    """

    writes_files = True

    def fill(self, images, holes, seed=0):
        """Fills holes in pictures of any size.

        A picture of another size than the model's is filled at the model's
        size, and the filling is enlarged: it is then as coarse as that.

        Args:
            images: array `(n, height, width, channels)`, or a list of arrays
                `(height, width, channels)`; 0 to 255.
            holes: likewise, without channels: True or 1 where a picture is to
                be filled.
            seed: int or None. The same seed fills in the same way.

        Returns:
            A list of uint8 arrays, equal to `images` outside of the holes.

        Raises:
            ValueError: On other channels; on holes of another size, of values
                other than 0 and 1, that are nothing or all of a picture.
        """
        if len(images) != len(holes) or not len(images):
            raise ValueError(
                "There must be a hole for each picture. Received: "
                f"{len(images)} pictures and {len(holes)} holes"
            )
        small, covered = [], []
        images = [np.asarray(image) for image in images]
        holes = [
            self._checked(image, hole)
            for image, hole in zip(images, holes, strict=True)
        ]
        for image, hole in zip(images, holes, strict=True):
            image, hole = self._at_own_size(image, hole)
            small.append(image)
            covered.append(hole)
        drawn = self.fill_exact(np.stack(small), np.stack(covered), seed)
        return [
            np.where(hole[..., None], self._at_size(filled, image), image)
            for filled, image, hole in zip(drawn, images, holes, strict=True)
        ]

    def _checked(self, image, hole):
        channels = self.picture_shape[-1]
        if image.ndim != 3 or image.shape[-1] != channels:
            raise ValueError(
                f"The model fills pictures of {channels} channels. "
                f"Received: shape {image.shape}"
            )
        if image.dtype != np.uint8:
            if not (np.isfinite(image).all() and 0 <= image.min()):
                raise ValueError(
                    "pictures must have values from 0 to 255. Received: "
                    f"values from {image.min()}"
                )
            raise ValueError(
                "Pictures to be filled must be uint8, whose known part is kept "
                f"exactly. Received: {image.dtype}"
            )
        return checked_holes(np.asarray(hole)[None], (1, *image.shape))[
            0, ..., 0
        ].astype(bool)

    def _at_own_size(self, image, hole):
        from PIL import Image

        height, width, _ = self.picture_shape
        if image.shape[:2] == (height, width):
            return image, hole
        how = ((width, height), Image.Resampling.BILINEAR)
        touched = Image.fromarray(hole.astype("float32")).resize(*how)
        # No pixel that saw a part of the hole is taken for known.
        touched = np.asarray(touched) > 0
        if touched.all():
            raise ValueError(
                f"At the size of the model, {width}x{height}, nothing of the "
                "picture is known. Received: a hole of "
                f"{hole.mean():.0%} of a picture of "
                f"{image.shape[1]}x{image.shape[0]}"
            )
        return _resized(image, height, width), touched

    def _at_size(self, filled, image):
        if filled.shape == image.shape:
            return filled
        return _resized(filled, *image.shape[:2])

    def compare(self, pictures, holes=None, seed=0):
        """Fills holes in whole pictures and measures how near it comes.

        Args:
            pictures: uint8 array `(n, height, width, channels)`.
            holes: as in `fill`. None draws a rectangle in each.
            seed: int. Of holes and fillings.

        Returns:
            Dict of float arrays `(n,)`, in decibel, in the holes alone:
            `hole_psnr`, and `mean_fill_psnr` of the mean of what is known.
        """
        pictures = np.asarray(pictures)
        if holes is None:
            holes = drawn_holes(len(pictures), *pictures.shape[1:3], seed)
        ours = self.fill(pictures, holes, seed)
        scores = {"hole_psnr": [], "mean_fill_psnr": []}
        for truth, filled, hole in zip(pictures, ours, holes, strict=True):
            hole = np.asarray(hole, bool)
            mean = truth[~hole].mean(axis=0)
            for name, said in (
                ("hole_psnr", filled[hole]),
                ("mean_fill_psnr", mean),
            ):
                scores[name].append(hole_psnr(truth[hole], said))
        return {name: np.array(values) for name, values in scores.items()}

    def comparison(self, x, y):
        """Rows of masked, filled and true picture, for `PictureComparison`.

        Args:
            x: array of pictures.
            y: anything.
        """
        x = np.asarray(x).astype("uint8")
        holes = drawn_holes(len(x), *x.shape[1:3])
        rows = []
        for truth, hole, filled in zip(
            x, holes, self.fill(x, holes), strict=True
        ):
            masked = displayable(truth[None])[0].copy()
            masked[hole] = (96, 64, 160)  # in no scale of grey
            decibels = hole_psnr(truth[hole], filled[hole])
            rows.append(
                [
                    ("masked", masked),
                    (
                        f"filled\n{decibels:.1f} dB",
                        displayable(filled[None])[0],
                    ),
                    ("original", displayable(truth[None])[0]),
                ]
            )
        return rows

    def predict_path(self, path, top=1, folder=None, box=None):
        """Writes each picture under a path with its holes filled.

        Args:
            path: str. A picture or a folder, with transparent parts; or a
                folder with `images` and `masks`, white where there is a hole.
            top: int. Has no meaning here.
            folder: str. Where to write `<name>_filled.png`. Defaults to
                `filled` in the current folder.
            box: optional `(left, top, right, bottom)` in pixels: the hole of
                every picture.

        Returns:
            A list of dicts, one a picture: `file`, `filled`, and `hole`, its
            share of the picture.
        """
        from PIL import Image

        found = pictures_with_holes(path, self.color_mode(), box)
        folder = Path(folder or "filled")
        folder.mkdir(parents=True, exist_ok=True)
        rows = []
        for number, (file, picture, hole) in enumerate(found):
            try:
                (filled,) = self.fill([picture], [hole])
            except ValueError as error:
                raise ValueError(f"{error}, in {file}") from error
            target = folder / f"{number:04d}_{Path(file).stem}_filled.png"
            pixels = filled[..., 0] if filled.shape[-1] == 1 else filled
            Image.fromarray(pixels).save(target)
            rows.append(
                {
                    "file": file,
                    "filled": str(target),
                    "hole": round(float(hole.mean()), 4),
                }
            )
        return rows


def hole_psnr(truth, said):
    """Decibels between pixels of 0 to 255: `10 log10(255**2 / error)`.

    An error below one level of grey counts as one: 48.1 at most, so that a
    black hole in a black margin is no news.

    Args:
        truth: array.
        said: array that broadcasts.

    Example:

    >>> round(hole_psnr(np.zeros(4), np.full(4, 25.5)), 6)
    20.0
    """
    error = np.mean((truth.astype("float64") - said) ** 2)
    return float(10 * np.log10(255**2 / max(error, 1.0)))


def _resized(picture, height, width):
    from PIL import Image

    pixels = picture[..., 0] if picture.shape[-1] == 1 else picture
    image = Image.fromarray(pixels).resize(
        (width, height), Image.Resampling.BILINEAR
    )
    return np.asarray(image).reshape(height, width, picture.shape[-1])
