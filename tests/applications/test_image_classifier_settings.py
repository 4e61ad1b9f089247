import keras
import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications import ImageClassifier
from keras_nn.applications import image_classifier_settings as making
from keras_nn.applications.image_classifier_recipes import RECIPES
from keras_nn.applications.image_classifier_settings import AUGMENTATIONS
from keras_nn.applications.image_classifier_settings import augmentation
from keras_nn.applications.image_classifier_settings import mixing
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.layers import RandAugment
from keras_nn.layers import TrivialAugment
from keras_nn.models import MLP
from keras_nn.models import ConvNeXt
from keras_nn.pretrained import hugging_face


def test_weights_must_have_been_published():
    (recipe, *_) = RECIPES
    split = data.Split(np.zeros((4, 32, 32, 3), "uint8"), np.arange(4))
    splits = data.Splits(split, split, split, class_names=tuple("abcd"))
    settings = {
        **ImageClassifier.default_settings(),
        "backbone": "resnet18",
        "weights": "imagenet",
    }
    with pytest.raises(WrongRequest, match="no published weights for 'resn"):
        ImageClassifier.from_recipe(recipe, splits, 1, 4, **settings)


def build(shape=(4, 4, 1), **settings):
    """The first recipe's application, with other settings."""
    split = data.Split(np.zeros((4, *shape), "uint8"), np.arange(4))
    splits = data.Splits(split, split, split, class_names=tuple("abcd"))
    settings = {**ImageClassifier.default_settings(), **settings}
    return ImageClassifier.from_recipe(RECIPES[0], splits, 1, 4, **settings)


def test_a_folder_with_a_checkpoint_says_which_network(tmp_path):
    model = ConvNeXt(
        input_shape=(32, 32, 3),
        depths=[1, 1],
        widths=[4, 8],
        classes=5,
        include_preprocessing=False,
    )
    hugging_face.save(model, tmp_path)
    app = build((32, 32, 3), weights=str(tmp_path))
    assert type(app.backbone) is ConvNeXt
    assert app.output_shape == (None, 4)
    np.testing.assert_array_equal(
        app.backbone.get_weights()[0], model.get_weights()[0]
    )
    with pytest.raises(WrongRequest, match="set `backbone=auto` beside it"):
        build((32, 32, 3), weights=str(tmp_path), backbone="resnet18")
    with pytest.raises(WrongRequest, match="Say which network"):
        build((32, 32, 3), weights="imagenet")


def test_mixing_is_what_the_settings_say():
    assert mixing({"mixup": 0.0, "cutmix": 0.0}) is None
    layer = mixing({"mixup": 0.2, "cutmix": 0.0})
    assert (layer.mixup, layer.cutmix) == (0.2, 0.0)


def test_policy_is_what_the_settings_say():
    settings = ImageClassifier.default_settings()
    assert making.policy(settings) is None
    layer = making.policy({**settings, "policy": "rand_augment"})
    assert type(layer) is RandAugment and layer.magnitude == 9
    layer = making.policy({**settings, "policy": "trivial_augment"})
    assert type(layer) is TrivialAugment
    app = build(policy="rand_augment", magnitude=3.0, erasing=0.5)
    assert app.policy.magnitude == 3
    assert [layer.name for layer in app.augmentation.layers] == ["erase"]


def test_erasing_leaves_the_mean_in_the_share_of_pictures_asked_for():
    keras.utils.set_random_seed(0)
    layer = augmentation("none", (16, 16, 1), erasing=0.25)
    x = np.ones((400, 16, 16, 1), "float32")
    y = np.asarray(layer(x, training=True))
    assert set(np.unique(y)) == {0, 1}
    erased = (y == 0).any(axis=(1, 2, 3))
    assert 0.15 < erased.mean() < 0.35
    assert len(np.unique(y[erased].mean(axis=(1, 2, 3)).round(3))) > 10


def test_the_rate_decays_from_block_to_block():
    app = build(layer_decay=0.5, optimizer="adamw", schedule="cosine")
    assert set(app.optimizer.scales) == {0.125, 0.25, 0.5, 1.0}
    assert type(app.optimizer.optimizer) is keras.optimizers.AdamW
    assert app.optimizer.scales[-1] == 1
    app.fit(np.zeros((4, 4, 4, 1)), np.arange(4), verbose=0)


