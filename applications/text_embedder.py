import keras
import numpy as np

from keras_nn import data
from keras_nn.applications import export as exporting
from keras_nn.applications import optimization
from keras_nn.applications import text_embedder_recipes as recipes
from keras_nn.applications.text_application import TextApplication
from keras_nn.applications.text_application import check_vocabulary
from keras_nn.applications.text_application import is_texts
from keras_nn.applications.text_files import unlabelled_texts
from keras_nn.applications.text_index import TextIndex
from keras_nn.layers import TokenMean
from keras_nn.losses import MultipleNegativesRanking
from keras_nn.metrics.sequence import retrieval_scores as scoring
from keras_nn.training import Model
from keras_nn.training import of_whole_batch

SHOWN = 400  # texts that the instruments look at


@keras.saving.register_keras_serializable(package="keras_nn")
class TextEmbedder(TextApplication):
    """Texts to vectors that are near where texts mean the like.

    `v = mean of features(tokens), of length 1`, trained by
    `-log( exp(v_i w_i / T) / sum_j exp(v_i w_j / T) )`: each text finds its
    partner `w_i` among those of the whole batch, on however many replicas.

    `fit` takes pairs that belong together (`data.TextPairs`, two lists of
    str), such as questions and answers; or texts alone (a list of str), each
    its own partner, which two draws of dropout tell apart (SimCSE): the
    network must have dropout then. Texts that occur twice in a batch count as
    different.

    Args:
        backbone: `keras.Model` from ids to features of tokens, which are
            averaged, or to a vector; such as `models.BERT`.
        tokenizer: `data.WordTokenizer` or `data.SubwordTokenizer`. Saved with
            the model.
        max_length: int. Tokens of a text that are read. Defaults to 128.
        temperature: float. `T`. Defaults to 0.05.
        symmetric: bool. Whether partners look for their texts, too. Defaults
            to True.

    Call arguments:
        inputs: dict of int tensors `text` and `partner`, each of shape
            `(batch, length)`.

    Returns:
        Vectors of length 1 of both, `(batch, 2, features)`; `predict` of
        texts, or of one array of ids, gives one vector each.

    Raises:
        ValueError: if network and tokenizer differ in their number of tokens.

    Example:

    >>> from keras_nn.models import BERT
    >>> partners = ["it purrs", "it rolls"] * 4
    >>> pairs = data.TextPairs(["a cat", "a car"] * 4, partners)
    >>> tokenizer = data.WordTokenizer.of(pairs.sources + pairs.targets)
    >>> network = BERT(
    ...     tokenizer.vocabulary_size, 8, 0, num_layers=1, num_heads=2, width=8
    ... )
    >>> app = TextEmbedder(network, tokenizer, max_length=8)
    >>> app.compile()
    >>> history = app.fit(pairs, verbose=0)
    >>> index = app.index(["it purrs", "it rolls"])
    >>> [len(found) for found in app.search(["a cat"], index, top=2)]
    [2]

    Reference:
        [Reimers and Gurevych, 2019](https://arxiv.org/abs/1908.10084);
        [Henderson et al., 2017](https://arxiv.org/abs/1705.00652);
        [Gao et al., 2021](https://arxiv.org/abs/2104.08821) (SimCSE)
    """

    def __init__(
        self,
        backbone,
        tokenizer,
        max_length=128,
        temperature=0.05,
        symmetric=True,
        **kwargs,
    ):
        check_vocabulary(backbone, tokenizer)
        text, partner = (
            keras.Input((None,), dtype="int32", name=name)
            for name in ("text", "partner")
        )
        mean = TokenMean(name="mean")
        unit = keras.layers.UnitNormalization(dtype="float32", name="unit")

        def vector(ids):
            # Traced through its layers, so that the engine sees the embedding
            # and guards the ids of both inputs.
            x = backbone.call(ids)
            return unit(mean(x) if len(x.shape) == 3 else x)

        vectors = vector(text), vector(partner)
        super().__init__(
            {"text": text, "partner": partner},
            keras.ops.stack(vectors, axis=1),
            **kwargs,
        )
        self.backbone = backbone
        self.tokenizer = tokenizer
        self.max_length = max_length
        self.temperature = temperature
        self.symmetric = symmetric
        self.encoder = Model(text, vectors[0], name="encoder")
        self._contrast = MultipleNegativesRanking(temperature, symmetric)

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        return {
            "name": self.name,
            "trainable": self.trainable,
            "backbone": serialize(self.backbone),
            "tokenizer": serialize(self.tokenizer),
            "max_length": self.max_length,
            "temperature": self.temperature,
            "symmetric": self.symmetric,
        }

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
        return recipes.read_texts(path, seed, settings)

    @classmethod
    def from_recipe(cls, recipe, splits, epochs, batch_size, **settings):
        tokenizer = data.WordTokenizer.of(
            splits.train.sources + splits.train.targets,
            max_words=settings["max_words"] or None,
            min_count=settings["min_count"],
            pattern=settings["pattern"],
            lowercase=settings["lowercase"],
        )
        app = cls(
            recipe.network(tokenizer.vocabulary_size, settings),
            tokenizer,
            settings["max_length"],
            settings["temperature"],
            settings["symmetric"],
        )
        steps = epochs * data.steps(splits.train, batch_size)
        app.compile(optimizer=optimization.build_optimizer(settings, steps))
        return app

    def default_loss(self):
        return None  # it contrasts what the network makes of a batch

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        loss = of_whole_batch(
            lambda text, partner: self._contrast(partner, text),
            y_pred[:, 0],
            y_pred[:, 1],
        )
        return sum(self.losses, loss)

    def prepared(self, x, y=None):
        """Pairs, or texts alone, as the network takes them.

        Args:
            x: what `fit` accepts.
            y: list of str, the partners of texts, or None.

        Returns:
            `(x, None)`, with a dict of ids if `x` is texts.
        """
        if isinstance(x, data.Split) and is_texts(x.x):
            x, y = x.x, x.y if isinstance(x, data.TextPairs) else None
        if not is_texts(x):
            return x, y
        text = self.encoded(list(x))
        partner = text if y is None else self.encoded(list(y))
        return {"text": text, "partner": partner}, None

    def evaluate(self, x=None, y=None, *args, return_dict=False, **kwargs):
        """As Keras's; `x` may be pairs.

        The results of pairs also have `recall_at_1`, `recall_at_10` and
        `mrr`: how well the texts find their partners among those of all.
        """
        results = super().evaluate(x, y, *args, return_dict=True, **kwargs)
        if isinstance(x, data.TextPairs) and x.sources != x.targets:
            results |= scoring.retrieval_scores(
                self.embed(x.sources), self.embed(x.targets)
            )
        return results if return_dict else list(results.values())

    def predict(self, x, *args, **kwargs):
        """As Keras's; the vectors of texts, or of an array of ids."""
        if is_texts(x):
            x = self.encoded(list(x))
        if not isinstance(x, (dict, data.Split)) and np.ndim(x) == 2:
            return self.encoder.predict(x, *args, **kwargs)
        return super().predict(x, *args, **kwargs)

    def embed(self, texts):
        """The vectors of texts: a float32 array `(texts, features)`.

        Args:
            texts: list of str.
        """
        return self.predict(list(texts), verbose=0)

    def index(self, texts):
        """Texts that can be searched: a `TextIndex`, which can be saved.

        Args:
            texts: list of str; or a path, as str, of a table with a column
                `text`, a file with one text a line, or a folder.
        """
        if isinstance(texts, str):
            texts = unlabelled_texts(texts)
        return TextIndex(texts, self.embed(texts))

    def search(self, queries, index, top=5):
        """The texts of an index that are nearest to queries.

        Args:
            queries: str or list of str.
            index: `TextIndex`, made by this model.
            top: int. How many, nearest first. Defaults to 5.

        Returns:
            A list of `(text, cosine)`; for a list of str a list of such.
        """
        single = isinstance(queries, str)
        queries = [queries] if single else queries
        found = index.nearest(self.embed(queries), top)
        return found[0] if single else found

    def read_test(self, path, settings):
        return recipes.read_texts(path, 0, settings).test

    def predict_path(self, path, top=1):
        index = self.index(str(path))
        found = index.nearest(index.vectors, top + 1)
        rows = []
        for number, near in enumerate(found):
            text = index.texts[number]
            others = [one for one in near if one[0] != text][:top]
            rows += [
                {"text": text, "rank": rank, "nearest": other, "cosine": cosine}
                for rank, (other, cosine) in enumerate(others, start=1)
            ]
        return rows

    def example_scores(self, split):
        if not isinstance(split, data.TextPairs):
            return {}
        ranks = scoring.retrieval_ranks(
            self.embed(split.sources), self.embed(split.targets)
        )
        return {
            "recall_at_1": (ranks < 1).astype("float64"),
            "recall_at_10": (ranks < 10).astype("float64"),
            "mrr": 1 / (1 + ranks),
        }

    def export(self, filepath, format="saved_model", verbose=None, **kwargs):
        """Writes the encoder, from ids to vectors; as of `Application`."""
        exporting.export(
            self.encoder.export, self, filepath, format, verbose, **kwargs
        )

    def inspectors(self, log_dir, validation_data=None, every=1, hparams=None):
        from keras_nn import callbacks

        common = super().inspectors(log_dir, validation_data, every, hparams)
        if not isinstance(validation_data, data.TextPairs):
            return common
        texts = validation_data.take(SHOWN).targets
        return [*common, callbacks.TextProjector(log_dir, texts)]
