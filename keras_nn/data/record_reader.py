import dataclasses
import io
import os
import zlib
from bisect import bisect_right
from collections.abc import Mapping
from functools import cached_property

import numpy as np

from keras_nn.data.image_reader import ImageReader
from keras_nn.data.record_features import by_name
from keras_nn.data.record_features import decoder
from keras_nn.data.record_features import parse
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

    @property
    def batch(self):
        """Reads many records at once, where no picture is among them."""
        return None if self.pictures else self._batch

    def _batch(self, numbers):
        import tensorflow as tf

        def payloads(numbers):
            # Of NumPy's own strings trailing zeros would be lost.
            return np.array(
                [frame[HEAD:-FOOT] for frame in self.frames(numbers)], object
            )

        found = tf.numpy_function(payloads, [numbers], tf.string, False)
        found.set_shape(numbers.shape)
        return self._as_given(parse(found, by_name(self.spec)))

    def defect(self, number):
        """What is wrong with a record: str, or None."""
        try:
            self(number)
        except ValueError as error:
            return str(error)
        return None

    def frame(self, number):
        """The bytes of a record and its frame, once they are as written."""
        return self.frames(np.array([number]))[0]

    def frames(self, numbers):
        """`frame` of each of many records: a list.

        Args:
            numbers: int array of shape `(n,)`.
        """
        part = self.part
        offsets = part.offsets[numbers].tolist()
        lengths = part.lengths[numbers].tolist()
        checksums = part.checksums[numbers].tolist()
        shards = np.searchsorted(part.starts, numbers, side="right") - 1
        frames = [None] * len(numbers)
        for shard in np.unique(shards).tolist():
            here = np.flatnonzero(shards == shard).tolist()
            number = numbers[here[0]]
            try:
                descriptor = os.open(part.files[shard], os.O_RDONLY)
                try:
                    for i in here:
                        number = numbers[i]
                        frames[i] = os.pread(descriptor, lengths[i], offsets[i])
                finally:
                    os.close(descriptor)
            except OSError as error:
                raise ValueError(
                    f"A record cannot be read ({error}). "
                    f"Received: {self.name(number)}"
                ) from error
        found = list(map(zlib.crc32, frames))
        if found != checksums:
            bad = np.flatnonzero(np.not_equal(found, checksums))[0]
            raise ValueError(
                "A record is damaged: it is not what was written. Restore its "
                "shard from a copy, or leave it out with `on_error='skip'`. "
                f"Received: {self.name(numbers[bad])}"
            )
        return frames

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
