"""Training steps of ResNet-20 on 32x32 pictures against PyTorch.

    python benchmarks/resnet20_against_torch.py --torch-python PYTHON

PYTHON is the interpreter of an environment with torch. Both sides train the
network of He et al., 2016, section 4.2, with SGD and momentum on one batch
that lies in memory, `--steps` steps at a time, in turns; the median and the
range of the ratios are printed. Ours are a `fit` each, whose beginning and
end, once an epoch, are part of what is measured.
"""

import argparse
import os
import statistics

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import peer


def batch(size):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(size, 32, 32, 3)).astype("float32")
    return x, rng.integers(0, 10, size)


def ours(size, steps):
    import keras
    import tensorflow as tf

    from keras_nn.models import ResNet
    from keras_nn.training import Model

    keras.utils.set_random_seed(0)
    backbone = ResNet.from_preset(
        "resnet20",
        input_shape=(32, 32, 3),
        classes=10,
        classifier_activation=None,
    )
    pictures = keras.Input((32, 32, 3))
    model = Model(pictures, backbone(pictures))
    model.compile(
        keras.optimizers.SGD(0.1, 0.9),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    data = tf.data.Dataset.from_tensors(batch(size)).repeat()

    def run():
        model.fit(data, steps_per_epoch=steps, verbose=0)

    run()
    return run


def theirs(size, steps):
    import torch
    from torch import nn

    torch.manual_seed(0)

    class Block(nn.Module):
        def __init__(self, before, width, stride):
            super().__init__()
            self.conv1 = nn.Conv2d(before, width, 3, stride, 1, bias=False)
            self.norm1 = nn.BatchNorm2d(width)
            self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
            self.norm2 = nn.BatchNorm2d(width)
            self.more = width - before

        def forward(self, x):
            y = torch.relu(self.norm1(self.conv1(x)))
            if self.more:  # the paper's option A
                x = nn.functional.pad(
                    x[:, :, ::2, ::2], (0, 0, 0, 0, 0, self.more)
                )
            return torch.relu(self.norm2(self.conv2(y)) + x)

    layers = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16)]
    layers.append(nn.ReLU())
    before = 16
    for width in (16, 32, 64):
        for index in range(3):
            stride = 2 if index == 0 and width > 16 else 1
            layers.append(Block(before, width, stride))
            before = width
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10)]
    model = nn.Sequential(*layers).to(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(model.parameters(), 0.1, momentum=0.9)
    x, y = batch(size)
    x = torch.from_numpy(x).permute(0, 3, 1, 2)  # channels last in memory
    y = torch.from_numpy(y)
    model.train()

    def run():
        for _ in range(steps):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()

    return run


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--torch-python", default=None)
    parser.add_argument("--batch-sizes", type=int, nargs="+", default=[32, 128])
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--pairs", type=int, default=9)
    given = parser.parse_args()
    if given.torch_python is None:
        peer.serve(theirs(given.batch_sizes[0], given.steps))
        return
    for size in given.batch_sizes:
        other = peer.Peer(
            given.torch_python,
            __file__,
            *("--batch-sizes", str(size), "--steps", str(given.steps)),
        )
        run = ours(size, given.steps)
        ratios, ms = [], []
        for _ in range(given.pairs):
            mine = peer.seconds(run)
            ms.append(1000 * mine / given.steps)
            ratios.append(mine / other.seconds())
        other.close()
        print(
            f"batch {size}: {statistics.median(ms):.0f} ms a step; ours / "
            f"torch {statistics.median(ratios):.3f} ({min(ratios):.3f} to "
            f"{max(ratios):.3f})"
        )


if __name__ == "__main__":
    main()
