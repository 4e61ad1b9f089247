import collections
import os
import pickle

import numpy as np
import pytest
import scipy.sparse

from keras_nn.data.graphs import load_arrays


class Gadget:
    def __reduce__(self):
        return os.mkdir, ("ran",)


@pytest.mark.parametrize("protocol", [2, 4])
def test_arrays_matrices_and_dicts_of_lists_are_read(protocol):
    near = collections.defaultdict(list, {0: [1, 2]})
    content = pickle.dumps([np.eye(2), near], protocol)
    array, found = load_arrays(content)
    np.testing.assert_array_equal(array, np.eye(2))
    assert found == near
    matrix = scipy.sparse.csr_matrix(np.eye(3))
    read = load_arrays(pickle.dumps(matrix, protocol))
    np.testing.assert_array_equal(read.toarray(), np.eye(3))


def test_anything_else_is_refused_by_name_and_not_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(pickle.UnpicklingError, match="Received: .*mkdir"):
        load_arrays(pickle.dumps({"a": [Gadget()]}))
    assert not (tmp_path / "ran").exists()
    for hidden in (b"cbuiltins\neval\n.", b"cnumpy\nload\n."):
        with pytest.raises(pickle.UnpicklingError, match="Received"):
            load_arrays(hidden)


@pytest.mark.parametrize("content", [b"", b"\x80\x02]", b"garbage"])
def test_a_damaged_pickle_is_no_other_error(content):
    with pytest.raises(pickle.UnpicklingError):
        load_arrays(content)
