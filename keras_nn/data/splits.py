import dataclasses

from keras_nn.data.split import Split


@dataclasses.dataclass(frozen=True, eq=False)
class Splits:
    """A data set: its parts, the names of its classes, where it is from.

    Args:
        train: `Split`. What a model learns from.
        validation: `Split` or `None`. What decisions during training use.
        test: `Split` or `None`. What the reported numbers use.
        class_names: tuple of str, or `None` where targets are not classes.
            Entry `k` names label `k`.
        name: str. The name `keras_nn.data.load` knows, or the folder's name.
        source: str. Where the data come from: a URL, a package, a folder.
        licence: str. The terms of use, `"none stated"` where none are.
        description: str. What an example is and how it was split.
        feature_names: tuple of str, one per column of a table, or `None`.

    Example:

    >>> import numpy as np
    >>> half = Split(np.zeros((2, 3)), np.array([0, 1]))
    >>> Splits(half, None, half, class_names=("cat", "dog")).num_classes
    2
    """

    train: Split
    validation: Split | None
    test: Split | None
    class_names: tuple[str, ...] | None = None
    name: str = ""
    source: str = ""
    licence: str = "none stated"
    description: str = ""
    feature_names: tuple[str, ...] | None = None

    @property
    def num_classes(self):
        """int, or `None` where targets are not classes."""
        return None if self.class_names is None else len(self.class_names)
