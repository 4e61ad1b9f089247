"""The published sizes of residual networks."""


def _presets():
    sizes = {
        18: ([2, 2, 2, 2], False),
        34: ([3, 4, 6, 3], False),
        50: ([3, 4, 6, 3], True),
        101: ([3, 4, 23, 3], True),
        152: ([3, 8, 36, 3], True),
    }
    presets = {}
    for version in (1, 2):
        suffix = "" if version == 1 else "v2"
        for depth, (num_blocks, bottleneck) in sizes.items():
            presets[f"resnet{depth}{suffix}"] = {
                "num_blocks": num_blocks,
                "bottleneck": bottleneck,
                "preactivation": version == 2,
                "conv_bias": bottleneck,
            }
        for depth in (20, 32, 44, 56, 110):
            presets[f"resnet{depth}{suffix}"] = {
                "num_blocks": [(depth - 2) // 6] * 3,
                "num_filters": [16, 32, 64],
                "bottleneck": False,
                "preactivation": version == 2,
                "conv_bias": False,
                "stem": "cifar",
                "shortcut": "padding",
                "momentum": 0.9,
                "classes": 10,
            }
    for name, depth, groups, group_width, squeeze in (
        ("resnext50_32x4d", 50, 32, 4, 0.0),
        ("resnext101_32x4d", 101, 32, 4, 0.0),
        ("resnext101_32x8d", 101, 32, 8, 0.0),
        ("resnext101_64x4d", 101, 64, 4, 0.0),
        ("seresnet50", 50, 1, None, 1 / 16),
        ("seresnet101", 101, 1, None, 1 / 16),
        ("seresnet152", 152, 1, None, 1 / 16),
        ("seresnext50_32x4d", 50, 32, 4, 1 / 16),
        ("seresnext101_32x4d", 101, 32, 4, 1 / 16),
        ("seresnext101_32x8d", 101, 32, 8, 1 / 16),
        ("seresnext101_64x4d", 101, 64, 4, 1 / 16),
    ):
        presets[name] = {
            **presets[f"resnet{depth}"],
            "conv_bias": False,
            "groups": groups,
            "group_width": group_width,
            "squeeze": squeeze,
        }
    for depth in (20, 32, 44, 56, 110):
        presets[f"seresnet{depth}"] = {
            **presets[f"resnet{depth}"],
            "squeeze": 1 / 16,
        }
    large = {"stem": "cifar", "conv_bias": False, "momentum": 0.9}
    large["classes"] = 10
    for depth in (18, 34):
        presets[f"resnet{depth}_cifar"] = {**presets[f"resnet{depth}"], **large}
    for groups in (8, 16):
        presets[f"resnext29_{groups}x64d"] = {
            **large,
            "num_blocks": [3, 3, 3],
            "num_filters": [64, 128, 256],
            "groups": groups,
            "group_width": 64,
        }
    return presets


PRESETS = _presets()
