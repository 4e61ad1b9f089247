import numpy as np


def new_figure(width=6.0, height=4.5, dpi=100):
    """An empty matplotlib figure that belongs to nobody but the caller.

    It is made with the object interface: no pyplot, no global state, no
    display, nothing to close afterwards.

    Args:
        width: float. In inches. Defaults to 6.
        height: float. In inches. Defaults to 4.5.
        dpi: int. Pixels per inch. Defaults to 100.

    Returns:
        A `matplotlib.figure.Figure`.
    """
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), dpi=dpi, layout="constrained")


def figure_to_image(figure):
    """The pixels of a matplotlib figure, as `tf.summary.image` wants them.

    Args:
        figure: `matplotlib.figure.Figure`.

    Returns:
        A uint8 array of shape `(1, height, width, 3)`.

    Example:

    >>> figure = new_figure(2, 1)
    >>> _ = figure.subplots().plot([1, 2], [3, 4])
    >>> figure_to_image(figure).shape
    (1, 100, 200, 3)
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())[..., :3]
    return np.ascontiguousarray(pixels)[None]
