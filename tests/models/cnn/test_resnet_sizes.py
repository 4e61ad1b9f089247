import re

from keras_nn.models.cnn.resnet_sizes import PRESETS


def test_names_count_the_layers():
    for name, preset in PRESETS.items():
        depth = int(re.search(r"\d+", name)[0])
        # A classifier and a stem beside the blocks.
        layers = 3 if preset.get("bottleneck", True) else 2
        assert layers * sum(preset["num_blocks"]) + 2 == depth, name


def test_groups_are_those_of_bottlenecks():
    for preset in PRESETS.values():
        assert preset.get("groups", 1) == 1 or preset.get("bottleneck", True)
