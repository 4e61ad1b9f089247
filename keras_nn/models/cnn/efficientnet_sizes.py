"""The tables of EfficientNet: blocks a stage, and how presets scale them."""

_COLUMNS = (
    "fused",
    "kernel_size",
    "blocks",
    "inputs",
    "filters",
    "expansion",
    "strides",
)


def _table(*rows):
    return tuple(dict(zip(_COLUMNS, row, strict=True)) for row in rows)


STAGES = {
    "b": _table(
        (False, 3, 1, 32, 16, 1, 1),
        (False, 3, 2, 16, 24, 6, 2),
        (False, 5, 2, 24, 40, 6, 2),
        (False, 3, 3, 40, 80, 6, 2),
        (False, 5, 3, 80, 112, 6, 1),
        (False, 5, 4, 112, 192, 6, 2),
        (False, 3, 1, 192, 320, 6, 1),
    ),
    "v2-b": _table(
        (True, 3, 1, 32, 16, 1, 1),
        (True, 3, 2, 16, 32, 4, 2),
        (True, 3, 2, 32, 48, 4, 2),
        (False, 3, 3, 48, 96, 4, 2),
        (False, 3, 5, 96, 112, 6, 1),
        (False, 3, 8, 112, 192, 6, 2),
    ),
    "v2-s": _table(
        (True, 3, 2, 24, 24, 1, 1),
        (True, 3, 4, 24, 48, 4, 2),
        (True, 3, 4, 48, 64, 4, 2),
        (False, 3, 6, 64, 128, 4, 2),
        (False, 3, 9, 128, 160, 6, 1),
        (False, 3, 15, 160, 256, 6, 2),
    ),
    "v2-m": _table(
        (True, 3, 3, 24, 24, 1, 1),
        (True, 3, 5, 24, 48, 4, 2),
        (True, 3, 5, 48, 80, 4, 2),
        (False, 3, 7, 80, 160, 4, 2),
        (False, 3, 14, 160, 176, 6, 1),
        (False, 3, 18, 176, 304, 6, 2),
        (False, 3, 5, 304, 512, 6, 1),
    ),
    "v2-l": _table(
        (True, 3, 4, 32, 32, 1, 1),
        (True, 3, 7, 32, 64, 4, 2),
        (True, 3, 7, 64, 96, 4, 2),
        (False, 3, 10, 96, 192, 4, 2),
        (False, 3, 19, 192, 224, 6, 1),
        (False, 3, 25, 224, 384, 6, 2),
        (False, 3, 7, 384, 640, 6, 1),
    ),
}

# Table, width, depth, dropout.
PRESETS = {
    name: {
        "stages": stages,
        "width": width,
        "depth": depth,
        "dropout": dropout,
    }
    for name, stages, width, depth, dropout in (
        ("efficientnetb0", "b", 1.0, 1.0, 0.2),
        ("efficientnetb1", "b", 1.0, 1.1, 0.2),
        ("efficientnetb2", "b", 1.1, 1.2, 0.3),
        ("efficientnetb3", "b", 1.2, 1.4, 0.3),
        ("efficientnetb4", "b", 1.4, 1.8, 0.4),
        ("efficientnetb5", "b", 1.6, 2.2, 0.4),
        ("efficientnetb6", "b", 1.8, 2.6, 0.5),
        ("efficientnetb7", "b", 2.0, 3.1, 0.5),
        ("efficientnetv2-b0", "v2-b", 1.0, 1.0, 0.2),
        ("efficientnetv2-b1", "v2-b", 1.0, 1.1, 0.2),
        ("efficientnetv2-b2", "v2-b", 1.1, 1.2, 0.2),
        ("efficientnetv2-b3", "v2-b", 1.2, 1.4, 0.2),
        ("efficientnetv2-s", "v2-s", 1.0, 1.0, 0.2),
        ("efficientnetv2-m", "v2-m", 1.0, 1.0, 0.2),
        ("efficientnetv2-l", "v2-l", 1.0, 1.0, 0.2),
    )
}
