from keras_nn.models.cnn.efficientnet_sizes import PRESETS
from keras_nn.models.cnn.efficientnet_sizes import STAGES


def test_every_stage_begins_with_what_the_one_before_gives():
    for table in STAGES.values():
        for before, after in zip(table, table[1:], strict=False):
            assert after["inputs"] == before["filters"]
        strides = [stage["strides"] for stage in table]
        assert strides.count(2) == 4 - (strides[0] == 2)


def test_presets_name_a_table():
    assert {preset["stages"] for preset in PRESETS.values()} == {*STAGES}
