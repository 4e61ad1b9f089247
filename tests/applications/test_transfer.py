import keras
import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications import ImageClassifier
from keras_nn.applications import ImageSegmenter
from keras_nn.applications import ObjectDetector
from keras_nn.applications import VideoClassifier
from keras_nn.applications import transfer
from keras_nn.applications.recipe import resolve_settings
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.models import MLP
from keras_nn.models import CenterNet
from keras_nn.models import ConvLSTMNetwork
from keras_nn.models import ConvNeXt
from keras_nn.models import ResNet
from keras_nn.models import UNet
from keras_nn.models import layer_groups
from keras_nn.pretrained import hugging_face

RNG = np.random.default_rng(0)


def small(side=16, blocks=2):
    keras.utils.set_random_seed(0)
    return ResNet(
        False,
        input_shape=(side, side, 3),
        pooling="avg",
        stem="cifar",
        num_blocks=[1] * blocks,
        num_filters=[4, 8, 8][:blocks],
        bottleneck=False,
    )


def saved(app, folder):
    """A file of an application that no training has touched."""
    path = folder / "model.keras"
    app.save(path)
    return str(path)


def build(application, x, y, recipe=0, **given):
    """An application with other settings, and those: `(app, settings)`."""
    recipe = application.recipes()[recipe]
    settings = resolve_settings(
        application.default_settings(),
        application.setting_choices(),
        recipe.settings,
        given,
    )
    split = data.Split(x, y)
    splits = data.Splits(split, split, split, class_names=("a", "b", "c"))
    app = application.from_recipe(recipe, splits, 2, 4, **settings)
    return app, settings


def same(one, other):
    pairs = zip(one.get_weights(), other.get_weights(), strict=True)
    return all(np.array_equal(a, b) for a, b in pairs)


PICTURES = RNG.integers(0, 256, (4, 32, 32, 3)).astype("uint8")
MASKS = RNG.integers(0, 3, (4, 32, 32)).astype("uint8")


def test_a_segmenter_begins_with_a_classifiers_backbone(tmp_path):
    network = small()
    weights = saved(ImageClassifier(network, 5), tmp_path)
    app, settings = build(
        ImageSegmenter,
        PICTURES,
        MASKS,
        network="unet",
        weights=str(tmp_path),
        frozen_epochs=1,
        layer_decay=0.5,
    )
    found = app.network.backbone
    assert found.input_shape == (None, 32, 32, 3) and same(found, network)
    assert app.output_shape == (None, 32, 32, 3)
    assert set(app.optimizer.scales) == {0.125, 0.25, 0.5, 1.0}
    (freeze,) = app.training_callbacks(settings)
    assert freeze.layer is found and freeze.epoch == 1
    count = len(app.trainable_weights)
    found.trainable = False
    assert len(app.trainable_weights) == count - len(network.trainable_weights)
    with pytest.raises(WrongRequest, match="on the run's backbone"):
        build(ImageSegmenter, PICTURES, MASKS, weights=weights)
    with pytest.raises(WrongRequest, match="set `backbone=auto` beside it"):
        build(
            ImageSegmenter,
            PICTURES,
            MASKS,
            network="fpn",
            backbone="resnet18",
            weights=weights,
        )


