import os


def read_text(path):
    """The text of a file, or of all `.txt` files of a folder, by name.

    Files are UTF-8, lines of any length; a byte order mark is dropped, ends
    of lines become `\\n`. Texts of several files are joined by a line's end.

    Args:
        path: str or path. A file, or a folder that is searched in depth.

    Returns:
        A str that is not empty.

    Raises:
        FileNotFoundError: if there is no file.
        ValueError: naming the file, if one is empty or no UTF-8 (and at
            which byte).

    Example:

    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "a.txt"
    >>> _ = path.write_text("To be")
    >>> read_text(path)
    'To be'
    """
    files = [os.fspath(path)]
    if os.path.isdir(path):
        files = sorted(
            os.path.join(folder, name)
            for folder, _, names in os.walk(path)
            for name in names
            if name.lower().endswith(".txt")
        )
    if not files or not os.path.exists(files[0]):
        raise FileNotFoundError(
            "A text is a UTF-8 file, or a folder of .txt files. "
            f"Received: {path}"
        )
    return "\n".join(map(_read, files))


def _read(file):
    with open(file, "rb") as stream:
        return decoded_text(stream.read(), file)


def decoded_text(content, file):
    """The text of the bytes of a file; `file` is what errors call it."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ValueError(
            "A text must be UTF-8; convert it first. Received: byte "
            f"0x{content[error.start]:02x} at offset {error.start} (line "
            f"{line}) of {file}"
        ) from None
    text = text.removeprefix("\ufeff")
    if not text:
        raise ValueError(f"A text must not be empty. Received: {file}")
    return text.replace("\r\n", "\n").replace("\r", "\n")
