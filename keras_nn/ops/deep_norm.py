def deep_norm(encoder_layers=0, decoder_layers=0):
    """Constants with which Transformers of a thousand layers train.

    `x <- norm(a x + branch(x))`, kernels of values, outputs and feed-forward
    parts drawn `b` times smaller. For `N` encoder and `M` decoder layers:

    - one stack: `a = (2 L)^(1/4)`, `b = (8 L)^(-1/4)`
    - of two, the encoder: `a = 0.81 (N^4 M)^(1/16)`,
      `b = 0.87 (N^4 M)^(-1/16)`
    - of two, the decoder: `a = (3 M)^(1/4)`, `b = (12 M)^(-1/4)`

    Args:
        encoder_layers: int. 0 means that there is no encoder.
        decoder_layers: int. 0 means that there is no decoder.

    Returns:
        Dict from `"encoder"` and `"decoder"`, those that there are, to `{
        "residual_scale": a, "branch_gain": b}`, which are arguments of
        `EncoderDecoderBlock`.

    Raises:
        ValueError: if there are no layers.

    Example:

    >>> deep_norm(encoder_layers=8)["encoder"]
    {'residual_scale': 2.0, 'branch_gain': 0.3535533905932738}

    Reference:
        [Wang et al., 2022](https://arxiv.org/abs/2203.00555), figure 2
    """
    n, m = encoder_layers, decoder_layers
    if n < 0 or m < 0 or not n + m:
        raise ValueError(
            "There must be layers. Received: "
            f"{encoder_layers=}, {decoder_layers=}"
        )
    if not n or not m:
        found = {
            "encoder" if n else "decoder": (
                (2 * (n + m)) ** 0.25,
                (8 * (n + m)) ** -0.25,
            )
        }
    else:
        both = (n**4 * m) ** (1 / 16)
        found = {
            "encoder": (0.81 * both, 0.87 / both),
            "decoder": ((3 * m) ** 0.25, (12 * m) ** -0.25),
        }
    return {
        side: {"residual_scale": scale, "branch_gain": gain}
        for side, (scale, gain) in found.items()
    }
