import tensorflow as tf

from keras_nn.callbacks.instrument import Instrument
from keras_nn.callbacks.table_cell import table_cell


class TokenSamples(Instrument):
    """Writes how a language model goes on with the same prompts.

    Read it for: words, then grammar, then sense; text that repeats itself
    (the model has learnt too little, or the temperature is too low); text
    that stands in the training data word for word (it has learnt by heart).

    Args:
        log_dir: str or path. Where TensorBoard looks.
        prompts: list of str.
        every: int. Write once per this many epochs. Defaults to 1.
        max_new_tokens: int. Defaults to 120.
        temperature: float. Defaults to 0.8.
        seed: int. The same for every epoch. Defaults to 0.

    Raises:
        ValueError: if there is no prompt.

    Writes to `log_dir/validation`, at the epoch's index:
        `token_samples`: text, a table: the prompt, how it goes on.

    Example:

    >>> import tempfile
    >>> TokenSamples(tempfile.mkdtemp(), ["To be"]).prompts
    ['To be']
    """

    def __init__(
        self,
        log_dir,
        prompts,
        every=1,
        max_new_tokens=120,
        temperature=0.8,
        seed=0,
    ):
        super().__init__(log_dir, every)
        if not prompts:
            raise ValueError(f"There must be a prompt. Received: {prompts=}")
        self.prompts = list(prompts)
        self.max_new_tokens = max_new_tokens
        self.temperature = temperature
        self.seed = seed

    def on_epoch_end(self, epoch, logs=None):
        if not self.is_due(epoch):
            return
        texts = self.model.generate(
            self.prompts,
            self.max_new_tokens,
            temperature=self.temperature,
            seed=self.seed,
        )
        rows = [["prompt", "how it goes on"]]
        rows += [
            [table_cell(prompt), table_cell(text)]
            for prompt, text in zip(self.prompts, texts, strict=True)
        ]
        with self.write(epoch, "validation"):
            tf.summary.text("token_samples", rows)
