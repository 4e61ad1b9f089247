import keras

from keras_nn import data
from keras_nn.applications import optimization
from keras_nn.applications import transfer
from keras_nn.applications import video_classifier_recipes as recipes
from keras_nn.applications.classification import accuracy_metrics
from keras_nn.applications.classification import class_scores
from keras_nn.applications.clip_prediction import ClipPrediction
from keras_nn.applications.picture_application import PictureApplication
from keras_nn.applications.picture_application import as_preprocessing
from keras_nn.applications.picture_application import as_size
from keras_nn.applications.picture_application import check_classes
from keras_nn.applications.picture_application import deserialized
from keras_nn.applications.picture_application import serialized
from keras_nn.applications.picture_preprocessing import MODES
from keras_nn.applications.picture_preprocessing import some_pictures


@keras.saving.register_keras_serializable(package="keras_nn")
class VideoClassifier(ClipPrediction, PictureApplication):
    """Clips to labels, on any Keras network of clips.

    `p = softmax(W features(preprocess(clip)) + b)`

    The network may end in a map with frames, in features frame by frame, or in
    a vector; the first two are averaged. The classifier itself stays in
    float32.

    Args:
        backbone: `keras.Model` from clips to features, such as a `ResNet3D` or
            a `ConvLSTMNetwork` without its top.
        num_classes: int. At least 2.
        class_names: list of str or None. Saved with the model.
        preprocess: as of `ImageClassifier`. Defaults to `"auto"`.
        dropout: float. Share of features dropped before the classifier.

    Call arguments:
        inputs: clips `(batch, frames, height, width, channels)` in the
            pictures' native range.

    Returns:
        Probabilities `(batch, num_classes)`.

    Raises:
        ValueError: on clips of another shape than the network takes.

    Example:

    >>> from keras_nn.models import ConvLSTMNetwork
    >>> features = ConvLSTMNetwork(False, input_shape=(4, 12, 12, 1),
    ...                            filters=[4], pooling="avg")
    >>> app = VideoClassifier(features, num_classes=8)
    >>> app.compile()
    >>> drawn = data.draw_moving_shapes(16, frames=4, image_size=12)
    >>> history = app.fit(drawn["clips"], drawn["labels"], verbose=0)
    >>> len(app.predict_labels(drawn["clips"][:2], top=3)[0])
    3
    """

    axes = "frames, height, width, channels"

    def __init__(
        self,
        backbone,
        num_classes,
        class_names=None,
        preprocess="auto",
        dropout=0.0,
        **kwargs,
    ):
        check_classes(num_classes, class_names)
        if len(backbone.input_shape) != 5:
            raise ValueError(
                "`backbone` must take clips (batch, frames, height, width, "
                f"channels). Received: input_shape={backbone.input_shape}"
            )
        preprocessing = as_preprocessing(preprocess, backbone)
        head = keras.layers.Dense(
            num_classes, activation="softmax", dtype="float32", name="head"
        )
        clips = keras.Input(backbone.input_shape[1:], name="clips")
        x = clips if preprocessing is None else preprocessing(clips)
        x = _pool(backbone(x))
        if dropout:
            x = keras.layers.Dropout(dropout, name="dropout")(x)
        super().__init__(clips, head(x), **kwargs)
        self.backbone = backbone
        self.num_classes = num_classes
        self.class_names = class_names and [str(n) for n in class_names]
        self.preprocess = preprocess
        self.dropout = dropout
        self.preprocessing = preprocessing
        self.head = head

    def prepare(self, x):
        layer = self.preprocessing
        if getattr(layer, "needs_adapt", False):
            clips = some_pictures(x, limit=500)
            if clips.shape[-1:] == self.input_shape[-1:]:  # else refused
                layer.adapt(clips.reshape(-1, *clips.shape[2:]))

    def get_config(self):
        return {
            "name": self.name,
            "trainable": self.trainable,
            "backbone": serialized(self.backbone),
            "num_classes": self.num_classes,
            "class_names": self.class_names,
            "preprocess": serialized(self.preprocess),
            "dropout": self.dropout,
        }

    @classmethod
    def from_config(cls, config):
        return cls(**deserialized(config, ("backbone", "preprocess")))

    @classmethod
    def default_settings(cls):
        return {
            **optimization.SETTINGS,
            **recipes.TRANSFER,
            "network": "auto",  # R(2+1)D-18
            "dropout": 0.0,
            "preprocess": "auto",
            "frames": 16,
            "image_size": 112,
            "on_error": "raise",
            "validation_fraction": 0.1,
            "test_fraction": 0.1,
        }

    @classmethod
    def setting_choices(cls):
        return {
            **optimization.CHOICES,
            "network": ("auto", *recipes.NETWORKS),
            "preprocess": ("auto", *MODES),
            "on_error": ("raise", "skip"),
        }

    @classmethod
    def recipes(cls):
        return recipes.RECIPES

    @classmethod
    def read_data(cls, path, recipe, seed, settings):
        return data.from_clips(
            path,
            frames=settings["frames"],
            image_size=as_size(settings["image_size"]),
            validation_fraction=settings["validation_fraction"],
            test_fraction=settings["test_fraction"],
            seed=seed,
            on_error=settings["on_error"],
        )

    @classmethod
    def from_recipe(cls, recipe, splits, epochs, batch_size, **settings):
        app = cls(
            recipes.network(settings, splits.train.shape),
            splits.num_classes,
            class_names=splits.class_names,
            preprocess=settings["preprocess"],
            dropout=settings["dropout"],
        )
        steps = epochs * data.steps(splits.train, batch_size)
        app.compile(optimizer=transfer.optimizer(app, settings, steps))
        return app

    def training_callbacks(self, settings):
        return transfer.unfreezing(self, settings)

    def default_loss(self):
        return keras.losses.SparseCategoricalCrossentropy()

    def default_metrics(self):
        return accuracy_metrics(self.num_classes)

    # Clips are large, so fewer at a time than elsewhere.
    def fit(self, x=None, y=None, batch_size=None, *args, **kwargs):
        kwargs["validation_batch_size"] = (
            kwargs.get("validation_batch_size") or 16
        )
        return super().fit(x, y, batch_size, *args, **kwargs)

    def evaluate(self, x=None, y=None, batch_size=None, *args, **kwargs):
        if isinstance(x, data.Split):
            batch_size = batch_size or 16
        return super().evaluate(x, y, batch_size, *args, **kwargs)

    def predict(self, x, batch_size=None, *args, **kwargs):
        if isinstance(x, data.Split):
            batch_size = batch_size or 16
        return super().predict(x, batch_size, *args, **kwargs)

    def example_scores(self, split):
        return class_scores(self, split)

    def inspectors(self, log_dir, validation_data=None, every=1, hparams=None):
        from keras_nn import callbacks

        common = super().inspectors(log_dir, validation_data, every, hparams)
        if validation_data is None:
            return common
        sample = callbacks.ValidationSample.of(
            validation_data,
            limit=128,
            class_names=self.class_names,
            batch_size=16,
        )
        instruments = [
            *common,
            callbacks.ActivationMonitor(log_dir, sample.x[:16], every),
            callbacks.ConfusionMatrix(log_dir, sample, every),
            callbacks.ReliabilityDiagram(log_dir, sample, every),
        ]
        if self.input_shape[-1] in (1, 3):
            instruments.append(callbacks.ClipStrips(log_dir, sample, every))
        return instruments


def _pool(features):
    shape = getattr(features, "shape", ())
    pools = {
        5: keras.layers.GlobalAveragePooling3D,
        3: keras.layers.GlobalAveragePooling1D,
    }
    if len(shape) in pools:
        return pools[len(shape)](name="pool")(features)
    if len(shape) == 2:
        return features
    raise ValueError(
        "`backbone` must end in one map (batch, frames, height, width, "
        "channels), in features of frames or in a vector. "
        f"Received: {features}"
    )
