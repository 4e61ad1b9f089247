"""From paths to texts, with their labels or without."""

from pathlib import Path

from keras_nn import data
from keras_nn.data.text.labelled_texts import TABLES
from keras_nn.data.text.labelled_texts import read_parts
from keras_nn.data.text.labelled_texts import text_split


def labelled_as(path, class_names, text="text", label="label"):
    """Labelled texts under a path, labelled as a trained model labels.

    Args:
        path: str. As for `keras_nn.data.labelled_texts`. If it has a part
            named test, only that is read.
        class_names: list of str. Entry `k` names label `k` of the model.
        text: str. Column of the text.
        label: str. Column of the class.

    Returns:
        `keras_nn.data.Split`.

    Raises:
        ValueError: if there is a class that the model does not know.
    """
    parts = read_parts(Path(path), text, label)
    texts, names = parts.get("test") or parts["train"]
    unknown = set(names) - set(class_names or ())
    if unknown:
        raise ValueError(
            f"The model knows the classes {class_names}. Received: texts of "
            f"other classes, {sorted(unknown)}, in {path}"
        )
    return text_split(texts, [class_names.index(name) for name in names])


def unlabelled_texts(path, text="text"):
    """The texts under a path: a list of str.

    Args:
        path: str. A table with the column `text` (`.csv`, `.tsv`, `.jsonl`);
            another UTF-8 file, one text a line; or a folder of `.txt` files,
            one text each.
        text: str. Column of the text.

    Raises:
        FileNotFoundError: if there is no file.
        ValueError: if there is no text.
    """
    path = Path(path)
    if path.is_dir():
        texts = [data.read_text(file) for file in sorted(path.rglob("*.txt"))]
    elif path.suffix.lower() in TABLES:
        texts, _ = read_parts(path, text, label=None)["train"]
    else:
        lines = data.read_text(path).split("\n")
        texts = [line for line in lines if line.strip()]
    if not texts:
        raise ValueError(f"There must be a text. Received: none in {path}")
    return texts
