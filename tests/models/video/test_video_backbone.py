import keras
import pytest

from keras_nn.models.video.video_backbone import VideoHead


def head(include_top=True, pooling=None, shape=(2, 4, 4, 3), classes=5):
    return VideoHead(
        include_top, None, shape, pooling, classes, "softmax", "float32"
    )


@pytest.mark.parametrize(
    ("include_top", "pooling", "shape"),
    [
        (True, None, (None, 5)),
        (False, None, (None, 2, 4, 4, 3)),
        (False, "avg", (None, 3)),
        (False, "max", (None, 3)),
    ],
)
def test_ends_as_it_is_told(include_top, pooling, shape):
    ends = head(include_top, pooling)
    clips = ends.clips()
    assert keras.Model(clips, ends.end(clips)).output_shape == shape


def test_defaults_and_refusals():
    assert head(shape=None).input_shape == (16, 112, 112, 3)
    with pytest.raises(ValueError, match="Received: input_shape=.8, 8, 3"):
        head(shape=(8, 8, 3))
    with pytest.raises(ValueError, match="Received: pooling='sum'"):
        head(False, "sum")
    with pytest.raises(ValueError, match="Received: classes=0"):
        head(classes=0)
