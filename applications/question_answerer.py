import keras
import numpy as np
from keras import ops

from keras_nn import data
from keras_nn import losses
from keras_nn import metrics
from keras_nn.applications import optimization
from keras_nn.applications import question_answerer_recipes as recipes
from keras_nn.applications.answer_prediction import AnswerPrediction
from keras_nn.applications.application import Application
from keras_nn.applications.question_windows import QuestionWindows
from keras_nn.applications.text_application import check_vocabulary


@keras.saving.register_keras_serializable(package="keras_nn")
class QuestionAnswerer(AnswerPrediction, Application):
    """Questions about texts, answered by a passage of the text.

    `score(i, j) = start_i + end_j`, `start, end = W features(question, text)`;
    the passage `i..j` with the highest score of all windows of the text; no
    passage where `start_0 + end_0`, the least of all windows, is higher

    Long texts are read in windows that overlap. `fit` and `evaluate` take
    `data.Questions` as well as arrays and data sets of ids.

    Args:
        backbone: `keras.Model` from a dict of `"ids"` and `"segments"` to
            features of tokens, such as `models.BERT` with `segments`. With
            `matches` it has three kinds of segment.
        tokenizer: `data.WordTokenizer` with the specials `"[CLS]"` and
            `"[SEP]"`, or `data.SubwordTokenizer`. Saved with the model.
        max_length: int. Tokens of a window, question included. Defaults to
            256.
        stride: int. Tokens of the text from one window to the next. Defaults
            to 96.
        max_answer: int. Most tokens of an answer. Defaults to 30.
        matches: bool. Whether words of the text that the question has, too,
            are a segment of their own (the exact match of DrQA). Defaults to
            True.
        may_refuse: bool. Whether the answer may be that there is none, as in
            SQuAD 2.0. Defaults to True.
        threshold: float. By how much no answer must score higher than the
            best one to be given. Defaults to 0.

    Call arguments:
        inputs: dict of int tensors `ids` and `segments`, each of shape
            `(batch, length)`: 0 for the question and padding, 1 for the text,
            2 for its words that the question has.

    Returns:
        Logits of shape `(batch, 2, length)`: where an answer begins, and
        where it ends.

    Raises:
        ValueError: if network and tokenizer do not fit, or windows would not
            overlap.

    Example:

    >>> contexts = ["The cat is red.", "The dog is old."] * 8
    >>> answers = [[("red", 11)], [("old", 11)]] * 8
    >>> questions = data.Questions(["How is it?"] * 16, contexts, answers)
    >>> tokenizer = data.WordTokenizer.of(contexts, specials=recipes.SPECIALS)
    >>> settings = {**QuestionAnswerer.default_settings(), "width": 8}
    >>> network = recipes.reader(tokenizer.vocabulary_size, settings)
    >>> app = QuestionAnswerer(network, tokenizer, 24, stride=8)
    >>> app.compile()
    >>> history = app.fit(questions, verbose=0)
    >>> sorted(app.answer("How is it?", "The cat is old."))
    ['end', 'score', 'start', 'text']

    Reference:
        [Devlin et al., 2019](https://arxiv.org/abs/1810.04805), section 4.2;
        [Chen et al., 2017](https://arxiv.org/abs/1704.00051) (DrQA)
    """

    def __init__(
        self,
        backbone,
        tokenizer,
        max_length=256,
        stride=96,
        max_answer=30,
        matches=True,
        may_refuse=True,
        threshold=0.0,
        **kwargs,
    ):
        check_vocabulary(backbone, tokenizer)
        inputs = backbone.input
        if not isinstance(inputs, dict) or set(inputs) != {"ids", "segments"}:
            raise ValueError(
                "`backbone` must read a dict of `ids` and `segments`. "
                f"Received: inputs {inputs}"
            )
        kinds = getattr(backbone, "num_segments", None)
        if kinds is not None and kinds < 2 + matches:
            raise ValueError(
                f"`backbone` must have {2 + matches} kinds of segment. "
                f"Received: {kinds}, {matches=}"
            )
        x = keras.layers.Dense(2, dtype="float32", name="passage")(
            backbone.outputs[0]
        )
        segments = inputs["segments"]
        allowed = segments > 0
        if may_refuse:  # at the mark in front
            place = ops.cumsum(ops.ones_like(segments), axis=1)
            allowed = ops.logical_or(allowed, ops.equal(place, 1))
        x = ops.where(allowed[:, None], ops.transpose(x, (0, 2, 1)), -1e9)
        super().__init__(inputs, x, **kwargs)
        self.backbone = backbone
        self.tokenizer = tokenizer
        self.max_length = max_length
        self.stride = stride
        self.max_answer = max_answer
        self.matches = matches
        self.may_refuse = may_refuse
        self.threshold = threshold
        self.windows = QuestionWindows(tokenizer, max_length, stride, matches)

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        return {
            "name": self.name,
            "trainable": self.trainable,
            "backbone": serialize(self.backbone),
            "tokenizer": serialize(self.tokenizer),
            "max_length": self.max_length,
            "stride": self.stride,
            "max_answer": self.max_answer,
            "matches": self.matches,
            "may_refuse": self.may_refuse,
            "threshold": self.threshold,
        }

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        for name in ("backbone", "tokenizer"):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)

    @classmethod
    def default_settings(cls):
        return {**optimization.SETTINGS, **recipes.SETTINGS}

    @classmethod
    def setting_choices(cls):
        return {**optimization.CHOICES, **recipes.CHOICES}

    @classmethod
    def recipes(cls):
        return recipes.RECIPES

    @classmethod
    def read_data(cls, path, recipe, seed, settings):
        shares = settings["validation_fraction"], settings["test_fraction"]
        return data.questions_from_path(path, *shares, seed)

    @classmethod
    def from_recipe(cls, recipe, splits, epochs, batch_size, **settings):
        train = splits.train
        tokenizer = data.WordTokenizer.of(
            [*train.questions, *dict.fromkeys(train.contexts)],
            max_words=settings["max_words"] or None,
            min_count=settings["min_count"],
            pattern=settings["pattern"],
            lowercase=settings["lowercase"],
            specials=recipes.SPECIALS,
        )
        names = "max_length", "stride", "max_answer", "matches"
        app = cls(
            recipe.network(tokenizer.vocabulary_size, settings),
            tokenizer,
            may_refuse=train.has_unanswerable,
            **{name: settings[name] for name in names},
        )
        steps = epochs * -(-len(app.prepared(train)[1]) // batch_size)
        app.compile(optimizer=optimization.build_optimizer(settings, steps))
        return app

    def default_loss(self):
        return losses.SpanCrossentropy()

    def prepared(self, x, y=None):
        """`x` and `y` as the network takes them, if `x` is questions."""
        if not isinstance(x, data.Questions):
            return x, y
        windows = self.windows(x.questions, x.contexts)
        places = self.windows.targets(windows, x.answers)
        inputs = windows.inputs
        if not self.may_refuse:  # a window without the answer teaches nothing
            kept = np.flatnonzero(places[:, 1])
            inputs = {name: array[kept] for name, array in inputs.items()}
            places = places[kept]
        return inputs, places

    def fit(
        self,
        x=None,
        y=None,
        batch_size=None,
        *args,
        validation_data=None,
        **kwargs,
    ):
        """As Keras's; `x` may be questions, or `data.Splits` of them."""
        if isinstance(x, data.Splits):
            if validation_data is None:
                validation_data = x.validation
            x = x.train
        if isinstance(validation_data, data.Questions):
            validation_data = self.prepared(validation_data)
        return super().fit(
            *self.prepared(x, y),
            batch_size,
            *args,
            validation_data=validation_data,
            **kwargs,
        )

    def evaluate(self, x=None, y=None, *args, return_dict=False, **kwargs):
        """As Keras's; `x` may be questions.

        They are answered, too: the results then also have `exact_match` and
        `f1`, as SQuAD counts them, 0 to 1.
        """
        results = super().evaluate(
            *self.prepared(x, y), *args, return_dict=True, **kwargs
        )
        if isinstance(x, data.Questions):
            said, right = self.said_and_right(x)
            results["exact_match"] = metrics.exact_match(said, right)
            results["f1"] = metrics.answer_f1(said, right)
        return results if return_dict else list(results.values())

    def read_test(self, path, settings):
        return data.questions_from_path(
            path, settings["validation_fraction"], settings["test_fraction"], 0
        ).test

    def input_signature(self):
        shape = {"shape": (None, None), "dtype": "int32"}
        names = "ids", "segments"
        return [{n: keras.InputSpec(**shape, name=n) for n in names}]

    def example_inputs(self, count):
        generator = np.random.default_rng(0)
        size = self.tokenizer.vocabulary_size
        ids = generator.integers(1, size, (count, 16)).astype("int32")
        segments = np.repeat([[0] * 6 + [1] * 10], count, axis=0)
        return {"ids": ids, "segments": segments.astype("int32")}

    def example_scores(self, split):
        if not isinstance(split, data.Questions):
            return {}
        said, right = self.said_and_right(split)
        return {
            name: np.array(
                [
                    score([one], [answers])
                    for one, answers in zip(said, right, strict=True)
                ]
            )
            for name, score in (
                ("exact_match", metrics.exact_match),
                ("f1", metrics.answer_f1),
            )
        }

    def inspectors(self, log_dir, validation_data=None, every=1, hparams=None):
        from keras_nn import callbacks

        common = super().inspectors(log_dir, validation_data, every, hparams)
        if not isinstance(validation_data, data.Questions):
            return common
        return [
            *common,
            callbacks.AnswerSamples(log_dir, validation_data, every),
        ]
