import os

import pytest

from keras_nn_cli.start import silent_stderr


def test_what_was_held_back_is_shown_if_the_start_fails(capfd):
    with silent_stderr():
        os.write(2, b"noise")
    assert capfd.readouterr().err == ""
    with pytest.raises(ImportError):
        with silent_stderr():
            os.write(2, b"the reason")
            raise ImportError
    assert capfd.readouterr().err == "the reason"
