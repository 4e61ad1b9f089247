"""Texts that can be searched by what they mean."""

import json
import os

import numpy as np


class TextIndex:
    """Texts with a vector each, and which of them are nearest to another.

    Args:
        texts: list of str.
        vectors: float array `(texts, features)`; lengths do not matter.

    Raises:
        ValueError: if there is not a vector for each text.

    Example:

    >>> index = TextIndex(["up", "right"], np.array([[0, 1.0], [1.0, 0]]))
    >>> index.nearest(np.array([[0.0, 2.0]]), top=1)
    [[('up', 1.0)]]
    """

    def __init__(self, texts, vectors):
        vectors = np.asarray(vectors, "float32")
        if vectors.ndim != 2 or len(vectors) != len(texts) or not len(texts):
            raise ValueError(
                "There must be a text, and a vector for each. Received: "
                f"{len(texts)} texts and vectors of shape {vectors.shape}"
            )
        self.texts = list(texts)
        self.vectors = _unit(vectors)

    def __len__(self):
        return len(self.texts)

    def nearest(self, vectors, top=5):
        """The texts that are nearest to vectors, by cosine.

        Args:
            vectors: float array `(n, features)`.
            top: int. How many, nearest first. Defaults to 5.

        Returns:
            A list, one entry a vector, of lists of `(text, cosine)`.
        """
        cosines = _unit(np.asarray(vectors, "float32")) @ self.vectors.T
        best = np.argsort(-cosines, axis=1, kind="stable")[:, :top]
        return [
            [(self.texts[i], float(row[i])) for i in chosen]
            for row, chosen in zip(cosines, best, strict=True)
        ]

    def save(self, path):
        """Writes texts and vectors into one `.npz` file.

        Args:
            path: str or path.
        """
        letters = json.dumps(self.texts).encode()
        temporary = f"{os.fspath(path)}.new"
        with open(temporary, "wb") as stream:
            np.savez_compressed(
                stream,
                texts=np.frombuffer(letters, "uint8"),
                vectors=self.vectors,
            )
        os.replace(temporary, path)

    @classmethod
    def load(cls, path):
        """The index that `save` wrote.

        Raises:
            ValueError: if the file is none.
        """
        try:
            with np.load(path, allow_pickle=False) as stored:
                texts = json.loads(stored["texts"].tobytes())
                return cls(texts, stored["vectors"])
        except FileNotFoundError:
            raise
        except Exception as error:  # zip, numpy and JSON have their own
            raise ValueError(
                "An index is the file that `TextIndex.save` wrote. Received: "
                f"{path} ({error})"
            ) from error


def _unit(vectors):
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / np.maximum(lengths, 1e-12)
