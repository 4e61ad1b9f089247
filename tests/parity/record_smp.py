"""Records what segmentation_models.pytorch's decoders and scores compute.

    pip install torch segmentation-models-pytorch
    python tests/parity/record_smp.py    # writes smp.npz

Maps are means over squares of one picture. Weights are stored in Keras's
layout under the names of our layers; a bias in front of a normalisation is
taken from its moving mean. Normalisations have Keras's epsilon. The attention
at the bottom of MAnet is the paper's equation, written here, and so is ViTDet's
pyramid, which the library has not.
"""

from pathlib import Path

import numpy as np
import segmentation_models_pytorch as smp
import torch
import torch.nn.functional as F
from segmentation_models_pytorch.decoders.deeplabv3.decoder import (
    DeepLabV3Decoder,
)
from segmentation_models_pytorch.decoders.dpt.decoder import DPTDecoder
from segmentation_models_pytorch.decoders.dpt.decoder import DPTSegmentationHead
from segmentation_models_pytorch.decoders.linknet.decoder import LinknetDecoder
from segmentation_models_pytorch.decoders.manet.decoder import MAnetDecoder
from segmentation_models_pytorch.decoders.pan.decoder import PANDecoder
from segmentation_models_pytorch.decoders.upernet.decoder import UPerNetDecoder
from torch import nn

FOLDER = Path(__file__).parent
CHANNELS = 4


class Weights(dict):
    """The weights of torch's layers under our names."""

    def conv(self, name, conv, norm=None):
        kernel = conv.weight.detach()
        if kernel.ndim == 2:
            kernel = kernel.T
        elif norm is not None and isinstance(conv, nn.Linear):
            raise ValueError(name)
        else:
            # From (out, in, ...), of transposed ones (in, out, ...).
            kernel = kernel.permute(2, 3, 1, 0)
        self[f"{name}/kernel"] = kernel.numpy()
        if norm is not None:
            self.norm(name, norm, conv.bias)
        elif conv.bias is not None:
            self[f"{name}/bias"] = conv.bias.detach().numpy()

    def norm(self, name, norm, bias=None):
        self[f"{name}/gamma"] = norm.weight.detach().numpy()
        self[f"{name}/beta"] = norm.bias.detach().numpy()
        if isinstance(norm, nn.BatchNorm2d):
            mean = norm.running_mean.clone()
            if bias is not None:
                mean = mean - bias.detach()
            self[f"{name}/moving_mean"] = mean.numpy()
            self[f"{name}/moving_variance"] = norm.running_var.numpy()

    def gate(self, name, conv):
        """A 1x1 convolution of one place, which is a dense layer of ours."""
        self[f"{name}/kernel"] = conv.weight.detach()[..., 0, 0].T.numpy()
        self[f"{name}/bias"] = conv.bias.detach().numpy()


