"""Why did the model say so? Methods that look into any Keras model."""

from keras_nn.explain.activation_maximization import (
    activation_maximization as activation_maximization,
)
from keras_nn.explain.attention_relevance import (
    AttentionRelevance as AttentionRelevance,
)
from keras_nn.explain.attention_rollout import (
    AttentionRollout as AttentionRollout,
)
from keras_nn.explain.attribute import attribute as attribute
from keras_nn.explain.class_activation import (
    class_activation as class_activation,
)
from keras_nn.explain.class_activation_map import (
    ClassActivationMap as ClassActivationMap,
)
from keras_nn.explain.concept_vectors import ConceptScore as ConceptScore
from keras_nn.explain.concept_vectors import ConceptVectors as ConceptVectors
from keras_nn.explain.conciseness import complexity as complexity
from keras_nn.explain.conciseness import sparseness as sparseness
from keras_nn.explain.conductance import Conductance as Conductance
from keras_nn.explain.deep_lift import DeepLift as DeepLift
from keras_nn.explain.deep_lift_shap import DeepLiftShap as DeepLiftShap
from keras_nn.explain.deletion_curve import deletion_curve as deletion_curve
from keras_nn.explain.edge_attention import EdgeAttention as EdgeAttention
from keras_nn.explain.edge_gates import EdgeGates as EdgeGates
from keras_nn.explain.explainer import Explainer as Explainer
from keras_nn.explain.explanation import Explanation as Explanation
from keras_nn.explain.feature_ablation import FeatureAblation as FeatureAblation
from keras_nn.explain.feature_ablation import (
    FeaturePermutation as FeaturePermutation,
)
from keras_nn.explain.feature_visualization import (
    FeatureVisualization as FeatureVisualization,
)
from keras_nn.explain.features import grid_features as grid_features
from keras_nn.explain.find_last_convolution import (
    find_last_convolution as find_last_convolution,
)
from keras_nn.explain.functional_view import FunctionalView as FunctionalView
from keras_nn.explain.gnn_explainer import GNNExplainer as GNNExplainer
from keras_nn.explain.gradient_shap import GradientShap as GradientShap
from keras_nn.explain.graph_explainer import GraphExplainer as GraphExplainer
from keras_nn.explain.graph_explanation import (
    GraphExplanation as GraphExplanation,
)
from keras_nn.explain.guided_backprop import Deconvolution as Deconvolution
from keras_nn.explain.guided_backprop import GuidedBackprop as GuidedBackprop
from keras_nn.explain.guided_gradcam import GuidedGradCam as GuidedGradCam
from keras_nn.explain.infidelity import infidelity as infidelity
from keras_nn.explain.influence import Influence as Influence
from keras_nn.explain.influence_functions import (
    InfluenceFunctions as InfluenceFunctions,
)
from keras_nn.explain.input_x_gradient import InputXGradient as InputXGradient
from keras_nn.explain.integrated_edges import IntegratedEdges as IntegratedEdges
from keras_nn.explain.integrated_gradients import (
    IntegratedGradients as IntegratedGradients,
)
from keras_nn.explain.internal_influence import (
    InternalInfluence as InternalInfluence,
)
from keras_nn.explain.kernel_shap import KernelShap as KernelShap
from keras_nn.explain.layer_activations import (
    layer_activations as layer_activations,
)
from keras_nn.explain.layer_wise_relevance import (
    LayerWiseRelevance as LayerWiseRelevance,
)
from keras_nn.explain.lime import Lime as Lime
from keras_nn.explain.localization import pointing_game as pointing_game
from keras_nn.explain.localization import (
    relevance_mass_accuracy as relevance_mass_accuracy,
)
from keras_nn.explain.localization import (
    relevance_rank_accuracy as relevance_rank_accuracy,
)
from keras_nn.explain.neuron_conductance import (
    NeuronConductance as NeuronConductance,
)
from keras_nn.explain.noise_tunnel import NoiseTunnel as NoiseTunnel
from keras_nn.explain.noisy_gradients import (
    SmoothGradSquared as SmoothGradSquared,
)
from keras_nn.explain.noisy_gradients import VarGrad as VarGrad
from keras_nn.explain.occlusion import Occlusion as Occlusion
from keras_nn.explain.parameter_randomization import (
    parameter_randomization as parameter_randomization,
)
from keras_nn.explain.penultimate_features import (
    penultimate_features as penultimate_features,
)
from keras_nn.explain.rise import Rise as Rise
from keras_nn.explain.road_curve import road_curve as road_curve
from keras_nn.explain.saliency import Saliency as Saliency
from keras_nn.explain.sensitivity import sensitivity_max as sensitivity_max
from keras_nn.explain.sensitivity import sensitivity_mean as sensitivity_mean
from keras_nn.explain.shap_library import ShapLibrary as ShapLibrary
from keras_nn.explain.shap_library import as_shap as as_shap
from keras_nn.explain.shapley_values import ShapleyValues as ShapleyValues
from keras_nn.explain.shapley_values import (
    ShapleyValueSampling as ShapleyValueSampling,
)
from keras_nn.explain.superpixels import superpixels as superpixels
from keras_nn.explain.tracin import TracIn as TracIn
