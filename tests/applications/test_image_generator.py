import keras
import numpy as np
import pytest

from keras_nn import data
from keras_nn import models
from keras_nn.applications import ImageGenerator
from keras_nn.applications import WrongRequest
from keras_nn.layers import TimeEmbedding
from keras_nn.models import DiffusionModel
from keras_nn.schedules import CosineNoise
from keras_nn.testing import check_application
from keras_nn.testing import slow_but
from keras_nn.testing import two_replicas

X = np.random.default_rng(0).integers(0, 256, (12, 2, 2, 1)).astype("float32")
Y = np.arange(12) % 3


def network():
    inputs = {
        "noisy": keras.Input((2, 2, 1), name="noisy"),
        "times": keras.Input((), name="times"),
        "labels": keras.Input((), dtype="int32", name="labels"),
    }
    told = [
        keras.layers.Reshape((4,), name="flat")(inputs["noisy"]),
        TimeEmbedding(4, name="waves")(inputs["times"]),
        keras.layers.Embedding(4, 4, name="classes")(inputs["labels"]),
    ]
    x = keras.layers.Concatenate(name="told")(told)
    x = keras.layers.Dense(32, "relu", name="hidden")(x)
    x = keras.layers.Dense(4, name="says")(x)
    x = keras.layers.Reshape((2, 2, 1), name="picture")(x)
    return keras.Model(inputs, x)


def arguments(**kwargs):
    generator = DiffusionModel(
        network(), CosineNoise(100), "x0", num_classes=3, clip=1.0
    )
    return {"generator": generator, "guidance": 1.5, **kwargs}


def make(**kwargs):
    app = ImageGenerator(**arguments(**kwargs))
    app.compile()
    return app


def test_conformance():
    check_application(
        ImageGenerator, arguments, X, Y, epochs=20, replicas=False
    )


def with_vae(**kwargs):
    encoder = models.DenseEncoder((2, 2, 1), 4, [16], num_classes=3)
    decoder = models.DenseDecoder(2, (2, 2, 1), [16], num_classes=3)
    generator = models.VAE(encoder, decoder, num_classes=3)
    return {"generator": generator, **kwargs}


def with_gan(**kwargs):
    generator = models.GAN(
        models.DCGANGenerator(3, (2, 2, 1), [8], False, num_classes=3),
        models.DCGANDiscriminator((2, 2, 1), [8], None, num_classes=3),
        num_classes=3,
    )
    return {"generator": generator, **kwargs}


@pytest.mark.slow
def test_conformance_of_a_vae():
    check_application(
        ImageGenerator,
        with_vae,
        X,
        Y,
        epochs=20,
        replicas=False,
    )


def test_a_gan_is_trained_saved_and_goes_on(tmp_path):
    keras.utils.set_random_seed(0)
    app = ImageGenerator(**with_gan())
    rates = {
        player: keras.optimizers.Adam(
            1e-2, use_ema=player == "generator", ema_momentum=0.9
        )
        for player in app.generator.players
    }
    app.compile(rates)
    validation = data.Split(X, Y)
    logs = app.fit(
        data.Split(X, Y),
        batch_size=4,
        epochs=2,
        verbose=0,
        validation_data=validation,
        callbacks=app.inspectors(tmp_path / "run", validation),
    ).history
    assert {"real_score", "val_generator_loss"} <= set(logs)
    optimizer = app.generator.optimizers["generator"]
    for weight, average in zip(
        app.generator.generator.trainable_weights,
        optimizer._model_variables_moving_average,
        strict=True,
    ):
        np.testing.assert_array_equal(weight.numpy(), average.numpy())
    app.save(tmp_path / "app.keras")
    loaded = keras.saving.load_model(tmp_path / "app.keras")
    np.testing.assert_array_equal(
        loaded.generate(3, [0, 1, 2], seed=0),
        app.generate(3, [0, 1, 2], seed=0),
    )
    for mine, its in zip(
        app.all_optimizers, loaded.all_optimizers, strict=True
    ):
        for left, right in zip(mine.variables, its.variables, strict=True):
            np.testing.assert_array_equal(left.numpy(), right.numpy())
    loaded.fit(X, Y, verbose=0)


@pytest.mark.parametrize(
    "arguments", slow_but(with_gan, of=[with_vae, with_gan])
)
def test_trains_on_two_replicas(arguments):
    with two_replicas().scope():
        app = ImageGenerator(**arguments())
        app.compile()
        logs = app.fit(X[:9], Y[:9], batch_size=5, verbose=0).history
    assert np.isfinite(list(logs.values())).all()
    assert app.all_optimizers[-1].iterations.numpy() == 2


def test_accumulates_the_turns_of_a_gan():
    app = ImageGenerator(**with_gan())
    app.compile()
    app.accumulate(2)
    app.fit(X, Y, batch_size=3, verbose=0)  # 4 batches are 2 updates
    for optimizer in app.all_optimizers:
        assert int(optimizer.iterations) == 2