def drawn(module):
    for part in module.modules():
        if isinstance(part, nn.BatchNorm2d):
            part.eps = 1e-3
            part.running_mean = 0.1 * torch.randn(part.num_features)
            part.running_var = 0.5 + torch.rand(part.num_features)
        if isinstance(part, (nn.BatchNorm2d, nn.LayerNorm)):
            part.weight.data = 0.5 + torch.rand(part.weight.shape)
            part.bias.data = 0.5 + 0.2 * torch.randn(part.bias.shape)
        if isinstance(part, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            part.weight.data = 0.3 * torch.randn(part.weight.shape)
            if part.bias is not None:
                part.bias.data = 0.3 * torch.randn(part.bias.shape)
    return module.eval()


def maps(picture, strides):
    return [F.avg_pool2d(picture, stride) for stride in strides]


def deeplabv3(picture, weights):
    model = drawn(DeepLabV3Decoder(CHANNELS, 3, (1, 2, 3), False, 0.0))
    point, *branches, pooled = model.aspp.convs
    weights.conv("aspp/point", point[0], point[1])
    weights.conv("aspp/pooled", pooled[1], pooled[2])
    for rate, branch in enumerate(branches, start=1):
        weights.conv(f"aspp/branch_{rate}", branch[0], branch[1])
    weights.conv("aspp/project", model.aspp.project[0], model.aspp.project[1])
    weights.conv("map", model.conv, model.bn)
    return model(maps(picture, [4]))


def linknet(picture, weights):
    model = drawn(LinknetDecoder([CHANNELS] * 3, 3, n_blocks=2))
    for part in model.modules():
        if isinstance(part, (nn.Conv2d, nn.ConvTranspose2d)):
            part.weight.data *= 4  # it has one channel in its middle
    names = ("up_0", "without_link_1")
    for name, block in zip(names, model.blocks, strict=True):
        first, double, last = block.block
        weights.conv(f"{name}_in", first[0], first[1])
        kernel = double[0].weight.detach().permute(2, 3, 1, 0)
        weights[f"{name}_double/kernel"] = kernel.numpy()
        weights.norm(f"{name}_norm", double[1], double[0].bias)
        weights.conv(f"{name}_out", last[0], last[1])
    return model([None, *maps(picture, [2, 4])])


def pan(picture, weights):
    model = drawn(PANDecoder([CHANNELS] * 5, 4, 3))
    fpa = model.fpa
    for name, block in (
        ("middle", fpa.mid[0]),
        ("pooled", fpa.branch1[1]),
        ("down_0", fpa.down1[1]),
        ("down_1", fpa.down2[1]),
        ("down_2", fpa.down3[1]),
        ("deepest", fpa.down3[2]),
        ("up_0", fpa.conv1),
        ("up_1", fpa.conv2),
    ):
        weights.conv(f"attention/{name}", block.conv, block.bn)
    for level, gau in enumerate((model.gau1, model.gau2)):
        weights.conv(f"up_{level}/fine", gau.conv2.conv, gau.conv2.bn)
        weights.conv(f"up_{level}/gate", gau.conv1[1].conv, gau.conv1[1].bn)
    return model([None, None, *maps(picture, [1, 2, 4])])


class PaperAttention(nn.Module):
    """Each place takes of all others by what softmax gives it."""

    def __init__(self, theirs):
        super().__init__()
        self.theirs = theirs

    def forward(self, x):
        query = self.theirs.center_conv(x).flatten(2).transpose(1, 2)
        key = self.theirs.top_conv(x).flatten(2)
        value = self.theirs.bottom_conv(x).flatten(2).transpose(1, 2)
        seen = torch.softmax(query @ key, dim=2) @ value
        seen = seen.transpose(1, 2).reshape(x.shape)
        return self.theirs.out_conv(x + seen)


def manet(picture, weights):
    model = MAnetDecoder(
        [CHANNELS] * 3, [5, 3], 2, 2, pab_channels=2,
        interpolation_mode="bilinear",
    )  # fmt: skip
    model = drawn(model)
    center = model.center
    weights.conv("attention/query", center.center_conv)
    weights.conv("attention/key", center.top_conv)
    weights.conv("attention/value", center.bottom_conv)
    weights.conv("attention/mix", center.out_conv)
    fused, last = model.blocks
    weights.conv("up_0_before", fused.hl_conv[0][0], fused.hl_conv[0][1])
    weights.conv("up_0_match", fused.hl_conv[1][0], fused.hl_conv[1][1])
    for name, gate in (("own", fused.SE_hl), ("bridge", fused.SE_ll)):
        weights.gate(f"up_0_fusion/{name}_reduce", gate[1])
        weights.gate(f"up_0_fusion/{name}_expand", gate[3])
    for name, block in (("up_0", fused), ("without_bridge_1", last)):
        for index, conv in enumerate((block.conv1, block.conv2)):
            weights.conv(f"{name}_conv_{index}", conv[0], conv[1])
    model.center = PaperAttention(center)
    return model([None, *maps(picture, [2, 4])])


def upernet(picture, weights):
    model = drawn(UPerNetDecoder([CHANNELS] * 5, 4, 3))
    for level, norm in enumerate(model.feature_norms):
        weights.norm(f"norm_{level}", norm)
    for index, block in enumerate(model.psp.blocks):
        weights.conv(f"pyramid_pooling/conv_{index}", block[1][0], block[1][1])
    weights.conv("pooled", model.psp.out_conv[0], model.psp.out_conv[1])
    for level, lateral, smooth in zip(
        (1, 0), model.fpn_lateral_blocks, model.fpn_conv_blocks, strict=True
    ):
        lateral = lateral.conv_norm_relu
        weights.conv(f"lateral_{level}", lateral[0], lateral[1])
        weights.conv(f"smooth_{level}", smooth[0], smooth[1])
    weights.conv("map", model.fusion_block[0], model.fusion_block[1])
    return model([None, None, *maps(picture, [1, 2, 4])])


def dpt(picture, weights):
    model = DPTDecoder(
        [CHANNELS] * 4, [16] * 4, intermediate_channels=[2, 3, 4, 4],
        fusion_channels=3,
    )  # fmt: skip
    model, head = drawn(model), drawn(DPTSegmentationHead(3, 2)).head
    for level in range(4):
        name = f"level_{level}"
        linear = model.projection_blocks[level].project[0]
        weights.conv(f"{name}_readout/project", linear)
        block = model.reassemble_blocks[level]
        weights.conv(f"{name}_in", block.project_to_out_channel)
        if level != 2:
            weights.conv(f"{name}_resize", block.upsample)
        weights.conv(f"{name}_out", block.project_to_feature_dim)
        fusion, name = model.fusion_blocks[3 - level], f"fusion_{level}"
        for part, unit in (
            ("bridge", fusion.residual_conv_block1),
            ("sum", fusion.residual_conv_block2),
        ):
            for index, (conv, norm) in enumerate(
                (
                    (unit.conv_1, unit.batch_norm_1),
                    (unit.conv_2, unit.batch_norm_2),
                )
            ):
                weights.conv(f"{name}_{part}_conv_{index}", conv)
                weights.norm(f"{name}_{part}_norm_{index}", norm)
        weights.conv(f"{name}_out", fusion.project)
    weights.conv("map", head[0], head[1])
    (patches,) = maps(picture, [8])
    token = patches.mean((2, 3))[:, None]
    return head[:3](model([patches] * 4, [token] * 4))


def simple_pyramid(picture, weights):
    """Equations of ViTDet, section 3, on one map."""
    (x,) = maps(picture, [4])
    outputs = []
    for stride, factor in ((1, 4), (2, 2), (4, 1), (8, 0.5)):
        name, y, width = f"stride_{stride}", x, CHANNELS
        for index in range({4: 2, 2: 1}.get(factor, 0)):
            if index:
                norm = drawn(nn.LayerNorm(width, eps=1e-6))
                weights.norm(f"{name}/norm_{index}", norm)
                y = F.gelu(norm(y.permute(0, 2, 3, 1)).permute(0, 3, 1, 2))
            double = drawn(nn.ConvTranspose2d(width, width // 2, 2, 2))
            weights.conv(f"{name}/double_{index}", double)
            y, width = double(y), width // 2
        y = F.max_pool2d(y, 2) if factor < 1 else y
        for part, size in (("mix", 1), ("smooth", 3)):
            conv = drawn(nn.Conv2d(width, 3, size, 1, size // 2, bias=False))
            norm, width = drawn(nn.LayerNorm(3, eps=1e-6)), 3
            weights.conv(f"{name}/{part}", conv)
            weights.norm(f"{name}/{part}_norm", norm)
            y = norm(conv(y).permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
        outputs.append(y.flatten(2))
    return torch.cat(outputs, 2)[..., None]


def scores():
    """Losses of a batch, and scores by each way to take their mean."""
    random = np.random.RandomState(0)
    masks = random.randint(0, 3, (3, 5, 6))
    masks[0][masks[0] == 2] = 0  # a class that one picture has not
    masks[1, :2, :3] = 255
    logits = random.standard_normal((3, 5, 6, 4)).astype("float32")
    logits[..., 3] = -9  # a class that is nowhere
    logits[0, ..., 2] = -9
    found = {"masks": masks, "logits": logits}
    y, x = torch.tensor(masks), torch.tensor(logits)
    counts = smp.metrics.get_stats(
        x.argmax(-1), y, "multiclass", 255, num_classes=4
    )
    for reduction in ("micro", "macro", "micro-imagewise", "macro-imagewise"):
        for score in (smp.metrics.iou_score, smp.metrics.f1_score):
            name = f"{score.__name__}/{reduction.replace('-', '_')}"
            found[name] = score(*counts, reduction=reduction).numpy()
    soft = smp.losses.SoftCrossEntropyLoss("sum", 0.1, 255)
    found["soft_ce"] = soft(x.permute(0, 3, 1, 2), y).numpy()
    y = torch.where(y == 255, 255, y % 2).float()
    soft = smp.losses.SoftBCEWithLogitsLoss(None, 255, "sum", 0.1)
    found["soft_bce"] = soft(x[..., 0], y).numpy()
    found["mcc"] = [
        smp.losses.MCCLoss()(share[None], mask[None]).item()
        for share, mask in zip(torch.sigmoid(x[..., 0]), y % 2, strict=True)
    ]
    return {f"scores/{key}": value for key, value in found.items()}


@torch.no_grad()
def main():
    torch.manual_seed(0)
    picture = torch.randn(1, CHANNELS, 32, 64)
    recorded = {"picture": picture.permute(0, 2, 3, 1).numpy(), **scores()}
    for decode in (
        deeplabv3, linknet, pan, manet, upernet, dpt, simple_pyramid,
    ):  # fmt: skip
        name, weights = decode.__name__, Weights()
        output = decode(picture, weights).permute(0, 2, 3, 1)
        print(name, tuple(output.shape), float(output.abs().max()))
        recorded[f"{name}/output"] = output.numpy()
        for key, value in weights.items():
            recorded[f"{name}/weights/{key}"] = value
    np.savez_compressed(FOLDER / "smp.npz", **recorded)


if __name__ == "__main__":
    print("torch", torch.__version__, "smp", smp.__version__)
    main()
