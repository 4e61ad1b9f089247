"""Records what captum attributes in a small network, as golden numbers.

    pip install torch captum
    python tests/parity/record_captum.py

A convolutional network with every operation whose backward pass a method
changes, on two pictures: its weights, its logits, and attributions.
"""

import copy
from pathlib import Path

import captum
import captum.attr as attr
import captum.metrics
import numpy as np
import torch
from captum.attr._utils import lrp_rules
from torch import nn

FOLDER = Path(__file__).parent
TARGETS = torch.tensor([1, 2])


class Network(nn.Module):
    """Modules of their own for each activation, as captum's hooks need."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(2, 3, 3)
        self.relu1 = nn.ReLU()
        self.pool = nn.MaxPool2d(2)
        self.second = nn.Conv2d(3, 4, 2, bias=False)
        self.relu2 = nn.ReLU()
        self.third = nn.Linear(16, 5)
        self.relu3 = nn.ReLU()
        self.head = nn.Linear(5, 3)

    def forward(self, x):
        x = self.pool(self.relu1(self.first(x)))
        x = torch.flatten(self.relu2(self.second(x)), 1)
        return self.head(self.relu3(self.third(x)))


def relevance(model, pictures, rule):
    """By a rule that leaves biases out; at the head, by epsilon's."""
    model = copy.deepcopy(model)
    model.head.bias.data.zero_()
    for layer in (model.first, model.second, model.third):
        layer.rule = rule(set_bias_to_zero=True)
    # A logit may be negative, which their other rules do not foresee.
    for layer in (model.head, model.pool):
        layer.rule = lrp_rules.EpsilonRule()
    return attr.LRP(model).attribute(pictures, target=TARGETS)


def record():
    generator = torch.Generator().manual_seed(3)
    model = Network().eval()
    with torch.no_grad():
        for weight in model.parameters():
            weight.copy_(0.5 * torch.randn(weight.shape, generator=generator))
    averaging = copy.deepcopy(model)
    averaging.pool = nn.AvgPool2d(2)
    shape = (2, 2, 8, 8)
    pictures = torch.randn(shape, generator=generator)
    baselines = 0.3 * torch.randn(shape, generator=generator)
    mask = torch.arange(64).reshape(8, 8) // 11  # six features
    common = {"target": TARGETS, "baselines": baselines}
    masked = {**common, "feature_mask": mask[None, None]}
    steps = torch.randn((6, *shape), generator=generator)
    saliency = attr.Saliency(model)
    noise = iter(steps)

    def perturb(inputs, baselines=None):
        step = 0.1 * next(noise)
        return step, inputs - step

    found = {
        "saliency": saliency.attribute(pictures, target=TARGETS),
        "input_x_gradient": attr.InputXGradient(model).attribute(
            pictures, target=TARGETS
        ),
        "integrated_gradients": attr.IntegratedGradients(model).attribute(
            pictures, n_steps=20, **common
        ),
        "integrated_gradients_riemann": attr.IntegratedGradients(
            model
        ).attribute(pictures, n_steps=7, method="riemann_middle", **common),
        # With max pooling theirs does not sum to the change of the score.
        "deep_lift": attr.DeepLift(averaging).attribute(pictures, **common),
        "guided_backprop": attr.GuidedBackprop(model).attribute(
            pictures, target=TARGETS
        ),
        "deconvolution": attr.Deconvolution(model).attribute(
            pictures, target=TARGETS
        ),
        "feature_ablation": attr.FeatureAblation(model).attribute(
            pictures, **masked
        ),
        "occlusion": attr.Occlusion(model).attribute(
            pictures,
            sliding_window_shapes=(2, 3, 3),
            strides=(2, 1, 1),
            **common,
        ),
        "shapley_values": attr.ShapleyValues(model).attribute(
            pictures, **masked
        ),
        "lrp_epsilon": attr.LRP(model).attribute(pictures, target=TARGETS),
        "lrp_gamma": relevance(model, pictures.abs(), lrp_rules.GammaRule),
        "lrp_z_plus": relevance(
            model, pictures.abs(), lrp_rules.Alpha1_Beta0_Rule
        ),
        "infidelity": captum.metrics.infidelity(
            model,
            lambda x: perturb(x),
            pictures,
            saliency.attribute(pictures, target=TARGETS, abs=False),
            target=TARGETS,
            n_perturb_samples=6,
            max_examples_per_batch=2,
        ),
    }
    weights = {
        f"weight/{name}": value.numpy()
        for name, value in model.state_dict().items()
    }
    np.savez_compressed(
        FOLDER / "captum.npz",
        pictures=pictures.numpy(),
        baselines=baselines.numpy(),
        mask=mask.numpy(),
        steps=0.1 * steps.numpy(),
        logits=model(pictures).detach().numpy(),
        **weights,
        **{name: value.detach().numpy() for name, value in found.items()},
    )
    for name, value in found.items():
        print(name, float(value.abs().sum()))


if __name__ == "__main__":
    print("torch", torch.__version__, "captum", captum.__version__)
    record()
