import dataclasses
import io
import os
import zlib
from bisect import bisect_right
from collections.abc import Mapping
from functools import cached_property

from keras_nn.data.image_reader import ImageReader
from keras_nn.data.record_features import by_name
from keras_nn.data.record_features import decoder
from keras_nn.data.record_index import Part

HEAD, FOOT = 12, 4  # a length and its checksum; the checksum of the record


@dataclasses.dataclass(frozen=True, eq=False)
class RecordReader:
    """Reads one record of a part by its number, wherever it lies.

    The index knows the place of every record, so any order costs the same and
    a pass can begin anywhere. Every record is compared with its CRC-32.

    Args:
        part: `Part`.
        spec: dict. What the input is, as the index says it.
        pictures: `ImageReader` for the pictures in it, or None.

    Call arguments:
        number: int. Number of the record in its part.

    Returns:
        The input: an array, or a dict of arrays.

    Raises:
        ValueError: If the record is damaged; the text names file and record.

    Example:

    >>> import tempfile
    >>> import numpy as np
    >>> from keras_nn.data import from_records
    >>> from keras_nn.data import write_shards
    >>> folder = tempfile.mkdtemp()
    >>> examples = [(np.full(2, number), number % 2) for number in range(9)]
    >>> write_shards(examples, folder)
    >>> reader = from_records(folder, test_fraction=0).train.decode
    >>> reader(7)
    array([7, 7])
    """

    part: Part
    spec: Mapping
    pictures: ImageReader | None = None

    @property
    def shape(self):
        return self._each(lambda s: tuple(s["shape"]), "shape")

    @property
    def dtype(self):
        return self._each(lambda s: s["dtype"], "dtype")

    def _each(self, of_array, of_pictures):
        """Something of every input, of a single one alone."""
        found = {
            name: getattr(self.pictures, of_pictures)
            if is_picture(spec)
            else of_array(spec)
            for name, spec in by_name(self.spec).items()
        }
        return self._as_given(found)

    def _as_given(self, values):
        is_dict = by_name(self.spec) is self.spec
        return values if is_dict else values["x"]

    def __call__(self, number):
        values = self._values(number)
        for name, value in values.items():
            if isinstance(value, bytes):
                values[name] = self.pictures.read(
                    io.BytesIO(value), self.name(number)
                )
        return self._as_given(values)

    def encoded(self, number):
        """The input as it is stored: pictures as the bytes of their files."""
        return self._as_given(self._values(number))

    def _values(self, number):
        return self._decode(self.frame(number)[HEAD:-FOOT])

    @cached_property
    def _decode(self):
        return decoder(by_name(self.spec))

    @property
    def read_together(self):
        """How many records are worth a call: more of what needs no work."""
        return 16 if self.pictures else 128

    def defect(self, number):
        """What is wrong with a record: str, or None."""
        try:
            self(number)
        except ValueError as error:
            return str(error)
        return None

    def frame(self, number):
        """The bytes of a record and its frame, once they are as written."""
        part = self.part
        path, _ = self._place(number)
        length = int(part.lengths[number])
        try:
            descriptor = os.open(path, os.O_RDONLY)
            try:
                frame = os.pread(descriptor, length, int(part.offsets[number]))
            finally:
                os.close(descriptor)
        except OSError as error:
            raise ValueError(
                f"A record cannot be read ({error}). "
                f"Received: {self.name(number)}"
            ) from error
        if zlib.crc32(frame) != part.checksums[number]:
            raise ValueError(
                "A record is damaged: it is not what was written. Restore its "
                "shard from a copy, or leave it out with `on_error='skip'`. "
                f"Received: {self.name(number)}"
            )
        return frame

    def name(self, number):
        """A record as people find it: file and number in the file."""
        path, inside = self._place(number)
        return f"record {inside} of {path}"

    def _place(self, number):
        starts = self.part.starts
        shard = bisect_right(starts, number) - 1
        return self.part.files[shard], int(number - starts[shard])


def is_picture(spec):
    return spec["kind"] == "picture"
