"""Records what PyTorch makes of the segmentation decoders' equations.

    python record_map_decoders.py    # needs torch 2.13; writes map_decoders.npz

Weights are stored in Keras's layout under the names of our layers, the maps
are means over squares of one picture.
"""

import numpy as np
import torch
import torch.nn.functional as F

torch.manual_seed(0)
WEIGHTS = {}


def conv(x, name, width, size=1, rate=1, bias=False, groups=1):
    weight = torch.randn(width, x.shape[1] // groups, size, size) * 0.3
    stored = weight.permute(2, 3, 1, 0)  # height, width, in, out
    if groups > 1:
        stored = weight.permute(2, 3, 0, 1)
    WEIGHTS[f"{name}/kernel"] = stored.numpy()
    shift = None
    if bias:
        shift = torch.randn(width) * 0.3
        WEIGHTS[f"{name}/bias"] = shift.numpy()
    pad = rate * (size // 2)
    return F.conv2d(x, weight, shift, padding=pad, dilation=rate, groups=groups)


def norm_act(x, name, epsilon=1e-3):
    width = x.shape[1]
    gamma, beta = torch.rand(width) + 0.5, torch.randn(width) * 0.2
    mean, variance = torch.randn(width) * 0.1, torch.rand(width) + 0.5
    for key, value in zip(
        ("gamma", "beta", "moving_mean", "moving_variance"),
        (gamma, beta, mean, variance),
        strict=True,
    ):
        WEIGHTS[f"{name}/{key}"] = value.numpy()
    x = F.batch_norm(x, mean, variance, gamma, beta, eps=epsilon)
    return F.relu(x)


def group_norm_act(x, name, groups):
    gamma, beta = torch.rand(x.shape[1]) + 0.5, torch.randn(x.shape[1]) * 0.2
    WEIGHTS[f"{name}/gamma"], WEIGHTS[f"{name}/beta"] = (
        gamma.numpy(),
        beta.numpy(),
    )
    return F.relu(F.group_norm(x, groups, gamma, beta, eps=1e-3))


def up(x, factor):
    return F.interpolate(
        x, scale_factor=factor, mode="bilinear", align_corners=False
    )


def fpn(maps):
    pyramid, levels = None, []
    for level in reversed(range(len(maps))):
        lateral = conv(maps[level], f"lateral_{level}", 6, bias=True)
        pyramid = (
            lateral
            if pyramid is None
            else lateral + F.interpolate(pyramid, scale_factor=2)
        )
        x = pyramid
        for step in range(max(level, 1)):
            name = f"up_{level}_{step}"
            x = group_norm_act(conv(x, name, 4, 3), name, 2)
            x = up(x, 2) if level else x
        levels.append(x)
    return sum(levels)


def pspnet(maps):
    (x,) = maps
    parts = [x]
    for index, bins in enumerate((1, 2, 3, 6)):
        name = f"pyramid_pooling/conv_{index}"
        pooled = F.adaptive_avg_pool2d(x, bins)
        pooled = norm_act(conv(pooled, name, 1), name)
        parts.append(
            F.interpolate(
                pooled, x.shape[2:], mode="bilinear", align_corners=False
            )
        )
    return norm_act(conv(torch.cat(parts, 1), "map", 4), "map")


def deeplab(maps):
    fine, x = maps
    parts = [norm_act(conv(x, "aspp/point", 4), "aspp/point")]
    mean = x.mean((2, 3), keepdim=True)
    mean = norm_act(conv(mean, "aspp/pooled", 4), "aspp/pooled")
    for rate in (1, 2):
        y = conv(x, f"aspp/depthwise_{rate}", 5, 3, rate, groups=5)
        name = f"aspp/branch_{rate}"
        parts.append(norm_act(conv(y, name, 4), name))
    parts.append(mean.expand_as(parts[0]))
    x = torch.cat(parts, 1)
    x = norm_act(conv(x, "aspp/project", 4), "aspp/project")
    x = conv(x, "aspp_map_depthwise", 4, 3, groups=4)
    x = up(norm_act(conv(x, "aspp_map", 4), "aspp_map"), 4)
    fine = norm_act(conv(fine, "fine", 3), "fine")
    x = torch.cat([x, fine], 1)
    x = conv(x, "map_depthwise", 7, 3, groups=7)
    return norm_act(conv(x, "map", 4), "map")


def segformer(maps):
    levels = []
    for level in reversed(range(len(maps))):
        x = conv(maps[level], f"dense_{level}", 4, bias=True)
        WEIGHTS[f"dense_{level}/kernel"] = WEIGHTS[f"dense_{level}/kernel"][
            0, 0
        ]
        levels.append(up(x, 2**level))
    x = torch.cat(levels, 1)
    return norm_act(conv(x, "map", 4), "map", 1e-5)


def main():
    picture = torch.randn(2, 5, 16, 24)
    recorded = {"picture": picture.permute(0, 2, 3, 1).numpy()}
    for decode, strides in (
        (fpn, (1, 2, 4)),
        (pspnet, (2,)),
        (deeplab, (1, 4)),
        (segformer, (1, 2, 4)),
    ):
        WEIGHTS.clear()
        output = decode([F.avg_pool2d(picture, stride) for stride in strides])
        name = decode.__name__
        recorded[f"{name}/output"] = output.permute(0, 2, 3, 1).numpy()
        for key, value in WEIGHTS.items():
            recorded[f"{name}/weights/{key}"] = value
    np.savez_compressed("map_decoders.npz", **recorded)


if __name__ == "__main__":
    main()
