import difflib


class WrongRequest(ValueError):
    """What was asked for cannot be; not its execution failed.

    `exit_code` is what the command line ends with.
    """

    exit_code = 2


class UnknownChoice(WrongRequest):
    """A name that is none of the names on offer.

    The message lists the choices and guesses the one that was meant.

    Args:
        what: str. What is being chosen, such as `"recipe"`.
        received: The value that was asked for.
        choices: iterable of str. The values on offer.

    Example:

    >>> print(UnknownChoice("recipe", "digit", ["digits", "mnist-cnn"]))
    Unknown recipe; did you mean 'digits'? Choices: digits, mnist-cnn. \
Received: 'digit'
    """

    def __init__(self, what, received, choices):
        choices = [str(choice) for choice in choices]
        close = difflib.get_close_matches(str(received), choices, n=1)
        guess = f"; did you mean {close[0]!r}?" if close else "."
        super().__init__(
            f"Unknown {what}{guess} Choices: {', '.join(choices) or 'none'}. "
            f"Received: {received!r}"
        )
