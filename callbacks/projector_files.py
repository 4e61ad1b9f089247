"""The files that TensorBoard's Projector reads, beside an event file."""

import os


def show_points(
    instrument, epoch, stem, tag, title, what, vectors, metadata, sprites=None
):
    """Writes points of an instrument, beside its event file of `validation`.

    Args:
        instrument: `Instrument`, in training.
        epoch: int, counted from 0.
        stem: str. Begins the names of the files.
        tag: str. Of the text in the event file. (TensorBoard lists only
            folders with events.)
        title: str. What the Projector calls the points, without the epoch.
        what: str. What the points are: the text, without the epoch.
        vectors, metadata, sprites: as of `write_points`.
    """
    import tensorflow as tf

    with instrument.write(epoch, "validation"):
        where = f"after epoch {epoch}: see the Projector tab."
        tf.summary.text(tag, f"{what}, {where}")
    if instrument.writers.allowed:
        write_points(
            os.path.join(instrument.log_dir, "validation"),
            stem,
            f"{title}, epoch {epoch}",
            vectors,
            metadata,
            sprites,
        )


def write_points(folder, stem, title, vectors, metadata, sprites=None):
    """Writes points for the Projector, in place of those of the same stem.

    Args:
        folder: str. The folder of a run, which holds its event file.
        stem: str. Begins the names of the files.
        title: str. What the Projector calls the points.
        vectors: float array `(points, features)`.
        metadata: list of lists of str: a heading of two columns or more,
            then a row a point; or rows of one column without a heading, as
            the Projector reads it.
        sprites: pair `(uint8 array, side)` or None: a sheet of small pictures.
    """
    os.makedirs(folder, exist_ok=True)
    lines = ("\t".join(f"{v:.5g}" for v in row) for row in vectors)
    replace(folder, f"{stem}.tensor.tsv", "\n".join(lines) + "\n")
    rows = ("\t".join(map(_cell, row)) for row in metadata)
    replace(folder, f"{stem}.metadata.tsv", "\n".join(rows) + "\n")
    side = None
    if sprites is not None:
        import tensorflow as tf

        sheet, side = sprites
        png = tf.io.encode_png(sheet).numpy()
        replace(folder, f"{stem}.sprites.png", png)
    _configure(folder, stem, title, side)


def _configure(folder, stem, title, side):
    from google.protobuf import text_format
    from tensorboard.plugins import projector

    path = os.path.join(folder, "projector_config.pbtxt")
    config = projector.ProjectorConfig()
    if os.path.exists(path):  # keep what others have put there
        before = projector.ProjectorConfig()
        with open(path) as file:
            text_format.Parse(file.read(), before)
        config.embeddings.extend(
            e
            for e in before.embeddings
            if e.tensor_path != f"{stem}.tensor.tsv"
        )
    embedding = config.embeddings.add(
        tensor_name=title,
        tensor_path=f"{stem}.tensor.tsv",
        metadata_path=f"{stem}.metadata.tsv",
    )
    if side is not None:
        embedding.sprite.image_path = f"{stem}.sprites.png"
        embedding.sprite.single_image_dim.extend([side] * 2)
    text = text_format.MessageToString(config)
    replace(folder, "projector_config.pbtxt", text)


def replace(folder, name, content):
    """Writes a file so that a reader never meets half of it."""
    path = os.path.join(folder, name)
    kind = "wb" if isinstance(content, bytes) else "w"
    with open(f"{path}.new", kind) as file:
        file.write(content)
    os.replace(f"{path}.new", path)


def _cell(text):
    return " ".join(text.split())
