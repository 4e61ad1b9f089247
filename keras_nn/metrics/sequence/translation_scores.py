"""What translations are measured by: sacrebleu's BLEU and chrF."""


def bleu(hypotheses, references, lowercase=False):
    """BLEU of a corpus, from 0 to 100, as sacrebleu computes it.

    `BP exp(mean of log p_n)`, `n = 1..4`, with sacrebleu's tokenization
    (`13a`) and smoothing (`exp`).

    Args:
        hypotheses: list of str. What a model wrote.
        references: list of str, one for each.
        lowercase: bool. Whether case does not matter. Defaults to False.

    Raises:
        ImportError: without the package `sacrebleu`.
        ValueError: if the two differ in number.

    Example:

    >>> bleu(["a man in a hat"], ["a man in a hat"])
    100.0

    Reference:
        [Post, 2018](https://arxiv.org/abs/1804.08771)
    """
    sacrebleu = _package(hypotheses, references)
    return float(
        round(
            sacrebleu.corpus_bleu(
                list(hypotheses), [list(references)], lowercase=lowercase
            ).score,
            6,
        )
    )


def chrf(hypotheses, references):
    """chrF2 of a corpus, from 0 to 100: agreement in runs of characters.

    Args:
        hypotheses: list of str. What a model wrote.
        references: list of str, one for each.

    Raises:
        ImportError: without the package `sacrebleu`.
        ValueError: if the two differ in number.

    Example:

    >>> chrf(["a man in a hat"], ["a man in a hat"])
    100.0

    Reference:
        [Popovic, 2015](https://aclanthology.org/W15-3049)
    """
    sacrebleu = _package(hypotheses, references)
    score = sacrebleu.corpus_chrf(list(hypotheses), [list(references)]).score
    return float(round(score, 6))


def _package(hypotheses=(), references=()):
    if len(hypotheses) != len(references):
        raise ValueError(
            "There must be a reference for each hypothesis. Received: "
            f"{len(hypotheses)} hypotheses and {len(references)} references"
        )
    try:
        import sacrebleu
    except ImportError as error:
        raise ImportError(
            "BLEU and chrF need the package `sacrebleu`: "
            'pip install "keras-nn[text]"'
        ) from error
    return sacrebleu


def check_package():
    """Raises ImportError, with what to do, if `sacrebleu` is missing."""
    _package()