def test_says_what_a_generator_is_drawn_with():
    app = ImageGenerator(**with_vae())
    with pytest.raises(WrongRequest, match="VAE draws with.*guidance=2.0"):
        app.generate(1, 0, guidance=2.0)
    assert app.generate(2, 0, temperature=0.5, seed=0).shape == (2, 2, 2, 1)
    with pytest.raises(ValueError, match="takes no `loss`"):
        app.compile(loss="mse")


@pytest.fixture(scope="module")
def trained():
    """Knows three classes of flat pictures: black, grey and white."""
    keras.utils.set_random_seed(0)
    app = make(class_names=["black", "grey", "white"])
    app.compile(keras.optimizers.Adam(1e-2))
    labels = np.arange(300) % 3
    pictures = np.ones((300, 2, 2, 1)) * (127.5 * labels)[:, None, None, None]
    split = data.Split(pictures.astype("uint8"), labels)
    app.fit(split, batch_size=32, epochs=30, verbose=0)
    return app


def test_draws_the_classes_asked_for_by_name(trained):
    drawn = trained.generate(3, ["white", "black", "grey"], steps=10, seed=0)
    assert drawn.dtype == "uint8"
    np.testing.assert_allclose(
        drawn.mean(axis=(1, 2, 3)), [255, 0, 127], atol=30
    )
    with pytest.raises(WrongRequest, match="Received: 'blue'"):
        trained.generate(1, ["blue"])


def test_a_file_has_a_column_for_each_class(trained, tmp_path):
    from PIL import Image

    trained.generate_file(tmp_path / "a.png", count=6, steps=10)
    grid = np.asarray(Image.open(tmp_path / "a.png").convert("L"))
    side = 48  # of a picture, enlarged, with 4 pixels of white about each
    assert grid.shape == (4 + 2 * (side + 4), 4 + 3 * (side + 4))
    columns = [grid[8:48, 8 + k * 52 : 48 + k * 52].mean() for k in range(3)]
    np.testing.assert_allclose(columns, [0, 127, 255], atol=30)


def test_a_row_of_an_infogan_differs_in_its_code_alone(tmp_path):
    from PIL import Image

    app = ImageGenerator(
        models.InfoGAN(
            models.DCGANGenerator(4, (2, 2, 1), [8], False),
            models.DCGANDiscriminator(
                (2, 2, 1), [8], None, num_classes=3, condition="auxiliary"
            ),
            categories=[3],
            continuous=0,
        )
    )
    path = tmp_path / "a.png"
    app.generate_file(path, count=4, labels=["1", "1"])
    grid = np.asarray(Image.open(path).convert("L"))[4:-4, 4:-4]
    pictures = grid[:48, :48], grid[:48, 52:], grid[52:, :48]
    np.testing.assert_array_equal(pictures[0], pictures[1])
    assert (pictures[0] != pictures[2]).any()
    app.generate_file(path, count=6)
    assert Image.open(path).size == (4 + 3 * 52, 4 + 2 * 52)
    with pytest.raises(WrongRequest, match="must be of .*'2'.*Received: '3'"):
        app.generate(1, ["3"])


def test_refuses_labels_where_pictures_cannot_be_asked_by_any():
    encoder = models.DenseEncoder((2, 2, 1), 4, [16])
    vae = models.VAE(encoder, models.DenseDecoder(2, (2, 2, 1), [16]))
    with pytest.raises(WrongRequest, match="cannot be asked by label"):
        ImageGenerator(vae).generate(1, ["3"])


def test_refuses_pictures_outside_the_stated_range():
    with pytest.raises(ValueError, match="values from 0 to 255.*to 300"):
        make().fit(np.full((4, 2, 2, 1), 300.0), np.zeros(4), verbose=0)
    app = make(value_range=(-1, 1))
    with pytest.raises(ValueError, match="values from -1 to 1.*to 255"):
        app.fit(X / X.max() * 255, Y, verbose=0)


def test_refuses_labels_of_no_class_and_names_that_do_not_fit():
    split = data.Split(X, Y + 1)
    with pytest.raises(ValueError, match="labels must be from 0 to 2"):
        make().fit(split, verbose=0)
    with pytest.raises(ValueError, match="`class_names` must name every"):
        make(class_names=["a"])
    with pytest.raises(ValueError, match="`value_range` must rise"):
        make(value_range=(1, 1))


def test_says_what_it_cannot_do(tmp_path):
    with pytest.raises(WrongRequest, match="keras-nn generate"):
        make().predict_path(tmp_path)
    with pytest.raises(WrongRequest, match="no format of export"):
        make().export(tmp_path)


def test_inspectors_show_what_it_draws(tmp_path):
    names = [type(i).__name__ for i in make().inspectors(tmp_path)]
    assert names[-2:] == ["SampleGrid", "DenoisingStrips"]
