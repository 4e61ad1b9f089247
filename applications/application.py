import os
import tempfile

import keras

from keras_nn import data
from keras_nn import training
from keras_nn.applications import export as exporting
from keras_nn.applications import model_card as cards
from keras_nn.data import atomic_file
from keras_nn.training.frozen import settle_frozen


class Application(training.Model):
    """What a person has in, what a person wants out. Abstract.

    An application pairs a network with preprocessing, a default loss,
    optimiser and metrics, the instruments that suit it, and recipes. A
    subclass is final. It defines its configuration and

    - `default_loss()`, `default_metrics()`; `default_optimizer()` is Adam;
    - `recipes()`: the named, complete runs; the first is the default;
    - `from_recipe(recipe, splits, epochs, batch_size, **settings)`: an
      application, compiled as the recipe says, for this data and this many
      examples to an update;
    - `read_data(path, recipe, seed, settings)`: the user's own data, and
      `read_test(path, settings)`: all of it to be measured on;
    - `predict_path(path, top)`: one dict a prediction, for the command line;
    - `example_scores(split)`: the test metrics example by example, from which
      the model card computes their spread;
    - `inspectors(log_dir, validation_data)`: instruments beyond the common
      ones.

    `fit`, `evaluate` and `predict` accept what Keras's accept, and
    `keras_nn.data.Split` and `Splits`.

    Example:

    >>> from keras_nn.applications import ImageClassifier
    >>> from keras_nn.models import MLP
    >>> network = MLP(False, input_shape=(8, 8, 1), units=[32])
    >>> app = ImageClassifier(network, num_classes=10)
    >>> app.compile()
    >>> app.optimizer.name
    'adam'
    """

    @classmethod
    def default_settings(cls):
        """Every setting that a recipe may have, with its default: a dict."""
        return {}

    @classmethod
    def setting_choices(cls):
        """The values on offer, of settings that have such: a dict."""
        return {}

    @classmethod
    def recipes(cls):
        """The application's `Recipe`s; the first is the default."""
        raise NotImplementedError(f"{cls.__name__} must define `recipes`.")

    @classmethod
    def from_recipe(cls, recipe, splits, epochs, batch_size, **settings):
        """An application for this data, compiled as the recipe says."""
        raise NotImplementedError(f"{cls.__name__} must define `from_recipe`.")

    @classmethod
    def read_data(cls, path, recipe, seed, settings):
        """The user's own data, in the standard format of the domain.

        Args:
            path: str. Where it lies.
            recipe: `Recipe` or None, if the user did not choose one.
            seed: int. Seed of the split.
            settings: dict of settings, resolved; those of the defaults if
                `recipe` is None.

        Returns:
            `keras_nn.data.Splits`.
        """
        raise NotImplementedError(f"{cls.__name__} must define `read_data`.")

    @classmethod
    def arranged(cls, splits, seed):
        """A named data set in the parts that the application trains on.

        Args:
            splits: `keras_nn.data.Splits`, as `keras_nn.data.load` gives it.
            seed: int. Of what is drawn.

        Returns:
            `keras_nn.data.Splits`; as they are, unless this is overridden.
        """
        return splits

    def read_test(self, path, settings):
        """The user's own labelled data, to be measured on: a `data.Split`.

        Args:
            path: str. Where it lies.
            settings: dict, the settings of the run.
        """
        raise NotImplementedError(
            f"{type(self).__name__} must define `read_test`."
        )

    def default_optimizer(self):
        """The optimiser that `compile(optimizer="auto")` uses."""
        return keras.optimizers.Adam(1e-3)

    def default_loss(self):
        """The loss that `compile(loss="auto")` uses."""
        raise NotImplementedError(
            f"{type(self).__name__} must define `default_loss`."
        )

    def default_metrics(self):
        """The metrics that `compile(metrics="auto")` uses: a list."""
        return []

    def compile(
        self,
        optimizer="auto",
        loss="auto",
        loss_weights=None,
        metrics="auto",
        **kwargs,
    ):
        """As Keras's; what is `"auto"` becomes the application's default.

        Args:
            optimizer: `"auto"` or what Keras accepts.
            loss: `"auto"` or what Keras accepts.
            loss_weights: as in Keras.
            metrics: `"auto"` or what Keras accepts.
            **kwargs: further arguments of `keras.Model.compile`.
        """
        settle_frozen(self)  # before an optimiser sees the weights
        if isinstance(optimizer, str) and optimizer == "auto":
            optimizer = self.default_optimizer()
        if isinstance(loss, str) and loss == "auto":
            loss = self.default_loss()
        if isinstance(metrics, str) and metrics == "auto":
            metrics = self.default_metrics()
        super().compile(
            optimizer=optimizer,
            loss=loss,
            loss_weights=loss_weights,
            metrics=metrics,
            **kwargs,
        )

    def compile_from_config(self, config):
        # Keras skips this, with a warning, where `compile` is overridden.
        self.compile(**keras.saving.deserialize_keras_object(config))
        if self.optimizer is not None and self.built:
            self.optimizer.build(self.trainable_variables)

    def fit(
        self,
        x=None,
        y=None,
        batch_size=None,
        *args,
        validation_data=None,
        **kwargs,
    ):
        """As Keras's; `x` may be a `data.Split`, or `data.Splits`.

        Of `Splits` the training part is trained on; the validation part, if
        there is one, is the default of `validation_data`.
        """
        if isinstance(x, data.Splits):
            if validation_data is None:
                validation_data = x.validation
            x = x.train
        self.prepare(x)
        if isinstance(x, data.Split):
            x = x.ordered(batch_size or 32, shuffle=True)
            batch_size = None
        if isinstance(validation_data, data.Split):
            validation_data = validation_data.ordered(
                kwargs.get("validation_batch_size") or 256
            )
        return super().fit(
            x, y, batch_size, *args, validation_data=validation_data, **kwargs
        )

    def prepare(self, x):
        """Called by `fit` with its `x`, before anything is trained on.

        Here preprocessing learns its statistics, if it has any.
        """

    def evaluate(self, x=None, y=None, batch_size=None, *args, **kwargs):
        """As Keras's; `x` may be a `data.Split`."""
        if isinstance(x, data.Split):
            x, batch_size = x.ordered(batch_size or 256), None
        return super().evaluate(x, y, batch_size, *args, **kwargs)

    def predict(self, x, batch_size=None, *args, **kwargs):
        """As Keras's; `x` may be a `data.Split`."""
        if isinstance(x, data.Split):
            x, batch_size = x.ordered(batch_size or 256), None
        return super().predict(x, batch_size, *args, **kwargs)

    def training_callbacks(self, settings):
        """Callbacks that the settings of a run ask for, beside instruments.

        Args:
            settings: dict, resolved.

        Returns:
            A list.
        """
        return []

    def split_scores(self, splits, settings):
        """Test metrics of a run beyond those of `evaluate`: a dict.

        Args:
            splits: `keras_nn.data.Splits` of the run.
            settings: dict, those of the run.
        """
        return {}

    # Whether `predict_path` writes files, into its argument `folder`.
    writes_files = False

    def predict_path(self, path, top=1):
        """Predictions for the files under a path: a list of dicts.

        Args:
            path: str. A file or a folder.
            top: int. How many predictions for each, best first.
        """
        raise NotImplementedError(
            f"{type(self).__name__} must define `predict_path`."
        )

    def input_signature(self):
        """A `keras.InputSpec` for each input, for `export`: a list."""
        raise NotImplementedError(
            f"{type(self).__name__} must define `input_signature`."
        )

    def example_inputs(self, count):
        """`count` made-up inputs, on which `export` compares predictions."""
        raise NotImplementedError(
            f"{type(self).__name__} must define `example_inputs`."
        )

    def example_scores(self, split):
        """Metrics example by example: a dict of name to array `(n,)`.

        The mean of each is the metric of that name. The model card computes
        their spread from it; it says so where there is none.
        """
        return {}

    def inspectors(self, log_dir, validation_data=None, every=1, hparams=None):
        """The instruments that suit this application.

        Args:
            log_dir: str. Where TensorBoard looks.
            validation_data: what the instruments look at: a `data.Split`,
                a pair of arrays, or a `tf.data.Dataset` of batches.
            every: int. Look once per this many epochs. Defaults to 1.
            hparams: dict or None. Hyperparameters of the run, to compare it
                with others.

        Returns:
            A list of callbacks for `fit`.
        """
        from keras_nn import callbacks

        return [
            callbacks.TensorBoard(log_dir),
            callbacks.GradientMonitor(log_dir),
            callbacks.Throughput(log_dir),
            callbacks.HParams(log_dir, hparams or {}),
            callbacks.NonFiniteGuard(log_dir),
        ]

    def save(self, filepath, overwrite=True, zipped=None, **kwargs):
        """As Keras's, but a `.keras` file is replaced whole or not at all.

        It carries its SHA-256, which `keras_nn.applications.load` compares.
        Call it in every worker, since Keras's saving is a common work of
        them; the chief writes the file.
        """
        if not str(filepath).endswith(".keras") or zipped is False:
            return super().save(filepath, overwrite, zipped, **kwargs)
        if not overwrite and os.path.exists(filepath):
            raise FileExistsError(
                "The file exists and `overwrite` is False. "
                f"Received: filepath={filepath}"
            )
        if self.compiled and self.optimizer is not None:
            # A file with an optimiser that has no state yet loads with a
            # warning.
            with self.distribute_strategy.scope():
                self.optimizer.build(self.trainable_variables)
        if not training.is_chief():
            with tempfile.TemporaryDirectory() as folder:
                super().save(os.path.join(folder, "app.keras"), **kwargs)
            return
        with atomic_file.atomic_path(filepath) as temporary:
            super().save(temporary, **kwargs)
            atomic_file.seal(temporary)

    def export(self, filepath, format="saved_model", verbose=None, **kwargs):
        """Writes the forward pass for other runtimes, and checks it.

        Args:
            filepath: str. A file, or a folder for `"saved_model"`.
            format: str. `"saved_model"`, `"onnx"` or `"litert"`.
            verbose: bool or None, as in Keras.
            **kwargs: further arguments of `keras.Model.export`.

        Raises:
            ImportError: if the format needs a package that is missing.
            RuntimeError: if the exported network predicts otherwise.
        """
        exporting.export(
            super().export, self, filepath, format, verbose, **kwargs
        )

    def model_card(self, **facts):
        """What a reader must know before using the model: Markdown.

        Args:
            **facts: see `keras_nn.applications.model_card.render`.
        """
        return cards.render(self, **facts)
