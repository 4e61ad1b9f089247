from pathlib import Path

import keras

from keras_nn import data
from keras_nn import metrics
from keras_nn.applications import object_detector_recipes as recipes
from keras_nn.applications import optimization
from keras_nn.applications import transfer
from keras_nn.applications.box_export import BoxExport
from keras_nn.applications.box_prediction import BoxPrediction
from keras_nn.applications.box_training import BoxTraining
from keras_nn.applications.picture_application import PictureApplication
from keras_nn.applications.picture_application import as_preprocessing
from keras_nn.applications.picture_application import as_size
from keras_nn.applications.picture_application import deserialized
from keras_nn.applications.picture_application import serialized
from keras_nn.applications.picture_backbones import BACKBONES
from keras_nn.applications.picture_boxes import read_boxes
from keras_nn.applications.picture_checkpoints import published_detector
from keras_nn.applications.picture_files import how_to_read
from keras_nn.applications.picture_preprocessing import MODES
from keras_nn.applications.unknown_choice import WrongRequest


@keras.saving.register_keras_serializable(package="keras_nn")
class ObjectDetector(BoxTraining, BoxPrediction, BoxExport, PictureApplication):
    """Pictures to boxes: where objects are, and of which class.

    Args:
        network: `keras_nn.models.FCOS`, `RetinaNet`, `CenterNet`, `DETR` or
            another network with `objective()` and `candidates(outputs)`, for
            pictures of one size.
        class_names: list of str or None. Saved with the model. Defaults to
            `"0"`, `"1"` ...
        preprocess: as in `ImageClassifier`. Defaults to `"auto"`.
        augmentation: layer or None. Applied in training, to `{"images": ...,
            "boxes": ...}`, such as `RandomBoxView`.
        score_threshold: float. Boxes of lower scores are not reported.
            Defaults to 0.05, as low as average precision wants it.
        iou_threshold: float. Of two boxes of a class that overlap by more,
            the one with the higher score is kept. Defaults to 0.5.
        max_detections: int. At most so many boxes of a picture. Defaults to
            100.
        letterbox: bool. Whether pictures of other proportions are padded
            where they are scaled, in place of distorted. Defaults to False.

    Call arguments:
        inputs: tensor of shape `(batch, height, width, channels)`, values
            in the pictures' native range.

    Returns:
        What the network predicts at all its places; `detections` selects from
        it, `predict_boxes` does both.

        Targets are float32 `(batch, m, 5)` of `(x_min, y_min, x_max, y_max,
        class)`, in pixels; rows of class -1 fill up. `data.pack_boxes` makes
        them.

    Raises:
        ValueError: on pictures of another size or number of channels than the
            network takes; `predict_boxes` scales them.

    Example:

    >>> from keras_nn.models import FCOS, ResNet
    >>> backbone = ResNet(
    ...     False, input_shape=(64, 64, 3), num_blocks=[1, 1],
    ...     num_filters=[8, 8], bottleneck=False, stem_filters=4,
    ... )
    >>> network = FCOS(backbone, 3, strides=[4, 8], extra_levels=0, filters=8,
    ...                depth=1, norm_groups=2)
    >>> app = ObjectDetector(network)
    >>> app.compile()
    >>> shapes = data.load("shapes-boxes").train.take(4)
    >>> history = app.fit(shapes, verbose=0)
    >>> sorted(app.predict_boxes(shapes.x[:1])[0])
    ['boxes', 'labels', 'scores']
    """

    def __init__(
        self,
        network,
        class_names=None,
        preprocess="auto",
        augmentation=None,
        score_threshold=0.05,
        iou_threshold=0.5,
        max_detections=100,
        letterbox=False,
        **kwargs,
    ):
        if class_names is not None and len(class_names) != network.num_classes:
            raise ValueError(
                "`class_names` must name every class. Received: "
                f"num_classes={network.num_classes} and {len(class_names)} "
                "names"
            )
        preprocessing = as_preprocessing(preprocess, network)
        pictures = keras.Input(network.input_shape[1:], name="pictures")
        x = pictures if preprocessing is None else preprocessing(pictures)
        super().__init__(pictures, network(x), **kwargs)

        self.network = network
        self.class_names = class_names and [str(n) for n in class_names]
        self.preprocess = preprocess
        self.augmentation = augmentation
        self.score_threshold = score_threshold
        self.iou_threshold = iou_threshold
        self.max_detections = max_detections
        self.letterbox = letterbox
        self.preprocessing = preprocessing

    @property
    def num_classes(self):
        """int. The number of classes."""
        return self.network.num_classes

    def get_config(self):
        return {
            "name": self.name,
            "trainable": self.trainable,
            "network": serialized(self.network),
            "class_names": self.class_names,
            "preprocess": serialized(self.preprocess),
            "augmentation": serialized(self.augmentation),
            "score_threshold": self.score_threshold,
            "iou_threshold": self.iou_threshold,
            "max_detections": self.max_detections,
            "letterbox": self.letterbox,
        }

    @classmethod
    def from_config(cls, config):
        layers = ("network", "preprocess", "augmentation")
        return cls(**deserialized(config, layers))

    @classmethod
    def from_pretrained(cls, name, num_classes=None, loading=None, **kwargs):
        """A detector on published weights: those of a DETR.

        Args:
            name: str or path. A folder with a checkpoint of Hugging Face's
                DETR, or its id on the hub, `"facebook/detr-resnet-50"`.
            num_classes: int or None. With a number, what says the class
                begins anew, for classes of your own. None keeps it.
            loading: dict or None. Arguments of
                `keras_nn.pretrained.hugging_face.load`: `input_shape`,
                `revision`, `sha256`.
            **kwargs: of the constructor. Pictures keep their proportions,
                unless `letterbox` says otherwise; boxes that overlap do not
                suppress one another, unless `iou_threshold` does.

        Returns:
            An `ObjectDetector` that preprocesses as the weights expect.

        Raises:
            FileNotFoundError: if there is no such checkpoint, or none can be
                downloaded.
            WrongRequest: if it is that of another network.
            ValueError: if its tensors do not fit the network.
        """
        network, names = published_detector(
            name, num_classes, **(loading or {})
        )
        usual = {"letterbox": True, "iou_threshold": 1.0}
        return cls(network, **{"class_names": names, **usual, **kwargs})

    @classmethod
    def default_settings(cls):
        return {
            **optimization.SETTINGS,
            **transfer.SETTINGS,
            **recipes.AUGMENTATION,
            "network": "auto",  # what the recipe says
            "backbone": "auto",  # of `network`, where it is named: ResNet-18
            "preprocess": "auto",
            "image_size": None,
            "letterbox": False,
            "on_error": "raise",
            "degenerate": "raise",
            "validation_fraction": 0.1,
            "test_fraction": 0.1,
            "score_threshold": 0.05,
            "iou_threshold": 0.5,
        }

    @classmethod
    def setting_choices(cls):
        return {
            **optimization.CHOICES,
            "network": ("auto", *recipes.NETWORKS),
            "backbone": ("auto", *BACKBONES),
            "preprocess": ("auto", *MODES),
            "on_error": ("raise", "skip"),
            "degenerate": ("raise", "drop"),
            "flip": tuple(recipes.FLIPS),
        }

    @classmethod
    def recipes(cls):
        return recipes.RECIPES

    @classmethod
    def read_data(cls, path, recipe, seed, settings):
        if recipe.data == "bccd" and (Path(path) / "BCCD").is_dir():
            return data.load("bccd", path=path, seed=seed)
        return read_boxes(
            path,
            image_size=as_size(settings["image_size"]),
            validation_fraction=settings["validation_fraction"],
            test_fraction=settings["test_fraction"],
            seed=seed,
            on_error=settings["on_error"],
            degenerate=settings["degenerate"],
            pad_to_aspect_ratio=settings["letterbox"],
        )

    @classmethod
    def from_recipe(cls, recipe, splits, epochs, batch_size, **settings):
        if splits.train.y.ndim != 3 or splits.train.y.shape[-1] != 5:
            raise WrongRequest(
                "A detector learns from pictures with boxes, such as the data "
                "set shapes-boxes. Received: targets of shape "
                f"{splits.train.y.shape} ({splits.name})"
            )
        app = cls(
            recipes.network(
                recipe, settings, splits.train.shape, splits.num_classes
            ),
            class_names=splits.class_names,
            preprocess=settings["preprocess"],
            augmentation=recipes.augmentation(settings),
            score_threshold=settings["score_threshold"],
            iou_threshold=settings["iou_threshold"],
            letterbox=settings["letterbox"],
        )
        steps = epochs * data.steps(splits.train, batch_size)
        app.compile(optimizer=transfer.optimizer(app, settings, steps))
        return app

    def training_callbacks(self, settings):
        return transfer.unfreezing(self, settings)

    def default_loss(self):
        return self.network.objective()

    def default_metrics(self):
        few = self.num_classes <= 20
        return [
            metrics.MeanAveragePrecision(
                self.num_classes, class_names=self.names if few else None
            )
        ]

    def read_test(self, path, settings):
        how = how_to_read(self.input_shape)
        splits = read_boxes(
            path,
            **how,
            validation_fraction=0,
            test_fraction=0,
            on_error=settings["on_error"],
            degenerate=settings["degenerate"],
            class_names=self.names,
            pad_to_aspect_ratio=self.letterbox,
        )
        return splits.test or splits.train

    def inspectors(self, log_dir, validation_data=None, every=1, hparams=None):
        from keras_nn import callbacks

        common = super().inspectors(log_dir, validation_data, every, hparams)
        if validation_data is None or self.input_shape[-1] not in (1, 3):
            return common
        sample = callbacks.ValidationSample.of(
            validation_data, limit=4, class_names=self.class_names, batch_size=4
        )
        return [*common, callbacks.BoxOverlays(log_dir, sample, every)]
