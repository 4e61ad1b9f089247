"""The recipes of `ImageClassifier`, and the networks that they train."""

import keras

from keras_nn import models
from keras_nn.applications.recipe import Expectation
from keras_nn.applications.recipe import Recipe


def _small_cnn(shape):
    return models.SimpleCNN(False, input_shape=shape, units=128)


def _picture_cnn(shape):
    return models.SimpleCNN(
        False, input_shape=shape, filters=(32, 64, 128, 128), units=128
    )


def _lenet5(shape):
    network = models.LeNet5(input_shape=shape)
    features = network.get_layer("f6").output
    return keras.Model(network.inputs, features, name="lenet5")


def _resnet20(shape):
    return models.ResNet.from_preset(
        "resnet20", input_shape=shape, include_top=False, pooling="avg"
    )


RECIPES = (
    Recipe(
        name="digits",
        summary="Handwritten 8x8 digits, two convolutions of 16 and 32, Adam.",
        data="digits",
        network=_small_cnn,
        settings={"learning_rate": 3e-3, "schedule": "cosine"},
        fit={"epochs": 16, "batch_size": 32},
        expectation=Expectation("accuracy", 0.975, 1.0),
    ),
    Recipe(
        name="digits-resnet20",
        summary="Digits, ResNet-20, RandAugment, mixup, weight averages, Adam.",
        data="digits",
        network=_resnet20,
        settings={
            "preprocess": "rescale",
            "policy": "rand_augment",
            "magnitude": 6.0,
            "mixup": 0.2,
            "ema": 0.99,
            "learning_rate": 3e-3,
            "schedule": "cosine",
        },
        fit={"epochs": 30, "batch_size": 32},
        expectation=Expectation("accuracy", 0.985, 1.0),
    ),
    Recipe(
        name="mnist-lenet5",
        summary="MNIST, LeNet-5 of 1998, shifts of up to 2 pixels, Adam.",
        data="mnist",
        network=_lenet5,
        settings={
            "preprocess": "rescale",  # its padding takes 0 for background
            "augmentation": "shift",
            "learning_rate": 2e-3,
            "schedule": "cosine",
        },
        fit={"epochs": 12, "batch_size": 128},
        expectation=Expectation(
            "accuracy",
            0.9905,
            2.0,
            published=0.9905,
            source="LeCun et al., 1998, figure 9",
        ),
    ),
    Recipe(
        name="mnist-cnn",
        summary="MNIST, two convolutions of 16 and 32, Adam, 3 epochs.",
        data="mnist",
        network=_small_cnn,
        settings={"preprocess": "rescale", "schedule": "cosine"},
        fit={"epochs": 3, "batch_size": 32},
        expectation=Expectation("accuracy", 0.989),
    ),
    Recipe(
        name="cifar10-resnet20",
        summary="CIFAR-10, ResNet-20, 64,000 steps of SGD, crops and flips.",
        data="cifar10",
        network=_resnet20,
        settings={
            "optimizer": "sgd",
            "learning_rate": 0.1,
            "schedule": "steps",
            # With momentum 0.9 this takes off what an L2 term of 1e-4 does.
            "weight_decay": 1e-3,
            "augmentation": "crop_flip",
        },
        fit={"epochs": 182, "batch_size": 128},
        expectation=Expectation(
            "accuracy",
            published=0.9125,
            source="He et al., 2016, Deep Residual Learning, table 6",
        ),
    ),
    Recipe(
        name="pictures",
        summary="Your own folder of class folders, four convolutions, Adam.",
        network=_picture_cnn,
        settings={
            "image_size": 64,
            "augmentation": "flip",
            "dropout": 0.3,
            "schedule": "cosine",
        },
        fit={"epochs": 20, "batch_size": 32},
    ),
    Recipe(
        name="transfer",
        summary="Your own folder of class folders on published weights.",
        settings={
            "backbone": "mobilenet_v2",
            "weights": "imagenet",
            "image_size": 224,
            "augmentation": "flip",
            "frozen_epochs": 3,
            "dropout": 0.2,
            "schedule": "cosine",
            "label_smoothing": 0.1,
        },
        fit={"epochs": 10, "batch_size": 32},
    ),
)
