"""Small classifiers of every kind that Keras can make."""

import keras
import numpy as np
from keras import layers

PICTURES = (
    np.random.default_rng(0).normal(size=(3, 12, 12, 3)).astype("float32")
)
NUMBERS = PICTURES[:, 0, :5, 0]


def backbone():
    images = keras.Input((12, 12, 3))
    x = layers.Conv2D(8, 3, activation="relu", name="c1")(images)
    x = layers.BatchNormalization(name="bn")(x)
    x = layers.Conv2D(8, 3, activation="relu", name="c2")(x)
    return keras.Model(images, x, name="backbone")


def functional(activation="softmax", units=4):
    body = backbone()
    x = layers.GlobalAveragePooling2D(name="pool")(body.output)
    head = layers.Dense(units, activation, name="head")
    return keras.Model(body.input, head(x))


def sequential():
    return keras.Sequential(
        [
            layers.Conv2D(8, 3, activation="relu", name="c1"),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(4),
            layers.Softmax(),
        ]
    )


def nested():
    images = keras.Input((12, 12, 3))
    x = layers.RandomFlip()(images)
    x = layers.GlobalAveragePooling2D()(backbone()(x))
    x = layers.Dense(4)(x)
    return keras.Model(images, layers.Activation("softmax")(x))


def operations():
    images = keras.Input((12, 12, 3))
    x = layers.Conv2D(6, 3)(images / 2.0)
    x = keras.ops.mean(keras.ops.relu(x), axis=(1, 2))
    return keras.Model(images, keras.ops.softmax(layers.Dense(4)(x)))


class Block(layers.Layer):
    """A residual block that holds its convolution and cannot be cloned."""

    def __init__(self, filters, *unused):
        super().__init__()
        self.convolution = layers.Conv2D(filters, 3, padding="same")

    def build(self, shape):
        self.convolution.build(shape)

    def call(self, inputs, training=None):
        return inputs + keras.ops.relu(self.convolution(inputs))


class Scale(layers.Layer):
    """Holds a weight of its own and cannot be cloned."""

    def __init__(self, *unused):
        super().__init__()
        self.scale = self.add_weight(shape=(), initializer="ones")

    def call(self, inputs):
        return inputs * self.scale


class Subclassed(keras.Model):
    """Blocks, a nested Sequential, a loss, and arithmetic in `call`."""

    def __init__(self):
        super().__init__()
        self.block = Block(3)
        self.body = keras.Sequential([layers.Conv2D(5, 3), layers.ReLU()])
        self.scale = Scale()
        self.pool = layers.GlobalAveragePooling2D()
        self.dropout = layers.Dropout(0.5)
        self.head = layers.Dense(4, activation="softmax")

    def call(self, inputs, training=None):
        self.add_loss(keras.ops.mean(inputs))
        x = self.body(self.block(inputs * 2.0))
        x = self.dropout(self.pool(self.scale(x)), training=training)
        return self.head(x)


class Twice(keras.Model):
    """A subclassed model inside a subclassed model."""

    def __init__(self):
        super().__init__()
        self.inner = Subclassed()
        self.head = layers.Dense(4, activation="softmax")

    def call(self, inputs):
        return self.head(self.inner(inputs))


def several(form=dict):
    images = keras.Input((12, 12, 3), name="images")
    numbers = keras.Input((5,), name="numbers")
    x = layers.Conv2D(8, 3, activation="relu")(images)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Concatenate()([numbers, x])
    label = layers.Dense(4, "softmax", name="label")(x)
    size = layers.Dense(1, name="size")(x)
    if form is dict:
        inputs = {"numbers": numbers, "images": images}
        return keras.Model(inputs, {"size": size, "label": label})
    return keras.Model([numbers, images], [size, label])


def several_inputs(form=dict):
    if form is dict:
        return {"images": PICTURES, "numbers": NUMBERS}
    return [NUMBERS, PICTURES]


SINGLE = [functional, sequential, nested, operations, Subclassed, Twice]
