from keras_nn.explain.activation_methods import METHODS as ACTIVATION_METHODS
from keras_nn.explain.attention_relevance import AttentionRelevance
from keras_nn.explain.attention_rollout import AttentionRollout
from keras_nn.explain.class_activation_map import ClassActivationMap
from keras_nn.explain.conductance import Conductance
from keras_nn.explain.deep_lift import DeepLift
from keras_nn.explain.deep_lift_shap import DeepLiftShap
from keras_nn.explain.feature_ablation import FeatureAblation
from keras_nn.explain.feature_ablation import FeaturePermutation
from keras_nn.explain.gradient_shap import GradientShap
from keras_nn.explain.guided_backprop import Deconvolution
from keras_nn.explain.guided_backprop import GuidedBackprop
from keras_nn.explain.guided_gradcam import GuidedGradCam
from keras_nn.explain.input_x_gradient import InputXGradient
from keras_nn.explain.integrated_gradients import IntegratedGradients
from keras_nn.explain.internal_influence import InternalInfluence
from keras_nn.explain.kernel_shap import KernelShap
from keras_nn.explain.layer_wise_relevance import LayerWiseRelevance
from keras_nn.explain.lime import Lime
from keras_nn.explain.neuron_conductance import NeuronConductance
from keras_nn.explain.noisy_gradients import SmoothGradSquared
from keras_nn.explain.noisy_gradients import VarGrad
from keras_nn.explain.occlusion import Occlusion
from keras_nn.explain.rise import Rise
from keras_nn.explain.saliency import Saliency
from keras_nn.explain.shapley_values import ShapleyValues
from keras_nn.explain.shapley_values import ShapleyValueSampling

EXPLAINERS = {
    explainer.method: explainer
    for explainer in (
        IntegratedGradients,
        InputXGradient,
        Saliency,
        SmoothGradSquared,
        VarGrad,
        GradientShap,
        DeepLift,
        DeepLiftShap,
        InternalInfluence,
        Conductance,
        NeuronConductance,
        GuidedBackprop,
        Deconvolution,
        LayerWiseRelevance,
        Occlusion,
        FeatureAblation,
        FeaturePermutation,
        ShapleyValues,
        ShapleyValueSampling,
        KernelShap,
        Lime,
        AttentionRollout,
        AttentionRelevance,
        Rise,
        GuidedGradCam,
    )
}
METHODS = (
    *EXPLAINERS,
    *(name for name in ACTIVATION_METHODS if name not in EXPLAINERS),
)


def attribute(
    model,
    inputs,
    targets=None,
    method="integrated-gradients",
    baselines=None,
    **options,
):
    """Explains a model's scores by a method's name, in one call.

    To explain more than one batch, make the explainer once and call it: it
    keeps what it has compiled.

    Args:
        model: any built `keras.Model`.
        inputs: array, or the structure of arrays that the model takes.
        targets: int, int array `(n,)`, or None for the predicted class.
        method: str. `"integrated-gradients"`, `"input-x-gradient"`,
            `"saliency"`, `"smoothgrad-squared"`, `"vargrad"`,
            `"gradient-shap"`, `"deep-lift"`, `"deep-lift-shap"`,
            `"internal-influence"`, `"conductance"` and
            `"neuron-conductance"` (of a `layer`),
            `"guided-backprop"`, `"deconvolution"`, `"layer-wise-relevance"`,
            `"occlusion"`, `"feature-ablation"`, `"feature-permutation"`,
            `"shapley-values"`, `"shapley-value-sampling"`, `"kernel-shap"`,
            `"lime"`, `"attention-rollout"`, `"attention-relevance"`,
            `"rise"`, `"guided-gradcam"`, or a class activation map:
            `"gradcam"`, `"gradcam++"`, `"scorecam"`, `"layercam"`,
            `"smoothgrad"`. Defaults to `"integrated-gradients"`.
        baselines: what absence looks like, for methods that compare; None
            means 0.
        **options: constructor arguments of the method's explainer.

    Returns:
        An `Explanation`.

    Raises:
        ValueError: on another method, or what the method cannot explain.

    Example:

    >>> import keras, numpy as np
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    >>> attribute(model, np.ones((4, 3)), targets=1).attributions.shape
    (4, 3)
    """
    explainer = explainer_for(model, method, **options)
    arguments = {} if baselines is None else {"baselines": baselines}
    return explainer(inputs, targets, **arguments)


def explainer_for(model, method, **options):
    """The explainer of a method's name: see `attribute`.

    Args:
        model, method, **options: as of `attribute`.
    """
    if method in EXPLAINERS:
        return EXPLAINERS[method](model, **options)
    if method not in METHODS:
        raise ValueError(
            f"`method` must be one of {list(METHODS)}. Received: {method!r}"
        )
    common = ("layer", "output", "batch_size")
    given = {k: v for k, v in options.items() if k in common}
    special = {k: v for k, v in options.items() if k not in common}
    return ClassActivationMap(model, method, options=special, **given)
