import random

import pytest

from keras_nn.data import sealed_json


def test_gives_back_what_was_written(tmp_path):
    content = {"a": [1, 2.5, None], "b": {"c": "é"}}
    sealed_json.write(tmp_path / "x.json", content)
    assert sealed_json.read(tmp_path / "x.json") == content


def test_every_damage_is_noticed(tmp_path):
    path = tmp_path / "x.json"
    sealed_json.write(path, {"numbers": list(range(30))})
    content = path.read_bytes()
    generator = random.Random(0)
    places = [0, len(content) - 1, len(content) - 2, len(content) - 10]
    places += [generator.randrange(len(content)) for _ in range(200)]
    for place in places:
        damaged = bytearray(content)
        damaged[place] ^= 1 << generator.randrange(8)
        for left in (bytes(damaged), content[:place], content + b"\n"):
            path.write_bytes(left)
            with pytest.raises(ValueError, match="x.json is damaged"):
                sealed_json.read(path)


def test_refuses_an_entry_of_the_seals_name(tmp_path):
    with pytest.raises(ValueError, match="sha256"):
        sealed_json.write(tmp_path / "x.json", {"sha256": 1})
