"""Pictures drawn with numpy and Pillow: milliseconds, where a plot costs 0.2 s.

Every function works on uint8 arrays `(height, width, 3)`.
"""

import functools

import numpy as np

INK = (32, 33, 36)
MUTED = (112, 117, 122)
LINE = (218, 220, 224)
PAPER = (255, 255, 255)
GOOD = (24, 128, 56)
BAD = (197, 34, 31)

# Colours at equal distances from 0 to 1.
_MAPS = {
    "blue": [(247, 251, 255), (158, 202, 225), (49, 130, 189), (8, 48, 107)],
    "orange": [(255, 250, 244), (253, 174, 107), (230, 85, 13), (127, 39, 4)],
    "heat": [
        (12, 7, 60),
        (106, 0, 168),
        (203, 71, 119),
        (248, 149, 64),
        (240, 249, 33),
    ],
}


def colours(values, name="heat"):
    """The colour of each number between 0 and 1.

    Args:
        values: float array of any shape; clipped to [0, 1].
        name: str. `"blue"`, `"orange"` or `"heat"`.

    Returns:
        uint8 array of shape `(*values.shape, 3)`.

    Example:

    >>> colours(np.array([0.0, 1.0]), "blue").tolist()
    [[247, 251, 255], [8, 48, 107]]
    """
    anchors = np.array(_MAPS[name], "float64")
    at = np.linspace(0, 1, len(anchors))
    channels = [np.interp(values, at, anchors[:, c]) for c in range(3)]
    return np.stack(channels, axis=-1).round().astype("uint8")


def displayable(pictures):
    """Pictures of any usual range and depth, as uint8 RGB.

    Args:
        pictures: array `(n, h, w, 1 or 3)`. Values are taken as 0..1 when
            none exceeds 1.5, and as 0..255 when one exceeds 64. In between
            the highest is shown white (scikit-learn's digits go to 16), and
            where one is negative the lowest is shown black too.

    Returns:
        uint8 array `(n, h, w, 3)`.

    Raises:
        ValueError: If the array does not hold such pictures.
    """
    shape = np.shape(pictures)
    if len(shape) != 4 or shape[-1] not in (1, 3):
        raise ValueError(
            "pictures have the shape (n, height, width, 1 or 3). "
            f"Received: shape {shape}"
        )
    pictures = np.asarray(pictures)
    if pictures.dtype != "uint8" or pictures.max() <= 64:
        pictures = np.nan_to_num(pictures.astype("float32"))
        low, high = min(pictures.min(), 0), pictures.max()
        if low < 0 or 1.5 < high <= 64:
            pictures = (pictures - low) / max(high - low, 1e-12) * 255
        elif high <= 1.5:
            pictures = pictures * 255
        pictures = pictures.round()
    pictures = np.clip(pictures, 0, 255).astype("uint8")
    return np.broadcast_to(pictures, (*shape[:3], 3))


def resize(picture, height, width):
    """A picture at another size: sharp pixels when it grows.

    Args:
        picture: uint8 array `(h, w, 3)`.
        height: int.
        width: int.

    Returns:
        uint8 array `(height, width, 3)`.
    """
    from PIL import Image

    grows = height >= picture.shape[0]
    method = Image.Resampling.NEAREST if grows else Image.Resampling.BOX
    image = Image.fromarray(np.ascontiguousarray(picture))
    return np.asarray(image.resize((width, height), method))


def overlay(picture, values, side):
    """A heat map over a picture, which shows through where the map is low.

    Args:
        picture: uint8 array `(h, w, 3)`.
        values: float array `(h', w')` in [0, 1].
        side: int. Longer side of the result, in pixels.

    Returns:
        uint8 array `(height, width, 3)`.
    """
    from PIL import Image

    scale = side / max(picture.shape[:2])
    height, width = (max(1, round(s * scale)) for s in picture.shape[:2])
    image = Image.fromarray(values.astype("float32"))
    image = image.resize((width, height), Image.Resampling.BILINEAR)
    heat = np.clip(np.asarray(image), 0, 1)[..., None]
    below = resize(picture, height, width)
    mixed = below * (1 - 0.7 * heat) + colours(heat[..., 0]) * 0.7 * heat
    return mixed.round().astype("uint8")


