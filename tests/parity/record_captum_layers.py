"""Records what captum says of layers, neurons and training examples.

    pip install torch captum
    python tests/parity/record_captum_layers.py

A small network with a branch, so that something goes around the layer that is
looked at: its weights at two checkpoints, attributions to the layer, to a
neuron of it, and the influence of training examples.
"""

from pathlib import Path

import captum
import captum.attr as attr
import numpy as np
import torch
from captum.influence import NaiveInfluenceFunction
from captum.influence import TracInCP
from torch import nn
from torch.utils.data import TensorDataset

FOLDER = Path(__file__).parent
TARGETS = torch.tensor([1, 2, 0])
NEURON = 3
RATES = (0.5, 0.25)


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(6, 5)
        self.relu1 = nn.ReLU()
        self.second = nn.Linear(5, 5)
        self.relu2 = nn.ReLU()
        self.head = nn.Linear(5, 3)

    def forward(self, x):
        x = self.relu1(self.first(x))
        return self.head(x + self.relu2(self.second(x)))


def drawn(model, generator):
    with torch.no_grad():
        for weight in model.parameters():
            weight.copy_(0.6 * torch.randn(weight.shape, generator=generator))


def of_layers(model, x, baselines, many, shares):
    layer, given = model.relu2, {"target": TARGETS}
    both = {**given, "baselines": baselines}
    uniform, np.random.uniform = np.random.uniform, lambda *_: shares
    shap = attr.LayerGradientShap(model, layer).attribute(
        x, baselines[:1], n_samples=4, stdevs=0.0, **given
    )
    np.random.uniform = uniform
    return {
        "activation": attr.LayerActivation(model, layer).attribute(x),
        "gradient_x_activation": attr.LayerGradientXActivation(
            model, layer
        ).attribute(x, **given),
        "integrated_gradients": attr.LayerIntegratedGradients(
            model, layer
        ).attribute(x, n_steps=20, **both),
        "deep_lift": attr.LayerDeepLift(model, layer).attribute(x, **both),
        "deep_lift_shap": attr.LayerDeepLiftShap(model, layer).attribute(
            x, many, **given
        ),
        "gradient_shap": shap,
        "feature_ablation": attr.LayerFeatureAblation(model, layer).attribute(
            x,
            layer_baselines=attr.LayerActivation(model, layer).attribute(
                baselines
            ),
            **given,
        ),
        "internal_influence": attr.InternalInfluence(model, layer).attribute(
            x, n_steps=20, **both
        ),
        "conductance": attr.LayerConductance(model, layer).attribute(
            x, n_steps=20, method="riemann_trapezoid", **both
        ),
        "conductance_gauss": attr.LayerConductance(model, layer).attribute(
            x, n_steps=20, **both
        ),
    }


def of_neurons(model, x, baselines):
    layer = model.relu2
    return {
        "gradient": attr.NeuronGradient(model, layer).attribute(x, NEURON),
        "integrated_gradients": attr.NeuronIntegratedGradients(
            model, layer
        ).attribute(x, NEURON, baselines, n_steps=20),
        "deep_lift": attr.NeuronDeepLift(model, layer).attribute(
            x, NEURON, baselines
        ),
        "guided_backprop": attr.NeuronGuidedBackprop(model, layer).attribute(
            x, NEURON
        ),
        "deconvolution": attr.NeuronDeconvolution(model, layer).attribute(
            x, NEURON
        ),
        "feature_ablation": attr.NeuronFeatureAblation(model, layer).attribute(
            x, NEURON, baselines
        ),
        "conductance": attr.NeuronConductance(model, layer).attribute(
            x,
            NEURON,
            baselines,
            target=TARGETS,
            n_steps=20,
            method="gausslegendre",
        ),
    }


def of_examples(model, states, learnt, x):
    """Influence by two checkpoints, and by the Hessian at the last."""

    def load(model, number):
        model.load_state_dict(states[number])
        return RATES[number]

    loss = nn.CrossEntropyLoss(reduction="none")
    data = TensorDataset(*learnt)
    common = {
        "checkpoints": [0, 1],
        "checkpoints_load_func": load,
        "loss_fn": loss,
        "batch_size": 10,
    }
    functions = NaiveInfluenceFunction(
        model,
        data,
        1,
        checkpoints_load_func=load,
        layers=["head"],
        loss_fn=loss,
        batch_size=10,
        projection_dim=None,
        hessian_reg=20 * 0.05,
        hessian_inverse_tol=0.0,
    )
    return {
        "tracin": TracInCP(model, data, **common).influence((x, TARGETS)),
        # Their fast form leaves the bias out; this one counts it.
        "tracin_last": TracInCP(
            model, data, layers=["head"], **common
        ).influence((x, TARGETS)),
        "self_influence": TracInCP(model, data, **common).self_influence(None),
        "influence_functions": functions.influence((x, TARGETS)),
    }


def record():
    generator = torch.Generator().manual_seed(5)
    model, states = Network().eval(), []
    for _ in RATES:
        drawn(model, generator)
        states.append(
            {k: v.detach().clone() for k, v in model.state_dict().items()}
        )
    x = torch.randn((3, 6), generator=generator)
    baselines = 0.3 * torch.randn((3, 6), generator=generator)
    many = 0.5 * torch.randn((4, 6), generator=generator)
    learnt = (
        torch.randn((20, 6), generator=generator),
        torch.randint(0, 3, (20,), generator=generator),
    )
    found = {
        "logits": model(x),
        "deep_lift_shap": attr.DeepLiftShap(model).attribute(
            x, many, target=TARGETS
        ),
    }
    shares = np.random.RandomState(5).uniform(size=12)
    layers = of_layers(model, x, baselines, many, shares)
    neurons = of_neurons(model, x, baselines)
    found |= {f"layer/{name}": value for name, value in layers.items()}
    found |= {f"neuron/{name}": value for name, value in neurons.items()}
    found |= of_examples(model, states, learnt, x)
    weights = {
        f"weight/{number}/{name}": value.numpy()
        for number, state in enumerate(states)
        for name, value in state.items()
    }
    np.savez_compressed(
        FOLDER / "captum_layers.npz",
        x=x.numpy(),
        baselines=baselines.numpy(),
        many=many.numpy(),
        shares=shares,
        learnt=learnt[0].numpy(),
        labels=learnt[1].numpy(),
        **weights,
        **{name: value.detach().numpy() for name, value in found.items()},
    )
    for name, value in found.items():
        print(name, tuple(value.shape), float(value.abs().sum()))


if __name__ == "__main__":
    print("torch", torch.__version__, "captum", captum.__version__)
    record()
