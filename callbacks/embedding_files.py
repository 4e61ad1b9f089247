import os
import shutil
import tempfile

import keras
import tensorflow as tf

from keras_nn.callbacks.layer_tree import descendants


class EmbeddingFiles:
    """The tables of all `Embedding` layers, as TensorBoard's Projector reads.

    Files go where the event file of the run lies, since the Projector lists
    no other folder: `projector_config.pbtxt`, a TensorFlow checkpoint
    `embeddings-<number>` of which the last one is kept, and copies of the
    metadata.

    Args:
        folder: str. The folder of the run.
        metadata: dict from layer name to the name of a file with one line for
            each row, or one file name for all layers. Defaults to None.
        metadata_folder: str. What relative names in `metadata` start from.
            Defaults to `folder`.
        keep: bool. False for a worker that is not the chief: copying the
            tables is a common work, so it writes where nothing stays.
            Defaults to True.
    """

    def __init__(self, folder, metadata=None, metadata_folder=None, keep=True):
        self._discarded = None if keep else tempfile.TemporaryDirectory()
        self.folder = folder if keep else self._discarded.name
        self.metadata = metadata
        self.metadata_folder = metadata_folder or folder
        self._manager = None
        self._copies = {}

    def configure(self, model):
        """Write the Projector's configuration.

        Args:
            model: a built `keras.Model`.

        Raises:
            ValueError: If `metadata` names a layer that is not an
                `Embedding` of the model.
        """
        from google.protobuf import text_format
        from tensorboard.plugins import projector

        layers = _embeddings(model)
        if isinstance(self.metadata, dict):
            names = {layer.name for layer in layers.values()}
            unknown = sorted(set(self.metadata) - names)
            if unknown:
                raise ValueError(
                    "`embeddings_metadata` must name Embedding layers of the "
                    f"model, which are {sorted(names)}. Received: {unknown}"
                )
        ours = {f"{key}/.ATTRIBUTES/VARIABLE_VALUE": key for key in layers}
        path = os.path.join(self.folder, "projector_config.pbtxt")
        config = projector.ProjectorConfig()
        if os.path.exists(path):  # keep what others have put there
            before = projector.ProjectorConfig()
            with open(path) as file:
                text_format.Parse(file.read(), before)
            config.embeddings.extend(
                e for e in before.embeddings if e.tensor_name not in ours
            )
        os.makedirs(self.folder, exist_ok=True)
        for tensor_name, key in ours.items():
            embedding = config.embeddings.add(tensor_name=tensor_name)
            metadata = self._copy_metadata(key, layers[key])
            if metadata is not None:
                embedding.metadata_path = metadata
        with open(path, "w") as file:
            file.write(text_format.MessageToString(config))

    def save(self, model, number):
        """Write the tables as they are now.

        Args:
            model: a built `keras.Model`.
            number: int, of the checkpoint.
        """
        layers = _embeddings(model)
        if not layers:
            return
        if self._copies.keys() != layers.keys():
            self._copies = {
                key: tf.Variable(layer.embeddings.numpy(), trainable=False)
                for key, layer in layers.items()
            }
            self._manager = tf.train.CheckpointManager(
                tf.train.Checkpoint(**self._copies),
                self.folder,
                max_to_keep=1,
                checkpoint_name="embeddings",
            )
        for key, layer in layers.items():
            self._copies[key].assign(layer.embeddings.numpy())
        self._manager.save(checkpoint_number=number)

    def _copy_metadata(self, key, layer):
        """The Projector reads nothing from outside the folder of a run."""
        name = self.metadata
        if isinstance(name, dict):
            name = name.get(layer.name)
        if name is None:
            return None
        shutil.copyfile(
            os.path.join(self.metadata_folder, name),
            os.path.join(self.folder, f"{key}.metadata.tsv"),
        )
        return f"{key}.metadata.tsv"


def _embeddings(model):
    """The `Embedding` layers, by a name that is also an attribute's."""
    return {
        path.replace("/", "."): layer
        for path, layer in descendants(model)
        if isinstance(layer, keras.layers.Embedding)
    }
