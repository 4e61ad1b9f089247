"""Records what captum attributes in a small network, as golden numbers.

    pip install torch captum scikit-learn
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
from captum._utils.models.linear_model import SkLearnRidge
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


class Padded(nn.Module):
    """Whose map is as large as the picture: a class map needs no scaling."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 3, 3, padding=1)
        self.relu = nn.ReLU()
        self.head = nn.Linear(192, 3)

    def forward(self, x):
        return self.head(torch.flatten(self.relu(self.conv(x)), 1))


def drawn_methods(model, pictures, baselines, mask):
    """Methods that draw, with draws that are written down: two dicts."""
    random = np.random.RandomState(5)
    count = 6
    draws = {
        "shares": random.uniform(size=2 * 4),
        "orders": np.array([random.permutation(count) for _ in range(3)]),
        "coalitions": random.randint(0, 2, (20, count)),
    }
    draws["coalitions"][0] = 1
    uniform, np.random.uniform = np.random.uniform, lambda *_: draws["shares"]
    shap = attr.GradientShap(model).attribute(
        pictures, baselines[:1], n_samples=4, stdevs=0.0, target=TARGETS
    )
    np.random.uniform = uniform
    sampling = attr.ShapleyValueSampling(model)
    sampling.permutation_generator = lambda *_: iter(draws["orders"].tolist())
    common = {"baselines": baselines, "target": TARGETS}
    common["feature_mask"] = mask[None, None]

    def coalitions(*_, **__):
        for row in draws["coalitions"]:
            yield torch.tensor(row)[None]

    def near(original, perturbed, present, **_):
        distance = 1 - present.double().mean().sqrt()
        return torch.exp(-((distance / 0.25) ** 2) / 2)

    def lime(example):
        return attr.Lime(
            model,
            interpretable_model=SkLearnRidge(alpha=1.0),
            similarity_func=near,
            perturb_func=coalitions,
        ).attribute(
            pictures[example : example + 1],
            baselines=baselines[example : example + 1],
            target=int(TARGETS[example]),
            feature_mask=mask[None, None],
            n_samples=20,
        )

    found = {
        "gradient_shap": shap,
        "shapley_value_sampling": sampling.attribute(
            pictures, n_samples=3, **common
        ),
        "lime": torch.cat([lime(0), lime(1)]),
        # Of two examples there is one permutation that moves any.
        "feature_permutation": attr.FeaturePermutation(model).attribute(
            pictures, target=TARGETS, feature_mask=mask[None, None]
        ),
    }
    return found, draws


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
    more, draws = drawn_methods(model, pictures, baselines, mask)
    padded = Padded().eval()
    with torch.no_grad():
        for weight in padded.parameters():
            weight.copy_(0.5 * torch.randn(weight.shape, generator=generator))
    found |= more
    found["guided_gradcam"] = attr.GuidedGradCam(padded, padded.conv).attribute(
        pictures, target=TARGETS
    )
    weights = {
        f"{kind}/{name}": value.numpy()
        for kind, one in (("weight", model), ("padded", padded))
        for name, value in one.state_dict().items()
    }
    np.savez_compressed(
        FOLDER / "captum.npz",
        pictures=pictures.numpy(),
        baselines=baselines.numpy(),
        mask=mask.numpy(),
        steps=0.1 * steps.numpy(),
        logits=model(pictures).detach().numpy(),
        **weights,
        **{f"draws/{name}": value for name, value in draws.items()},
        **{name: value.detach().numpy() for name, value in found.items()},
    )
    for name, value in found.items():
        print(name, float(value.abs().sum()))


if __name__ == "__main__":
    print("torch", torch.__version__, "captum", captum.__version__)
    record()
