import os

import keras
import numpy as np

from keras_nn import data
from keras_nn import losses
from keras_nn import metrics
from keras_nn.applications import image_segmenter_recipes as recipes
from keras_nn.applications import optimization
from keras_nn.applications import transfer
from keras_nn.applications.full_size_map import full_size_map
from keras_nn.applications.image_segmenter_networks import network as network_of
from keras_nn.applications.many_looks import ManyLooks
from keras_nn.applications.many_looks import check_looks
from keras_nn.applications.mask_prediction import MaskPrediction
from keras_nn.applications.picture_application import PictureApplication
from keras_nn.applications.picture_application import as_preprocessing
from keras_nn.applications.picture_application import as_size
from keras_nn.applications.picture_application import check_classes
from keras_nn.applications.picture_application import deserialized
from keras_nn.applications.picture_application import serialized

IGNORED = 255  # what does not count


@keras.saving.register_keras_serializable(package="keras_nn")
class ImageSegmenter(ManyLooks, MaskPrediction, PictureApplication):
    """Pictures to masks: the class of every pixel, on any Keras network.

    `p = softmax(W features(preprocess(picture)) + b)` at every pixel

    A network whose map is smaller than the picture has it scaled up again.
    The classifier itself stays in float32.

    Args:
        network: `keras.Model` from pictures to a map of features `(batch,
            height, width, channels)`, such as a `UNet` without its top.
        num_classes: int. At least 2.
        class_names: list of str or None. Saved with the model. Defaults to
            `"0"`, `"1"` ...
        preprocess: as in `ImageClassifier`. Defaults to `"auto"`.
        augmentation: layer or None. Applied in training, to `{"images": ...,
            "segmentation_masks": ...}` as Keras's augmentation layers take
            them; such as `RandomDeformation`.
        class_weights: list of float or None. Weight of each class in the
            default loss.
        dice_weight: float. Share of the Dice loss in the default loss, beside
            the cross-entropy. Defaults to 1.
        tile: int or None. Side of the tiles, in pixels, in which
            `predict_masks` looks at pictures that are larger; for networks
            that take any size. Defaults to None: 512.
        views: int. Flips and turns over which all but training and its
            validation averages: 1, 2, 4 or, for squares, 8. Defaults to 1.
        samples: int. Looks with dropout on that `predict_uncertainty`
            compares; 0, the default, compares the views.

    Call arguments:
        inputs: tensor of shape `(batch, height, width, channels)`, values
            in the pictures' native range.

    Returns:
        Probabilities of shape `(batch, height, width, num_classes)`. Masks
        hold class indices; 255 is what does not count.

    Raises:
        ValueError: on pictures of another number of channels than the network
            takes, and of another size if it takes one only.

    Example:

    >>> from keras_nn.models import UNet
    >>> network = UNet(False, input_shape=(64, 64, 3), filters=[4, 8])
    >>> app = ImageSegmenter(network, num_classes=4)
    >>> app.compile()
    >>> drawn = data.draw_shapes(2)
    >>> history = app.fit(drawn["images"], drawn["masks"], verbose=0)
    >>> app.predict_masks(drawn["images"])[0].shape
    (64, 64)
    """

    writes_files = True

    def __init__(
        self,
        network,
        num_classes,
        class_names=None,
        preprocess="auto",
        augmentation=None,
        class_weights=None,
        dice_weight=1.0,
        tile=None,
        views=1,
        samples=0,
        **kwargs,
    ):
        check_classes(num_classes, class_names)
        check_looks(views, samples, network)
        preprocessing = as_preprocessing(preprocess, network)
        head = keras.layers.Conv2D(
            num_classes,
            1,
            activation="softmax",
            data_format="channels_last",
            dtype="float32",
            name="head",
        )
        pictures = keras.Input(network.input_shape[1:], name="pictures")
        x = pictures if preprocessing is None else preprocessing(pictures)
        super().__init__(
            pictures, head(full_size_map(network(x), network)), **kwargs
        )

        self.network = network
        self.num_classes = num_classes
        self.class_names = class_names and [str(n) for n in class_names]
        self.preprocess = preprocess
        self.augmentation = augmentation
        self.class_weights = class_weights and [*map(float, class_weights)]
        self.dice_weight = dice_weight
        self.tile = tile
        self.views = views
        self.samples = samples
        self.preprocessing = preprocessing
        self.head = head

    def train_step(self, data):
        x, y, weight = keras.utils.unpack_x_y_sample_weight(data)
        if self.augmentation is not None:
            # A mask is bent as its picture is, so both pass here.
            pair = {
                "images": keras.ops.cast(x, "float32"),
                "segmentation_masks": y,
            }
            pair = self.augmentation(pair, training=True)
            x, y = pair["images"], pair["segmentation_masks"]
        return super().train_step(
            keras.utils.pack_x_y_sample_weight(x, y, weight)
        )

    def get_config(self):
        return {
            "name": self.name,
            "trainable": self.trainable,
            "network": serialized(self.network),
            "num_classes": self.num_classes,
            "class_names": self.class_names,
            "preprocess": serialized(self.preprocess),
            "augmentation": serialized(self.augmentation),
            "class_weights": self.class_weights,
            "dice_weight": self.dice_weight,
            "tile": self.tile,
            "views": self.views,
            "samples": self.samples,
        }

    @classmethod
    def from_config(cls, config):
        layers = ("network", "preprocess", "augmentation")
        return cls(**deserialized(config, layers))

    @classmethod
    def default_settings(cls):
        return {
            **optimization.SETTINGS,
            **transfer.SETTINGS,
            **recipes.SETTINGS,
        }

    @classmethod
    def setting_choices(cls):
        return {**optimization.CHOICES, **recipes.CHOICES}

    @classmethod
    def recipes(cls):
        return recipes.RECIPES

    @classmethod
    def read_data(cls, path, recipe, seed, settings):
        folders = {entry.name for entry in os.scandir(path) if entry.is_dir()}
        official = recipe.data is not None and not folders & {"images", "train"}
        if official:
            return data.load(
                recipe.data,
                path=path,
                seed=seed,
                validation_fraction=settings["validation_fraction"],
            )
        return data.from_mask_folders(
            path,
            image_size=as_size(settings["image_size"]),
            validation_fraction=settings["validation_fraction"],
            test_fraction=settings["test_fraction"],
            seed=seed,
            on_error=settings["on_error"],
        )

    @classmethod
    def from_recipe(cls, recipe, splits, epochs, batch_size, **settings):
        height, width, channels = splits.train.shape
        if settings["crop"]:
            height = width = None
        app = cls(
            network_of(recipe, settings, (height, width, channels)),
            splits.num_classes,
            class_names=splits.class_names,
            preprocess=settings["preprocess"],
            augmentation=recipes.augmentation(settings),
            class_weights=recipes.class_weights(settings, splits, IGNORED),
            dice_weight=settings["dice_weight"],
            tile=settings["tile"],
            views=settings["views"],
            samples=settings["samples"],
        )
        steps = epochs * data.steps(splits.train, batch_size)
        app.compile(
            optimizer=transfer.optimizer(app, settings, steps),
            loss=recipes.loss(settings, app.class_weights, IGNORED),
        )
        return app

    def training_callbacks(self, settings):
        return transfer.unfreezing(self, settings)

    def default_loss(self):
        return losses.CrossentropyDice(
            self.dice_weight,
            ignore_class=IGNORED,
            class_weights=self.class_weights,
        )

    def default_metrics(self):
        found = [
            metrics.SegmentationIoU(
                self.num_classes, ignore_class=IGNORED, name="mean_iou"
            ),
            metrics.PixelAccuracy(self.num_classes, ignore_class=IGNORED),
        ]
        if self.num_classes == 2:
            found.append(
                metrics.SegmentationIoU(
                    2, [1], ignore_class=IGNORED, name="foreground_iou"
                )
            )
        return found

    def read_test(self, path, settings):
        height, width = self.input_shape[1:3]
        size = None if None in (height, width) else (height, width)
        splits = data.from_mask_folders(
            path,
            image_size=size or as_size(settings["image_size"]),
            validation_fraction=0,
            test_fraction=0,
            color_mode=self.color_mode(),
            on_error=settings["on_error"],
            class_names=self.class_names,
        )
        return splits.test or splits.train

    def example_scores(self, split):
        if np.any(np.asarray(split.y) == IGNORED):
            return {}  # pictures do not count the same
        shares = []
        for x, y in split.batches(8):
            predicted = self.predict_on_batch(x).argmax(axis=-1)
            shares.append((predicted == np.asarray(y)).mean(axis=(1, 2)))
        return {"pixel_accuracy": np.concatenate(shares)}

    def inspectors(self, log_dir, validation_data=None, every=1, hparams=None):
        from keras_nn import callbacks

        common = super().inspectors(log_dir, validation_data, every, hparams)
        channels = self.input_shape[-1]
        if validation_data is None or channels not in (1, 3):
            return common
        sample = callbacks.ValidationSample.of(
            validation_data,
            limit=16,
            class_names=self.class_names,
            batch_size=8,
        )
        common.append(callbacks.MaskOverlays(log_dir, sample, every))
        if max(self.views, self.samples) > 1:
            common.append(callbacks.UncertaintyMaps(log_dir, sample))
        return common
