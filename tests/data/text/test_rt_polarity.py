import os

import numpy as np
import pytest

from keras_nn.data.text.rt_polarity import rt_polarity


def test_a_folder_without_the_files_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="rt-polarity.neg"):
        rt_polarity(tmp_path)


def test_another_file_is_refused(tmp_path):
    (tmp_path / "rt-polarity.neg").write_text("so bad\n")
    with pytest.raises(ValueError, match="sha256"):
        rt_polarity(tmp_path)


def test_the_official_files():
    folder = os.path.join(os.environ.get("KERAS_NN_DATA", ""), "rt_polarity")
    if not os.path.isdir(folder):
        pytest.skip("KERAS_NN_DATA names no folder with rt_polarity")
    whole = rt_polarity(folder, test_fraction=0)
    assert np.bincount(whole.train.y).tolist() == [5331, 5331]
    assert whole.test is None
    splits = rt_polarity(folder)
    assert len(splits.test) == 1066
    assert "ladrón" in " ".join(whole.train.x)
