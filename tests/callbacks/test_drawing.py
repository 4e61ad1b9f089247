import numpy as np

from keras_nn.callbacks import drawing


def test_text_is_cut_to_its_room():
    words = drawing.shorten("a very long class name", 12, 60)
    assert words.endswith("...") and drawing.text_width(words, 12) <= 60
    assert drawing.shorten("short", 12, 60) == "short"


def test_upright_text_stands_where_it_should():
    sheet = drawing.Canvas(100, 40)
    sheet.upright(20, 90, "words")
    rows, columns = np.nonzero(sheet.pixels.min(axis=-1) < 128)
    assert 70 < rows.max() <= 90 and abs(columns.mean() - 20) < 3
    assert np.ptp(rows) > 2 * np.ptp(columns)


def test_grid_shows_every_picture_and_caption():
    red = np.zeros((4, 8, 3), "uint8") + np.array([255, 0, 0], "uint8")
    blue = red[..., ::-1]
    sheet = drawing.captioned_grid([[red], [blue]], [["a\nb"], [""]], tile=40)
    area = [
        (sheet == colour).all(-1).sum() for colour in (red[0, 0], blue[0, 0])
    ]
    assert area == [40 * 20, 40 * 20]
    blank = drawing.captioned_grid([[red], [blue]], [[""], [""]], tile=40)
    assert (sheet != blank).any()


def test_a_grid_of_pictures_fills_rows_and_leaves_the_rest_white():
    pictures = np.zeros((3, 2, 4, 3), "uint8")
    grid = drawing.picture_grid(pictures, columns=2, tile=8, gap=1)
    assert grid.shape == (1 + 2 * 5, 1 + 2 * 9, 3)
    assert not grid[1:5, 1:9].any() and not grid[6:10, 1:9].any()
    assert (grid[6:, 10:] == 255).all() and (grid[0] == 255).all()
