import pytest

from keras_nn.metrics.sequence.entities import ends_entity
from keras_nn.metrics.sequence.entities import entities
from keras_nn.metrics.sequence.entities import parse_tag
from keras_nn.metrics.sequence.entities import starts_entity


@pytest.mark.parametrize(
    "tags, expected",
    [
        ("O B-a I-a O", [("a", 1, 3)]),
        ("B-a B-a", [("a", 0, 1), ("a", 1, 2)]),
        ("O I-a I-b", [("a", 1, 2), ("b", 2, 3)]),
        ("S-a I-a E-a E-a", [("a", 0, 1), ("a", 1, 3), ("a", 3, 4)]),
        ("O O", []),
        ("", []),
    ],
)
def test_runs_of_tags(tags, expected):
    assert entities(tags.split()) == expected


def test_rules_of_two_tags():
    inside, outside = parse_tag("I-a"), parse_tag("O")
    assert starts_entity(outside, inside) and not ends_entity(outside, inside)
    assert ends_entity(inside, outside) and not starts_entity(inside, outside)


@pytest.mark.parametrize("tag", ["X-a", "B", "O-a", "", "person"])
def test_what_is_no_tag_is_refused(tag):
    with pytest.raises(ValueError, match="A tag must be O"):
        entities([tag])
