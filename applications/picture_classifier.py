import keras

from keras_nn import data
from keras_nn.applications import image_classifier_settings as making
from keras_nn.applications import transfer
from keras_nn.applications.augmenting_application import AugmentingApplication
from keras_nn.applications.picture_application import as_preprocessing
from keras_nn.applications.picture_application import as_size
from keras_nn.applications.picture_application import check_classes
from keras_nn.applications.picture_application import deserialized
from keras_nn.applications.picture_application import serialized
from keras_nn.applications.picture_files import how_to_read


class PictureClassifier(AugmentingApplication):
    """Scores of classes for pictures, on any Keras network. Abstract.

    `p = activation(W features(preprocess(crop(picture))) + b)`

    A subclass says what the scores are with `activation`, how many classes
    there must be with `fewest_classes`, and documents the arguments, which
    are those of `ImageClassifier`.
    """

    activation = None
    fewest_classes = 2

    def __init__(
        self,
        backbone,
        num_classes,
        class_names=None,
        preprocess="auto",
        augmentation=None,
        dropout=0.0,
        mixing=None,
        label_smoothing=0.0,
        policy=None,
        crop=None,
        image_size=None,
        decoder=None,
        **kwargs,
    ):
        check_classes(num_classes, class_names, self.fewest_classes)
        preprocessing = as_preprocessing(preprocess, backbone)
        head = decoder or keras.layers.Dense(
            num_classes,
            activation=self.activation,
            dtype="float32",
            name="head",
        )
        shape = tuple(backbone.input_shape[1:])
        if crop is not None and image_size is not None:
            shape = (*image_size, shape[-1])
        pictures = keras.Input(shape, name="pictures")
        x = pictures
        for stage in (crop, policy, preprocessing, augmentation, backbone):
            x = x if stage is None else stage(x)
        x = _pool(x) if decoder is None else x
        if dropout:
            x = keras.layers.Dropout(dropout, name="dropout")(x)
        scores = head(x)
        if scores.shape[1:] != (num_classes,):
            raise ValueError(
                "`decoder` must give a score for each class. Received: scores "
                f"of shape {scores.shape} for {num_classes=}"
            )
        super().__init__(pictures, scores, **kwargs)

        self.backbone = backbone
        self.num_classes = num_classes
        self.class_names = class_names and [str(n) for n in class_names]
        self.preprocess = preprocess
        self.augmentation = augmentation
        self.dropout = dropout
        self.mixing = mixing
        self.label_smoothing = label_smoothing
        self.policy = policy
        self.crop = crop
        self.image_size = image_size
        self.decoder = decoder
        self.preprocessing = preprocessing
        self.head = head

    def get_config(self):
        return {
            "name": self.name,
            "trainable": self.trainable,
            "backbone": serialized(self.backbone),
            "num_classes": self.num_classes,
            "class_names": self.class_names,
            "preprocess": serialized(self.preprocess),
            "augmentation": serialized(self.augmentation),
            "dropout": self.dropout,
            "mixing": serialized(self.mixing),
            "label_smoothing": self.label_smoothing,
            "policy": serialized(self.policy),
            "crop": serialized(self.crop),
            "image_size": self.image_size,
            "decoder": serialized(self.decoder),
        }

    @classmethod
    def from_config(cls, config):
        layers = ("backbone", "preprocess", "augmentation", "mixing", "policy")
        return cls(**deserialized(config, (*layers, "crop", "decoder")))

    @classmethod
    def setting_choices(cls):
        return dict(making.CHOICES)

    @classmethod
    def from_settings(
        cls, recipe, splits, epochs, batch_size, settings, **arguments
    ):
        """The application for this data, and the optimiser that it trains by.

        Args:
            recipe: `Recipe`.
            splits: `keras_nn.data.Splits`.
            epochs: int. As are
            batch_size: those of `from_recipe`.
            settings: dict, resolved.
            **arguments: further ones of the constructor.
        """
        read = splits.train.shape
        shape = making.cropped(read, settings)
        crop = making.crop(settings, shape)
        decoder = cls.make_decoder(settings, splits.num_classes)
        pooling = "avg" if decoder is None else None
        app = cls(
            transfer.backbone(settings, shape, recipe.network, pooling),
            splits.num_classes,
            class_names=splits.class_names,
            preprocess=settings["preprocess"],
            augmentation=making.augmentation(
                settings["augmentation"], shape, settings["erasing"]
            ),
            dropout=settings["dropout"],
            mixing=making.mixing(settings),
            label_smoothing=settings["label_smoothing"],
            policy=making.policy(settings),
            crop=crop,
            image_size=None if crop is None else read[:2],
            decoder=decoder,
            **arguments,
        )
        steps = epochs * data.steps(splits.train, batch_size)
        return app, transfer.optimizer(app, settings, steps)

    @classmethod
    def make_decoder(cls, settings, num_classes):
        """The layer that takes the place of pooling and head, or None."""
        return None

    @staticmethod
    def reading_settings(settings):
        """How files are read for these settings: a dict."""
        size = as_size(settings["image_size"])
        found = {
            "image_size": making.read_size(size, settings["crop_pct"]),
            "on_error": settings["on_error"],
        }
        return found | _undistorted(making.crops(settings))

    @property
    def reading(self):
        """How files become pictures for the application: a dict."""
        found = how_to_read(self.input_shape)
        return found | _undistorted(self.crop is not None)

    def training_callbacks(self, settings):
        return transfer.unfreezing(self, settings)

    def explain_path(self, path, folder, method, label=None, settings=None):
        from keras_nn.applications.picture_explanations import explain_pictures

        return explain_pictures(
            self,
            path,
            folder,
            method,
            label,
            settings,
            read=data.ImageReader(**self.reading),
        )


def _undistorted(cropped):
    """What is cut out afterwards must not have been distorted.

    Else nothing is said, for shards know how they were written.
    """
    return {"crop_to_aspect_ratio": True} if cropped else {}


def _pool(features):
    rank = len(getattr(features, "shape", ()))
    if rank == 4:
        return keras.layers.GlobalAveragePooling2D(name="pool")(features)
    if rank == 3:
        return keras.layers.GlobalAveragePooling1D(name="pool")(features)
    if rank == 2:
        return features
    raise ValueError(
        "`backbone` must end in one feature map, in tokens or in a vector. "
        f"Received: {features}"
    )
