"""What a callback has written for TensorBoard, read back."""

import dataclasses
from pathlib import Path
from typing import Any


@dataclasses.dataclass(frozen=True)
class Event:
    """One value in an event file.

    Args:
        step: int. The step it was written at.
        value: float of a scalar, str of a text, uint8 array
            `(count, height, width, channels)` of images, `tf.GraphDef` of a
            graph, else the written array.
        plugin: str. The dashboard: `"scalars"`, `"images"`, `"histograms"`,
            `"pr_curves"`, `"hparams"`, `"graphs"` ...
        content: bytes. What the plugin keeps with the value.
        wall_time: float. Seconds since 1970.

    Example:

    >>> Event(3, 0.5, "scalars", b"", 0.0).value
    0.5
    """

    step: int
    value: Any
    plugin: str
    content: bytes
    wall_time: float


def read_events(log_dir):
    """Everything in the event files below a folder.

    Args:
        log_dir: str or path. The folder that TensorBoard would be given.

    Returns:
        `{run: {tag: [Event, ...]}}`, events in the order of writing. A run is
        a folder below `log_dir` (`"train"`, `"validation"`), `"."` itself.

    Raises:
        FileNotFoundError: if there is no event file.

    Example:

    >>> import tempfile
    >>> import tensorflow as tf
    >>> folder = tempfile.mkdtemp()
    >>> writer = tf.summary.create_file_writer(f"{folder}/train")
    >>> with writer.as_default(step=3):
    ...     written = tf.summary.scalar("loss", 0.5)
    >>> writer.close()
    >>> event = read_events(folder)["train"]["loss"][0]
    >>> event.step, event.value, event.plugin
    (3, 0.5, 'scalars')
    """
    root = Path(log_dir)
    files = sorted(root.rglob("*tfevents*"))
    if not files:
        found = sorted(str(p) for p in root.rglob("*"))[:5]
        raise FileNotFoundError(
            f"No event file below {root}. Received: {found}"
        )
    runs = {}
    for path in files:
        run = path.parent.relative_to(root).as_posix()
        for tag, event in _events_of(path):
            runs.setdefault(run, {}).setdefault(tag, []).append(event)
    return runs


def _events_of(path):
    import tensorflow as tf
    from tensorflow.core.util import event_pb2

    plugins = {}
    for record in tf.data.TFRecordDataset(str(path)):
        proto = event_pb2.Event.FromString(record.numpy())
        if proto.graph_def:
            graph = tf.compat.v1.GraphDef.FromString(proto.graph_def)
            yield (
                "graph",
                Event(proto.step, graph, "graphs", b"", proto.wall_time),
            )
        for value in proto.summary.value:
            data = value.metadata.plugin_data
            if data.plugin_name:
                # Writers may leave the metadata out after the first time.
                plugins[value.tag] = data.plugin_name, data.content
            plugin, content = plugins.get(value.tag, ("", b""))
            yield (
                value.tag,
                Event(
                    proto.step,
                    _decode(value, plugin),
                    plugin,
                    content,
                    proto.wall_time,
                ),
            )


def _decode(value, plugin):
    import numpy as np
    import tensorflow as tf

    if value.HasField("simple_value"):
        return value.simple_value
    if not value.HasField("tensor"):
        return None
    array = tf.make_ndarray(value.tensor)
    if plugin == "images":
        # Width and height come first, then the encoded pictures.
        return np.stack([tf.io.decode_image(s).numpy() for s in array[2:]])
    if array.dtype == object:
        texts = [s.decode("utf-8", "replace") for s in array.ravel()]
        return texts[0] if len(texts) == 1 else texts
    return array.item() if array.ndim == 0 else array
