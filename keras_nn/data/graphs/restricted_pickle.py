import io
import pickle

# What arrays, sparse matrices and dicts of lists are made of, and no more.
ALLOWED = {
    ("builtins", "list"),
    ("__builtin__", "list"),
    ("collections", "defaultdict"),
    ("collections", "OrderedDict"),
    ("_codecs", "encode"),
    ("numpy", "dtype"),
    ("numpy", "ndarray"),
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy.core.multiarray", "scalar"),
    ("numpy._core.multiarray", "scalar"),
    ("scipy.sparse.csr", "csr_matrix"),
    ("scipy.sparse._csr", "csr_matrix"),
}


class ArrayUnpickler(pickle.Unpickler):
    """Reads arrays, sparse matrices and dicts of lists, and nothing else.

    A pickle may name any function to be called; here every name but those of
    arrays is refused before it is looked up.

    Args:
        file: binary stream.
        **kwargs: further arguments of `pickle.Unpickler`.
    """

    def find_class(self, module, name):
        if (module, name) not in ALLOWED:
            raise pickle.UnpicklingError(
                "The pickle may only hold arrays of NumPy, sparse matrices of "
                "SciPy and dicts of lists; nothing of it was run. Received: "
                f"{module}.{name}"
            )
        if module == "scipy.sparse.csr":
            module = "scipy.sparse"
        return super().find_class(
            module.replace("numpy.core.", "numpy._core."), name
        )


def load_arrays(content, encoding="latin1"):
    """What a pickle of arrays holds, without running anything else.

    Args:
        content: bytes.
        encoding: str. How text of Python 2 was written.

    Returns:
        Arrays, sparse matrices, dicts, lists and numbers.

    Raises:
        pickle.UnpicklingError: If the pickle names any other class or
            function, which is named in the text, or is no pickle.

    Example:

    >>> load_arrays(pickle.dumps({"a": [1, 2]}))
    {'a': [1, 2]}
    >>> load_arrays(pickle.dumps(print))
    Traceback (most recent call last):
        ...
    _pickle.UnpicklingError: ... Received: builtins.print
    """
    try:
        return ArrayUnpickler(io.BytesIO(content), encoding=encoding).load()
    except (EOFError, ValueError, IndexError, TypeError) as error:
        raise pickle.UnpicklingError(
            f"The pickle is damaged ({error}). Received: {len(content)} bytes"
        ) from error
