import keras
import numpy as np
import pytest
from PIL import Image

from keras_nn.applications import VideoClassifier


@pytest.fixture
def clip(tmp_path):
    """Dark, then bright in the lower half: four frames."""
    frames = np.zeros((4, 8, 8), "uint8")
    frames[2:, 4:] = 200
    first, *rest = map(Image.fromarray, frames)
    path = tmp_path / "clips" / "a.gif"
    path.parent.mkdir()
    first.save(path, save_all=True, append_images=rest, duration=40)
    return path


def test_explains_what_in_which_frame_spoke_for_a_class(clip, tmp_path):
    clips = keras.Input((4, 8, 8, 1))
    network = keras.Model(clips, keras.layers.Flatten()(clips))
    app = VideoClassifier(network, 2, ["dark", "bright"], preprocess="rescale")
    kernel = np.zeros((256, 2), "float32")
    kernel[:, 1] = 0.02
    app.head.kernel.assign(kernel)
    (row,) = app.explain_path(
        str(clip.parent), tmp_path / "new", "integrated-gradients"
    )
    expected = 1 / (1 + np.exp(-0.02 * 64 * 200 / 255))
    assert row["label"] == "bright"
    np.testing.assert_allclose(row["probability"], expected, atol=1e-2)
    assert abs(row["convergence_delta"]) < 1e-3
    sheet = np.asarray(Image.open(row["picture"])).astype("float32")
    # Below the four frames their maps: warm in the last two's lower half.
    tile, gap, head = 160, 10, 30
    top = head + tile + 44
    maps = [
        sheet[top : top + tile, gap + i * (tile + gap) :][:, :tile]
        for i in range(4)
    ]
    warm = [np.ptp(m, axis=-1) for m in maps]
    assert warm[0].max() == warm[1].max() == 0
    assert all(w[: tile // 3].max() == 0 for w in warm[2:])
    assert all(w[-tile // 3 :].min() > 50 for w in warm[2:])
