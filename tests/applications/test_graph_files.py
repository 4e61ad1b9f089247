import pytest

from keras_nn.applications import WrongRequest
from keras_nn.applications.graph_files import in_parts
from keras_nn.applications.graph_files import read_labelled_graphs
from keras_nn.applications.graph_files import read_measured_molecules
from keras_nn.data.graphs import GraphSplit
from keras_nn.data.graphs import cycles_or_not


def test_files_are_a_data_set_with_a_test_part():
    splits = in_parts(GraphSplit(*cycles_or_not(20)), "a/b.txt", 0, "ab")
    assert (len(splits.train), len(splits.test)) == (18, 2)
    assert splits.name == "b.txt" and splits.num_classes == 2


@pytest.mark.parametrize(
    "read", [read_labelled_graphs, read_measured_molecules]
)
def test_refuses_folders_other_files_and_what_is_not_there(read, tmp_path):
    with pytest.raises(WrongRequest, match="Received: "):
        read(tmp_path)
    (tmp_path / "picture.png").write_text("")
    with pytest.raises(WrongRequest, match="Received: .*picture.png"):
        read(tmp_path / "picture.png")
    with pytest.raises(FileNotFoundError, match="Received: "):
        read(tmp_path / "absent.txt")
