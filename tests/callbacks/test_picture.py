import numpy as np
from matplotlib import pyplot

from keras_nn.callbacks.picture import figure_to_image
from keras_nn.callbacks.picture import new_figure


def test_pixels_are_those_drawn():
    figure = new_figure(2, 1, dpi=50)
    figure.set_facecolor("red")
    image = figure_to_image(figure)
    assert image.shape == (1, 50, 100, 3)
    assert image.dtype == np.uint8
    assert (image[0, 0, 0] == [255, 0, 0]).all()


def test_pyplot_stays_out_of_it():
    open_before = pyplot.get_fignums()
    figure_to_image(new_figure())
    assert pyplot.get_fignums() == open_before
