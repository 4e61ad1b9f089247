import numpy as np


def pack_blocks(sequences, length, end_id=None, padding=0):
    """Sequences of any length, one behind the other, in blocks of one length.

    Nothing is left out, and only the last block has padding.

    Args:
        sequences: list of sequences of int.
        length: int. Tokens of a block.
        end_id: int or None. A token behind each sequence. Defaults to None.
        padding: int. What the last block is filled up with. Defaults to 0.

    Returns:
        Two int32 arrays `(blocks, length)`: the tokens; and of each the number
        of its sequence, from 1 in every block, 0 for padding: tokens attend
        to those of the same number where sequences shall not see each other.

    Raises:
        ValueError: if there is no token, or no length.

    Example:

    >>> blocks, numbers = pack_blocks([[5, 6, 7], [8], [9, 9]], 4, end_id=1)
    >>> blocks.tolist()
    [[5, 6, 7, 1], [8, 1, 9, 9], [1, 0, 0, 0]]
    >>> numbers.tolist()
    [[1, 1, 1, 1], [1, 1, 2, 2], [1, 0, 0, 0]]
    """
    behind = [] if end_id is None else [end_id]
    whole = [np.array([*one, *behind], "int32") for one in sequences]
    tokens = np.concatenate(whole) if whole else np.zeros(0, "int32")
    if length < 1 or not len(tokens):
        raise ValueError(
            "There must be a token, and `length` be positive. Received: "
            f"{len(tokens)} tokens, {length=}"
        )
    count = -(-len(tokens) // length)
    blocks = np.full(count * length, padding, "int32")
    blocks[: len(tokens)] = tokens
    numbers = np.repeat(np.arange(len(whole)), [len(one) for one in whole])
    owners = np.full(count * length, -1)
    owners[: len(tokens)] = numbers
    owners = owners.reshape(count, length)
    owners = np.where(owners < 0, 0, owners - owners[:, :1] + 1)
    # A sequence without a token, between others, has no number.
    steps = np.diff(owners, axis=1, prepend=owners[:, :1]) > 0
    numbers = np.where(owners > 0, 1 + np.cumsum(steps, axis=1), 0)
    return blocks.reshape(count, length), numbers.astype("int32")
