import os

import keras

from keras_nn import data
from keras_nn.applications import optimization
from keras_nn.applications import text_classifier_recipes as recipes
from keras_nn.applications.classification import accuracy_metrics
from keras_nn.applications.classification import class_scores
from keras_nn.applications.classification import ranked_labels
from keras_nn.applications.picture_application import check_classes
from keras_nn.applications.text_application import TextApplication
from keras_nn.applications.text_application import check_vocabulary
from keras_nn.applications.text_files import labelled_as
from keras_nn.applications.text_files import unlabelled_texts
from keras_nn.layers import TokenMean

SHOWN = 512  # texts that the instruments look at


@keras.saving.register_keras_serializable(package="keras_nn")
class TextClassifier(TextApplication):
    """Texts to labels.

    `p = softmax(W drop(features(tokens)) + b)`

    `fit`, `evaluate` and `predict` take texts (a list of str, a `data.Split`
    of them) as well as arrays and data sets of token ids. The network may end
    in features of tokens, which are averaged over those that are there, or in
    a vector. The classifier itself stays in float32.

    Args:
        backbone: `keras.Model` from ids to features, such as
            `models.TextCNN` or `models.BERT`.
        tokenizer: `data.WordTokenizer`, or an object of a registered class
            with `encode`, `vocabulary_size`, `padding_id`, `unknown_id`,
            `get_config`. Saved with the model.
        num_classes: int. At least 2.
        class_names: list of str or None. Saved with the model. Defaults to
            `"0"`, `"1"` ...
        max_length: int. Tokens of a text that are read. Defaults to 256.
        dropout: float. Share of features dropped before the classifier.
        max_norm: float or None. Longest vector of a class's weights.

    Call arguments:
        inputs: int tensor of shape `(batch, length)`.

    Returns:
        Probabilities of shape `(batch, num_classes)`.

    Raises:
        ValueError: if network and tokenizer differ in their number of tokens.

    Example:

    >>> from keras_nn.models import TextCNN
    >>> texts, labels = ["yes please", "no thanks"] * 8, ["for", "against"]
    >>> tokenizer = data.WordTokenizer.of(texts)
    >>> size = tokenizer.vocabulary_size
    >>> network = TextCNN(False, vocabulary_size=size, width=8, filters=4)
    >>> app = TextClassifier(network, tokenizer, 2, ["against", "for"])
    >>> app.compile()
    >>> history = app.fit(texts, labels * 8, epochs=20, verbose=0)
    >>> app.predict_labels(["yes"])[0][0][0]
    'for'
    """

    def __init__(
        self,
        backbone,
        tokenizer,
        num_classes,
        class_names=None,
        max_length=256,
        dropout=0.0,
        max_norm=None,
        **kwargs,
    ):
        check_classes(num_classes, class_names)
        check_vocabulary(backbone, tokenizer)
        constraint = max_norm and keras.constraints.MaxNorm(max_norm)
        # The layers of the network become layers of the application, where
        # the engine sees the embedding and guards its ids.
        x = backbone.outputs[0]
        if len(x.shape) == 3:
            x = TokenMean(name="classifier_mean")(x)
        if dropout:
            x = keras.layers.Dropout(dropout, name="classifier_dropout")(x)
        x = keras.layers.Dense(
            num_classes,
            activation="softmax",
            kernel_constraint=constraint,
            dtype="float32",
            name="classifier",
        )(x)
        super().__init__(backbone.inputs[0], x, **kwargs)
        self.backbone = backbone
        self.tokenizer = tokenizer
        self.num_classes = num_classes
        self.class_names = class_names and [str(n) for n in class_names]
        self.max_length = max_length
        self.dropout = dropout
        self.max_norm = max_norm

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        return {
            "name": self.name,
            "trainable": self.trainable,
            "backbone": serialize(self.backbone),
            "tokenizer": serialize(self.tokenizer),
            "num_classes": self.num_classes,
            "class_names": self.class_names,
            "max_length": self.max_length,
            "dropout": self.dropout,
            "max_norm": self.max_norm,
        }

    @classmethod
    def default_settings(cls):
        return {**optimization.SETTINGS, **recipes.SETTINGS}

    @classmethod
    def setting_choices(cls):
        return optimization.CHOICES

    @classmethod
    def recipes(cls):
        return recipes.RECIPES

    @classmethod
    def read_data(cls, path, recipe, seed, settings):
        if recipe.data == "rt-polarity" and os.path.isfile(
            os.path.join(path, "rt-polarity.pos")
        ):
            return recipes.read_rt_polarity(path, seed, settings)
        return data.labelled_texts(
            path,
            settings["validation_fraction"],
            settings["test_fraction"],
            seed,
            settings["text_column"],
            settings["label_column"],
        )

    @classmethod
    def from_recipe(cls, recipe, splits, epochs, batch_size, **settings):
        tokenizer = data.WordTokenizer.of(
            splits.train.x,
            max_words=settings["max_words"] or None,
            min_count=settings["min_count"],
            lowercase=settings["lowercase"],
        )
        app = cls(
            recipe.network(tokenizer.vocabulary_size, settings),
            tokenizer,
            splits.num_classes,
            splits.class_names,
            max_length=settings["max_length"],
            dropout=settings["dropout"],
            max_norm=settings["max_norm"] or None,
        )
        steps = epochs * data.steps(splits.train, batch_size)
        app.compile(optimizer=optimization.build_optimizer(settings, steps))
        return app

    def default_loss(self):
        return keras.losses.SparseCategoricalCrossentropy()

    def default_metrics(self):
        return accuracy_metrics(self.num_classes)

    def predict_labels(self, texts, top=5, **kwargs):
        """The most probable labels of each text.

        Args:
            texts: list of str, or what `predict` takes.
            top: int. How many labels, best first; at most `num_classes`.
            **kwargs: further arguments of `predict`; `verbose` is 0 here.

        Returns:
            A list, one entry a text, of lists of `(label, probability)`.
        """
        probabilities = self.predict(texts, **{"verbose": 0, **kwargs})
        return ranked_labels(probabilities, self.class_names, top)

    def read_test(self, path, settings):
        return labelled_as(
            path,
            self.class_names,
            settings["text_column"],
            settings["label_column"],
        )

    def predict_path(self, path, top=1):
        texts = unlabelled_texts(path)
        return [
            {
                "text": text,
                "rank": rank,
                "label": label,
                "probability": round(probability, 6),
            }
            for text, ranked in zip(
                texts, self.predict_labels(texts, top), strict=True
            )
            for rank, (label, probability) in enumerate(ranked, start=1)
        ]

    def example_scores(self, split):
        return class_scores(self, split)

    def inspectors(self, log_dir, validation_data=None, every=1, hparams=None):
        from keras_nn import callbacks

        common = super().inspectors(log_dir, validation_data, every, hparams)
        if not isinstance(validation_data, data.Split):
            return common
        some = validation_data
        if len(some) > SHOWN:
            _, some = some.split(SHOWN / len(some), stratify=False)
        encoded, _ = self.prepared(some)
        sample = callbacks.ValidationSample(
            encoded.x, encoded.y, self.class_names
        )
        instruments = [
            *common,
            callbacks.ConfusionMatrix(log_dir, sample, every),
            callbacks.PrecisionRecallCurves(log_dir, sample, every),
            callbacks.ReliabilityDiagram(log_dir, sample, every),
            callbacks.EmbeddingProjector(log_dir, sample),
        ]
        if encoded is not some:  # it was texts
            instruments.append(
                callbacks.WorstTexts(log_dir, sample, some.x.tolist(), every)
            )
        return instruments