def sprites(pictures, side):
    """Small pictures side by side in a square sheet, row by row.

    Args:
        pictures: uint8 array `(n, h, w, 3)`.
        side: int. Side of each, in pixels.

    Returns:
        uint8 array `(rows * side, rows * side, 3)`, `rows = ceil(sqrt(n))`.
    """
    rows = int(np.ceil(np.sqrt(len(pictures))))
    sheet = np.full((rows, side, rows, side, 3), 255, "uint8")
    for i, picture in enumerate(pictures):
        sheet[i // rows, :, i % rows] = resize(picture, side, side)
    return sheet.reshape(rows * side, rows * side, 3)


@functools.cache
def font(size):
    """Pillow's own font, at a size in pixels."""
    from PIL import ImageFont

    return ImageFont.load_default(size)


class Canvas:
    """A sheet to draw on, with text that says where it is anchored.

    Args:
        height: int. In pixels.
        width: int. In pixels.

    Example:

    >>> sheet = Canvas(20, 60)
    >>> sheet.text(30, 10, "hello", anchor="mm")
    >>> sheet.pixels.shape, int(sheet.pixels.min()) < 100
    ((20, 60, 3), True)
    """

    def __init__(self, height, width):
        from PIL import Image
        from PIL import ImageDraw

        self.image = Image.new("RGB", (width, height), PAPER)
        self.draw = ImageDraw.Draw(self.image)

    @property
    def pixels(self):
        """uint8 array `(height, width, 3)`."""
        return np.asarray(self.image)

    def paste(self, x, y, picture):
        """Put a uint8 picture with its upper left corner at `(x, y)`."""
        from PIL import Image

        array = np.ascontiguousarray(picture)
        self.image.paste(Image.fromarray(array), (int(x), int(y)))

    def text(self, x, y, words, size=13, colour=INK, anchor="la", width=None):
        """Write words; `anchor` as Pillow names it, `width` the most pixels."""
        if width is not None:
            words = shorten(words, size, width)
        self.draw.text(
            (x, y), words, fill=colour, font=font(size), anchor=anchor
        )

    def upright(self, x, y, words, size=13, colour=INK, width=None):
        """Write words from below to above, ending up at height `y`.

        The column of letters is centred at `x` and its foot stands at `y`.
        """
        from PIL import Image
        from PIL import ImageDraw

        if width is not None:
            words = shorten(words, size, width)
        length, height = text_width(words, size), size + 4
        line = Image.new("L", (length + 2, height), 0)
        ImageDraw.Draw(line).text(
            (0, height / 2), words, fill=255, font=font(size), anchor="lm"
        )
        line = line.rotate(90, expand=True)
        at = (int(round(x - height / 2)), int(y - length - 2))
        self.image.paste(Image.new("RGB", line.size, colour), at, line)


def text_width(words, size):
    """Length of a line of text, in pixels."""
    return int(np.ceil(font(size).getlength(words)))


def shorten(words, size, width):
    """Words that fit into so many pixels, ending in `...` where cut."""
    if text_width(words, size) <= width:
        return words
    while words and text_width(words + "...", size) > width:
        words = words[:-1]
    return words + "..."


def captioned_grid(rows, captions, title="", tile=112, colours=None):
    """Pictures in rows, each with two lines of text below it.

    Args:
        rows: list of lists of uint8 pictures `(h, w, 3)`.
        captions: list of lists of strings; a `\\n` starts the second line.
        title: str. Above everything.
        tile: int. Side of each picture, in pixels. Defaults to 112.
        colours: list of lists of RGB triples for the captions, or None.

    Returns:
        uint8 array `(height, width, 3)`.
    """
    gap, line, head = 10, 15, 30 if title else 8
    height = tile + 2 * line + gap + 4
    columns = max(len(row) for row in rows)
    sheet = Canvas(head + height * len(rows), columns * (tile + gap) + gap)
    sheet.text(gap, 8, title, 15, width=columns * (tile + gap) - gap)
    for i, row in enumerate(rows):
        for j, picture in enumerate(row):
            x, y = gap + j * (tile + gap), head + i * height
            scale = tile / max(picture.shape[:2])
            h, w = (max(1, round(s * scale)) for s in picture.shape[:2])
            sheet.paste(
                x + (tile - w) // 2, y + (tile - h) // 2, resize(picture, h, w)
            )
            colour = INK if colours is None else colours[i][j]
            for k, words in enumerate(captions[i][j].split("\n")):
                sheet.text(
                    x,
                    y + tile + 3 + k * line,
                    words,
                    12,
                    MUTED if k else colour,
                    width=tile,
                )
    return sheet.pixels


def picture_grid(pictures, columns, tile=48, gap=4):
    """Pictures side by side, row by row, on white.

    Args:
        pictures: uint8 array `(n, h, w, 3)`.
        columns: int. Pictures in a row.
        tile: int. Least longer side of each, in pixels; a larger picture
            keeps its size. Defaults to 48.
        gap: int. Pixels between them. Defaults to 4.

    Returns:
        uint8 array `(height, width, 3)`.
    """
    longest = max(pictures.shape[1:3])
    scale = max(1, -(-tile // longest))
    height, width = (side * scale for side in pictures.shape[1:3])
    rows = -(-len(pictures) // columns)
    sheet = np.full(
        (gap + rows * (height + gap), gap + columns * (width + gap), 3),
        255,
        "uint8",
    )
    for i, picture in enumerate(pictures):
        y = gap + i // columns * (height + gap)
        x = gap + i % columns * (width + gap)
        sheet[y : y + height, x : x + width] = resize(picture, height, width)
    return sheet
