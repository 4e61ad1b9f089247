"""Which cases of a parametrised test run each time, and which by hand."""


def slow_but(*kept, of):
    """The cases `of` a test, all marked slow but the `kept` ones.

    For a promise that many cases share: some guard it in every run, the
    others run with `pytest -m slow`.

    Args:
        *kept: cases that are run each time.
        of: iterable of all cases.

    Returns:
        list for `pytest.mark.parametrize`.

    Raises:
        ValueError: If a case to be kept is none of them.

    Example:

    >>> first, second = slow_but("a", of=["a", "b"])
    >>> first, second.values, second.marks[0].name
    ('a', ('b',), 'slow')
    """
    import pytest

    cases = list(of)
    unknown = [case for case in kept if case not in cases]
    if unknown or not kept:
        raise ValueError(
            f"The cases to be kept must be some of {cases}. "
            f"Received: {list(kept)}"
        )
    return [
        case if case in kept else pytest.param(case, marks=pytest.mark.slow)
        for case in cases
    ]
