"""Pictures drawn with numpy and Pillow: milliseconds, where a plot costs 0.2 s.

Every function works on uint8 arrays `(height, width, 3)`.
"""

import functools

import numpy as np

from keras_nn.data.displayable import resize

INK = (32, 33, 36)
MUTED = (112, 117, 122)
LINE = (218, 220, 224)
PAPER = (255, 255, 255)
GOOD = (24, 128, 56)
BAD = (197, 34, 31)


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
