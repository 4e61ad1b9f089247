"""Where entities begin and end in a sequence of tags, as seqeval reads them.

A tag is `"O"`, or a letter and a type as in `"B-person"`: B begins an entity,
I goes on with it, E ends one, S is one of a single token. What does not fit
(an I behind an O, or of another type) is read as a beginning.
"""

OUTSIDE = "O"


def parse_tag(tag):
    """The letter of a tag and its type.

    >>> parse_tag("B-creative-work"), parse_tag("O")
    (('B', 'creative-work'), ('O', ''))
    """
    letter, _, kind = tag.partition("-")
    if letter not in tuple("BIESO") or (letter == OUTSIDE) != (kind == ""):
        raise ValueError(
            "A tag must be O, or B, I, E or S with a type, as in B-person. "
            f"Received: {tag!r}"
        )
    return letter, kind


def ends_entity(before, here):
    """Whether an entity ends between two tags that follow each other.

    Args:
        before, here: `(letter, type)`, as `parse_tag` gives them.
    """
    if before[0] == OUTSIDE:
        return False
    return before[0] in "ES" or here[0] in "BSO" or before[1] != here[1]


def starts_entity(before, here):
    """Whether an entity begins with the second of two tags.

    Args:
        before, here: `(letter, type)`, as `parse_tag` gives them.
    """
    if here[0] == OUTSIDE:
        return False
    return here[0] in "BS" or before[0] in "ESO" or before[1] != here[1]


def entities(tags):
    """The entities of a sequence of tags.

    Args:
        tags: list of str.

    Returns:
        A list of `(type, start, stop)`, the places of its tokens from `start`
        to before `stop`.

    Raises:
        ValueError: on a tag that is none.

    Example:

    >>> entities(["O", "B-person", "I-person", "I-group"])
    [('person', 1, 3), ('group', 3, 4)]

    Reference:
        [Nakayama, 2018, seqeval](https://github.com/chakki-works/seqeval)
    """
    outside = OUTSIDE, ""
    found, start, before = [], 0, outside
    for place, here in enumerate([*map(parse_tag, tags), outside]):
        if ends_entity(before, here):
            found.append((before[1], start, place))
        if starts_entity(before, here):
            start = place
        before = here
    return found
