import keras
import numpy as np

from keras_nn.callbacks.layer_tree import children
from keras_nn.callbacks.layer_tree import descendants
from keras_nn.callbacks.layer_tree import is_built
from keras_nn.callbacks.layer_tree import owners


class Block(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.first = keras.layers.Dense(3, name="first")
        self.rest = {"a": keras.layers.Dense(3, name="rest")}

    def call(self, inputs):
        return self.rest["a"](self.first(inputs))


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.blocks = [Block(name="block_0"), Block(name="block_1")]
        self.head = keras.layers.Dense(2, name="head")

    def call(self, inputs):
        for block in self.blocks:
            inputs = block(inputs)
        return self.head(inputs)


EXPECTED = [
    "block_0",
    "block_0/first",
    "block_0/rest",
    "block_1",
    "block_1/first",
    "block_1/rest",
    "head",
]


def test_subclassed():
    net = Net()
    net(np.ones((1, 4)))
    assert [path for path, _ in descendants(net)] == EXPECTED


def test_functional():
    inputs = keras.Input((4,), name="in")
    x = Block(name="block_0")(inputs)
    x = Block(name="block_1")(x)
    model = keras.Model(inputs, keras.layers.Dense(2, name="head")(x))
    assert [path for path, _ in descendants(model)] == ["in", *EXPECTED]


def test_a_sequential_model_is_not_counted_twice():
    model = keras.Sequential([keras.Input((4,)), Block(name="block_0")])
    assert [layer.name for layer in children(model)] == ["block_0"]
    assert [path for path, _ in descendants(model)] == EXPECTED[:3]


def test_siblings_of_one_name_are_told_apart():
    block = Block(name="block")
    block.rest["b"] = keras.layers.Dense(3, name="first")
    paths = [path for path, _ in descendants(keras.Sequential([block]))]
    assert paths[1:] == ["block/first", "block/rest", "block/first_1"]


def test_each_weight_belongs_to_its_innermost_layer():
    net = Net()
    scale = net.add_weight(shape=(), name="scale")
    assert not is_built(net)
    net(np.ones((1, 4)))
    assert is_built(net)
    owner = owners(net)
    assert owner[id(scale)] == "scale"
    assert owner[id(net.blocks[0].first.kernel)] == "block_0/first"
    assert owner[id(net.head.bias)] == "head"
