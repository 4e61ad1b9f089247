import numpy as np
import pytest
from keras import ops

from keras_nn.models.image_head import ImageHead
from keras_nn.models.image_head import check_image_arguments
from keras_nn.models.image_head import classify
from keras_nn.models.image_head import pool_features


def test_pools_by_the_mean_the_maximum_or_not_at_all():
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 5)).astype("float32")
    expected = {None: x, "avg": x.mean((1, 2)), "max": x.max((1, 2))}
    for pooling, value in expected.items():
        pooled = ops.convert_to_numpy(pool_features(x, pooling, None))
        np.testing.assert_allclose(pooled, value, rtol=1e-5, atol=1e-6)


def test_classifies_with_probabilities():
    scores = classify(np.ones((2, 3), "float32"), 4, "softmax", None)
    np.testing.assert_allclose(ops.sum(scores, -1), 1.0, rtol=1e-5)


@pytest.mark.parametrize(
    "arguments, received",
    [
        ((True, None, (8, 8), None, 10), "input_shape="),
        ((True, None, (8, 8, None), None, 10), "input_shape="),
        ((True, None, (8, 8, 3), "sum", 10), "pooling='sum'"),
        ((True, None, (8, 8, 3), None, 0), "classes=0"),
        ((True, "imagenet", (8, 8, 3), None, 10), "weights='imagenet'"),
    ],
)
def test_refuses_arguments_no_model_has(arguments, received):
    with pytest.raises(ValueError, match=f"Received: {received}"):
        check_image_arguments(*arguments)


def head(**arguments):
    return ImageHead(
        **{
            "include_top": True,
            "weights": None,
            "input_shape": (4, 4, 3),
            "pooling": None,
            "classes": 5,
            "classifier_activation": "softmax",
            "dtype": None,
            **arguments,
        }
    )


def test_a_head_classifies_means_only_where_there_is_a_top():
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 5)).astype("float32")
    top, none, most = head(), head(include_top=False), None
    np.testing.assert_allclose(top.pool(x), x.mean((1, 2)), rtol=1e-5)
    assert top.classify(top.pool(x)).shape == (2, 5)
    assert none.classify(none.pool(x)) is x and none.drop(x, 0.5) is x
    most = head(include_top=False, pooling="max")
    np.testing.assert_allclose(most.pool(x), x.max((1, 2)))


def test_a_head_takes_pictures_of_224_by_224_unless_told():
    assert head(input_shape=None).images().shape == (None, 224, 224, 3)
    assert head(input_shape=[8, 9, 1]).images().shape == (None, 8, 9, 1)


def test_dense_layers_need_a_known_size():
    with pytest.raises(ValueError, match=r"Received: input_shape=\(None"):
        unknown = head(input_shape=(None, None, 3))
        unknown.dense_layers(unknown.images(), 4, 0.0)
    known = head()
    assert known.dense_layers(known.images(), 4, 0.5).shape == (None, 4)