@pytest.mark.slow
def test_a_frozen_backbone_is_left_alone_until_it_is_set_free(tmp_path):
    network = small()
    app, settings = build(
        ImageSegmenter,
        PICTURES,
        MASKS,
        network="unet",
        weights=saved(ImageClassifier(network, 5), tmp_path),
        frozen_epochs=1,
    )
    seen, before = [], app.head.kernel.numpy()

    class Look(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            unchanged = same(app.network.backbone, network)
            seen.append((unchanged, app.head.kernel.numpy()))

    freeze = app.training_callbacks(settings)
    app.fit(PICTURES, MASKS, epochs=2, verbose=0, callbacks=[*freeze, Look()])
    assert [unchanged for unchanged, _ in seen] == [True, False]
    assert np.abs(seen[0][1] - before).max() > 0


def test_a_segmenter_goes_on_with_another_ones_network(tmp_path):
    network = UNet(False, input_shape=(16, 16, 3), filters=[4, 6])
    weights = saved(ImageSegmenter(network, 2), tmp_path)
    app, _ = build(ImageSegmenter, PICTURES, MASKS, weights=weights)
    assert app.network.input_shape == (None, 32, 32, 3)
    assert app.num_classes == 3 and same(app.network, network)
    assert transfer.learnt_part(app) is app.network
    grey = PICTURES[..., :1]
    with pytest.raises(WrongRequest, match="do not fit"):
        build(ImageSegmenter, grey, MASKS, weights=weights)


def test_a_checkpoint_begins_segmenters_and_detectors(tmp_path):
    model = ConvNeXt(
        input_shape=(32, 32, 3),
        depths=[1, 1, 1, 1],
        widths=[4, 4, 8, 8],
        classes=5,
        include_preprocessing=False,
    )
    hugging_face.save(model, tmp_path)
    given = {"weights": str(tmp_path), "drop_path": 0.3, "thawing_epochs": 2}
    app, _ = build(ImageSegmenter, PICTURES, MASKS, network="fpn", **given)
    assert type(app.network.backbone) is ConvNeXt
    boxes = np.full((4, 2, 5), -1, "float32")
    found, settings = build(
        ObjectDetector, PICTURES, boxes, network="centernet", **given
    )
    for backbone in (app.network.backbone, found.network.backbone):
        assert backbone.drop_path == 0.3
        np.testing.assert_array_equal(
            backbone.get_weights()[0], model.get_weights()[0]
        )
    parts = [c.layer for c in found.training_callbacks(settings)]
    assert len(parts) > 1
    with pytest.raises(WrongRequest, match="Say which network is on the back"):
        build(ObjectDetector, PICTURES, boxes, **given)
    with pytest.raises(WrongRequest, match="Say which network"):
        build(ObjectDetector, PICTURES, boxes, -1, weights="imagenet")


def test_a_backbone_of_which_a_part_was_saved_is_refused(tmp_path):
    network = CenterNet(
        small(blocks=3), 2, [1, 2], filters=4, depth=0, norm_groups=2
    )
    weights = saved(ObjectDetector(network), tmp_path)
    with pytest.raises(WrongRequest, match="a part of its backbone only"):
        transfer.backbone_of_run(weights, (16, 16, 3))


def test_networks_of_clips_come_from_runs_and_files(tmp_path):
    clips = RNG.integers(0, 256, (4, 3, 8, 8, 1)).astype("uint8")
    labels = np.arange(4) % 3
    network = ConvLSTMNetwork(
        False, input_shape=(4, 6, 6, 1), pooling="avg", filters=(24,)
    )
    network.save_weights(tmp_path / "own.weights.h5")
    saved(VideoClassifier(network, 2), tmp_path)
    run, _ = build(
        VideoClassifier,
        clips,
        labels,
        2,
        weights=str(tmp_path),
        layer_decay=0.5,
    )
    file, _ = build(
        VideoClassifier,
        clips,
        labels,
        network="conv_lstm",
        weights=str(tmp_path / "own.weights.h5"),
    )
    for app in (run, file):
        assert app.backbone.input_shape == (None, 3, 8, 8, 1)
        assert same(app.backbone, network)
    assert min(run.optimizer.scales) < max(run.optimizer.scales) == 1
    with pytest.raises(WrongRequest, match="set `network=auto` beside it"):
        build(VideoClassifier, clips, labels, weights=str(tmp_path))
    with pytest.raises(WrongRequest, match="takes a run of ours or a file"):
        build(VideoClassifier, clips, labels, 2, weights="owner/name")


def test_other_arguments_keep_the_weights_or_are_refused():
    network = small()
    assert same(transfer.rebuilt(network, pooling="max"), network)
    with pytest.raises(WrongRequest, match="has no drop_path"):
        transfer.rebuilt(network, drop_path=0.1)
    perceptron = MLP(False, input_shape=(4, 4, 1), units=[3])
    with pytest.raises(WrongRequest, match="do not fit"):
        transfer.rebuilt(perceptron, input_shape=(5, 4, 1))


def test_what_is_a_run(tmp_path):
    assert transfer.is_run("absent.keras")
    assert not transfer.is_run(tmp_path) and not transfer.is_run("imagenet")
    (tmp_path / "model.keras").write_bytes(b"")
    assert transfer.is_run(tmp_path)


def test_thawing_sets_groups_free_from_the_output_to_the_input():
    network = ResNet(
        False,
        input_shape=(8, 8, 3),
        pooling="avg",
        stem="cifar",
        num_blocks=[1, 1, 1],
        num_filters=[4, 4, 8],
        bottleneck=False,
    )
    app = ImageClassifier(network, 2)
    app.compile()
    settings = {
        **ImageClassifier.default_settings(),
        "frozen_epochs": 1,
        "thawing_epochs": 2,
    }
    # Behind the last block there is pooling only.
    groups = [
        [layer for layer in group if layer.weights]
        for group in layer_groups(network)[:-1]
    ]
    found = app.training_callbacks(settings)
    trained = []
    for callback in found:
        callback.set_model(app)
        callback.on_train_begin()
    for epoch in range(4):
        for callback in found:
            callback.on_epoch_begin(epoch)
        trained.append([group[0].trainable for group in groups])
    assert trained == [
        [False] * 4,
        [False, False, True, True],
        [True] * 4,
        [True] * 4,
    ]
    at_once = {**settings, "frozen_epochs": 0, "thawing_epochs": 2}
    assert len(app.training_callbacks(at_once)) == 2  # the last two are free
