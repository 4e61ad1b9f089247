import numpy as np
import tensorflow as tf

from keras_nn.callbacks.classifier_instrument import ClassifierInstrument
from keras_nn.callbacks.table_cell import table_cell


class WorstTexts(ClassifierInstrument):
    """Shows the texts on which a classifier loses most.

    The loss of an example is `-log p(true class)`, in nats.

    Read it for: wrong labels (the model is right and the first column is
    not), texts that no person could tell, and what the remaining mistakes
    have in common.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        sample: `ValidationSample`, or anything `ValidationSample.of` takes.
        texts: list of str. What each example of the sample reads.
        every: int. Write once per this many epochs. Defaults to 1.
        count: int. How many texts. Defaults to 20.
        longest: int. Characters of a text that are shown. Defaults to 300.

    Raises:
        ValueError: If there are not as many texts as examples, or `count` is
            not positive.

    Writes to `log_dir/validation`, at the epoch's index:
        `worst_texts`: text, a table, the worst first: the true class with the
            probability that the model gives it, the predicted class with its
            probability, the loss, the text.

    Example:

    >>> import tempfile
    >>> sample = np.ones((2, 3)), np.array([0, 1])
    >>> WorstTexts(tempfile.mkdtemp(), sample, ["To be", "or not"]).count
    20
    """

    def __init__(self, log_dir, sample, texts, every=1, count=20, longest=300):
        super().__init__(log_dir, sample, every)
        if count < 1:
            raise ValueError(f"`count` must be positive. Received: {count=}")
        if len(texts) != len(self.sample):
            raise ValueError(
                "`texts` must hold one text an example. Received: "
                f"{len(texts)} texts, {len(self.sample)} examples"
            )
        self.texts = list(texts)
        self.count = count
        self.longest = longest

    def report(self, epoch, probabilities):
        labels = self.sample.labels
        names = self.sample.names(probabilities.shape[1])
        predicted = probabilities.argmax(axis=1)
        of_truth = probabilities[np.arange(len(labels)), labels]
        worst = np.argsort(of_truth, kind="stable")[: self.count]
        rows = [["is", "said", "loss", "text"]]
        for i in worst:
            text = self.texts[i]
            if len(text) > self.longest:
                text = f"{text[: self.longest]} ..."
            rows.append(
                [
                    f"{table_cell(names[labels[i]])} ({of_truth[i]:.0%})",
                    f"{table_cell(names[predicted[i]])} "
                    f"({probabilities[i].max():.0%})",
                    f"{-np.log(max(of_truth[i], 1e-30)):.3g}",
                    table_cell(text),
                ]
            )
        tf.summary.text("worst_texts", rows)
