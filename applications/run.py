import atexit
import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from keras_nn.applications.saved_application import load
from keras_nn.data import atomic_file
from keras_nn.data import sealed_json
from keras_nn.training import is_chief

SUBFOLDERS = ("train", "validation", "checkpoint")


@dataclass(frozen=True)
class Run:
    """The folder of one training run; everything that reads a run reads it.

    ```
    config.json      the resolved recipe, versions, seed
    train/           TensorBoard's event files of the training steps
    validation/      and of the validation
    hparams/         and of the table that compares runs
    checkpoint/      the latest states that the training can go on from
    model.keras      the trained application
    metrics.json     {"test": {metric: value}, "train_seconds": seconds}
    MODEL_CARD.md    what a reader must know before using the model
    ```

    Args:
        path: `pathlib.Path`. The folder.

    Example:

    >>> import tempfile
    >>> run = Run.create(tempfile.mkdtemp(), "image-classifier", {"seed": 1})
    >>> Run.open(run.path).config["seed"]
    1
    """

    path: Path

    @classmethod
    def create(
        cls, log_dir, application, config, name=None, subfolders=SUBFOLDERS
    ):
        """A new run folder `log_dir/application/<time>` with its config.

        Of several workers the chief makes it. Saving is a common work of
        all, so the others write into a folder that is removed when they end.

        Args:
            log_dir: str. Where runs are collected.
            application: str. Name of the application.
            config: dict that JSON can hold.
            name: str or None. Makes it `log_dir/<name>`, for a run that is
                part of another. Defaults to None.
            subfolders: names of empty folders to make in it.
        """
        if not is_chief():
            log_dir = tempfile.mkdtemp(prefix="keras-nn-worker-")
            atexit.register(shutil.rmtree, log_dir, ignore_errors=True)
        stamp = name or time.strftime("%Y-%m-%d_%H-%M-%S")
        root = Path(log_dir) / application if name is None else Path(log_dir)
        number = 1
        while True:
            path = root / (stamp if number == 1 else f"{stamp}_{number}")
            try:
                path.mkdir(parents=True)
                break
            except FileExistsError:
                number += 1
        for folder in subfolders:
            (path / folder).mkdir()
        run = cls(path)
        run.write("config.json", {"application": application, **config})
        return run

    @classmethod
    def open(cls, path):
        """An existing run folder.

        Raises:
            ValueError: saying what is missing or damaged.
        """
        path = Path(path)
        if not path.is_dir():
            raise ValueError(f"There is no such run folder. Received: {path}")
        run = cls(path)
        if "application" not in run.config:
            raise ValueError(
                "config.json of the run does not name its application. "
                f"Received: {path}"
            )
        return run

    @cached_property
    def config(self):
        """What was run: dict."""
        return self.read("config.json")

    @cached_property
    def metrics(self):
        """What came out: dict, see above."""
        return self.read("metrics.json")

    @property
    def is_finished(self):
        """Whether the training came to its end and was measured."""
        return (self.path / "metrics.json").is_file()

    @property
    def model_path(self):
        """Where the trained application is."""
        return self.path / "model.keras"

    def load(self):
        """The trained application.

        Raises:
            ValueError: if the training did not finish, or the file is damaged.
        """
        if not self.model_path.is_file():
            raise ValueError(
                "The run holds no model.keras: its training did not finish. "
                f"Received: {self.path}"
            )
        return load(self.model_path)

    def write(self, name, content):
        """Replaces one file of the folder, whole or not at all.

        Args:
            name: str. File name.
            content: str, or a dict, which is written as JSON with a seal.
        """
        if isinstance(content, str):
            atomic_file.write_text(self.path / name, content)
        else:
            sealed_json.write(self.path / name, content)

    def read(self, name):
        """The content of a JSON file of the folder: dict.

        Raises:
            ValueError: if it is missing or damaged.
        """
        path = self.path / name
        try:
            return sealed_json.read(path)
        except FileNotFoundError as error:
            raise ValueError(
                f"This is no complete run folder: {name} is missing. "
                f"Received: {self.path}"
            ) from error

    def __fspath__(self):
        return os.fspath(self.path)
