"""Points for TensorBoard's Projector, which lists a folder with events."""

import os

CONFIGURATION = "projector_config.pbtxt"


def write(folder, key, name, points, rows, sprites=None, sprite_size=0):
    """Writes points, replacing those of the same key.

    Files are `<key>.tensor.tsv`, `<key>.metadata.tsv`, `<key>.sprites.png`;
    what others have put into the configuration is kept.

    Args:
        folder: str. The folder of a run.
        key: str. What the files are called.
        name: str. What the points are called.
        points: float array `(points, features)`.
        rows: list of lists of str: a heading of two columns or more, then a
            row a point; or of one column, without a heading (the Projector
            reads it so).
        sprites: bytes or None. A PNG sheet of small pictures.
        sprite_size: int. Side of one of them, in pixels.
    """
    from google.protobuf import text_format
    from tensorboard.plugins import projector

    os.makedirs(folder, exist_ok=True)
    lines = ("\t".join(f"{v:.5g}" for v in row) for row in points)
    _replace(folder, f"{key}.tensor.tsv", "\n".join(lines) + "\n")
    cells = [[" ".join(cell.split()) for cell in row] for row in rows]
    text = "".join("\t".join(row) + "\n" for row in cells)
    _replace(folder, f"{key}.metadata.tsv", text)
    path = os.path.join(folder, CONFIGURATION)
    config = projector.ProjectorConfig()
    if os.path.exists(path):
        before = projector.ProjectorConfig()
        with open(path) as file:
            text_format.Parse(file.read(), before)
        config.embeddings.extend(
            e for e in before.embeddings if e.tensor_path != f"{key}.tensor.tsv"
        )
    embedding = config.embeddings.add(
        tensor_name=name,
        tensor_path=f"{key}.tensor.tsv",
        metadata_path=f"{key}.metadata.tsv",
    )
    if sprites is not None:
        _replace(folder, f"{key}.sprites.png", sprites)
        embedding.sprite.image_path = f"{key}.sprites.png"
        embedding.sprite.single_image_dim.extend([sprite_size] * 2)
    _replace(folder, CONFIGURATION, text_format.MessageToString(config))


def _replace(folder, name, content):
    """Write a file so that a reader never meets half of it."""
    path = os.path.join(folder, name)
    kind = "wb" if isinstance(content, bytes) else "w"
    with open(f"{path}.new", kind) as file:
        file.write(content)
    os.replace(f"{path}.new", path)
