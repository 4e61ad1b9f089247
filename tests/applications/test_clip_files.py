import numpy as np
import pytest
from PIL import Image

from keras_nn.applications.clip_files import clip_files
from keras_nn.applications.clip_files import labelled_clips


@pytest.fixture
def folder(tmp_path):
    for grey, name in ((10, "b"), (20, "a")):
        (tmp_path / name / "0").mkdir(parents=True)
        picture = Image.fromarray(np.full((4, 4, 3), grey, "uint8"))
        picture.save(tmp_path / name / "0" / "0.png")
        picture.save(tmp_path / name / "1.gif")
    return tmp_path


def test_a_clip_and_a_folder_of_clips(folder):
    names = [clip.rsplit("/", 1)[1] for clip in clip_files(folder / "a")]
    assert names == ["0", "1.gif"]
    assert clip_files(folder / "a" / "0") == [str(folder / "a" / "0")]
    with pytest.raises(FileNotFoundError, match="no such path"):
        clip_files(folder / "c")
    with pytest.raises(ValueError, match="There must be a clip"):
        clip_files(folder)


def test_labels_are_those_of_the_model(folder):
    split = labelled_clips(folder, ["b", "c", "a"], frames=1, image_size=(4, 4))
    clips, labels = split.arrays()
    expected = np.where(clips[:, 0, 0, 0, 0] < 15, 0, 2)
    np.testing.assert_array_equal(labels, expected)
    assert len(split) == 4
    with pytest.raises(ValueError, match="other classes, .'b'"):
        labelled_clips(folder, ["a"], frames=1, image_size=(4, 4))