def test_averaged_weights_are_what_is_left():
    keras.utils.set_random_seed(0)
    app = build(ema=0.9, learning_rate=0.1)
    x = np.random.default_rng(0).uniform(0, 16, (16, 4, 4, 1))
    seen = []

    class Look(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            seen.append(self.model.head.kernel.numpy())

    app.fit(x, np.arange(16) % 4, batch_size=4, verbose=0, callbacks=[Look()])
    expected = seen[0]
    for kernel in seen[1:]:
        expected = 0.9 * expected + 0.1 * kernel
    np.testing.assert_allclose(app.head.kernel, expected, rtol=1e-4, atol=1e-6)


def test_the_transfer_recipe_frees_the_backbone_after_some_epochs():
    app = ImageClassifier(MLP(False, input_shape=(4, 4, 1), units=[3]), 2)
    settings = ImageClassifier.default_settings()
    assert app.training_callbacks(settings) == []
    (found,) = app.training_callbacks({**settings, "frozen_epochs": 3})
    assert found.layer is app.backbone and found.epoch == 3


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_augmentation_keeps_shape_and_range(name):
    layer = augmentation(name, (32, 32, 3))
    if layer is None:
        assert name == "none"
        return
    x = np.random.default_rng(0).uniform(0, 1, (8, 32, 32, 3))
    y = keras.ops.convert_to_numpy(layer(x.astype("float32"), training=True))
    assert y.shape == x.shape
    assert not np.allclose(y, x)
    assert 0 <= y.min() <= y.max() <= 1


def test_crops_shift_by_at_most_four_pixels_picture_by_picture():
    keras.utils.set_random_seed(0)
    x = np.zeros((4000, 32, 32, 1), "float32")
    x[:, 16, 16] = 1
    y = augmentation("crop_flip", (32, 32, 1))(x, training=True)
    flat = keras.ops.convert_to_numpy(y).reshape(4000, -1)
    assert (flat.sum(axis=1) == 1).all()
    rows, columns = np.divmod(flat.argmax(axis=1), 32)
    shifts, counts = np.unique(rows - 16, return_counts=True)
    assert shifts.tolist() == list(range(-4, 5))
    assert counts.min() > 0.8 * counts.max()
    assert len(np.unique(columns)) > 8


@pytest.mark.parametrize("side, share", [(224, 0.875), (224, 0.9), (32, 1.0)])
def test_what_is_read_is_as_much_larger_as_is_cut_off(side, share):
    read = making.read_size((side, side), share)
    assert read == (int(side / share + 1e-9),) * 2
    assert making.cropped((*read, 3), {"crop_pct": share})[:2] == (side, side)


def test_pictures_are_cut_at_random_and_measured_in_the_middle(tmp_path):
    app = build((10, 10, 3), crop_scale=0.3, crop_pct=0.8)
    assert app.input_shape == (None, 10, 10, 3)
    assert app.backbone.input_shape == (None, 8, 8, 3)
    assert app.reading["crop_to_aspect_ratio"]
    x = np.random.default_rng(0).integers(0, 256, (4, 10, 10, 3))
    app.prepare(x)
    shown, _ = app.augmented(x, np.arange(4))
    assert shown.shape == (4, 8, 8, 3)
    middle = build((8, 8, 3))
    middle.set_weights([w for w in app.get_weights() if w.shape != (2,)])
    np.testing.assert_allclose(
        app(x), middle(x[:, 1:9, 1:9]), rtol=1e-4, atol=1e-6
    )
    app.save(tmp_path / "a.keras")
    np.testing.assert_array_equal(
        keras.saving.load_model(tmp_path / "a.keras")(x), app(x)
    )
    fixed = build((10, 10, 3), crop_pct=0.8)
    assert type(fixed.crop) is keras.layers.CenterCrop
    with pytest.raises(WrongRequest, match=r"crop_pct.*1\.2"):
        build((10, 10, 3), crop_pct=1.2)
    policy = making.policy({"policy": "aug_mix", "magnitude": 9.0})
    for pictures in (x, x[..., :1]):  # in colour and grey
        mixed = policy(pictures.astype("float32"), training=True)
        assert mixed.shape == pictures.shape
        assert not np.allclose(mixed, pictures)
