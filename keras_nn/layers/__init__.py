"""Layers, by family."""

from keras_nn.layers.autoencoder.masked_patch_decoder import (
    MaskedPatchDecoder as MaskedPatchDecoder,
)
from keras_nn.layers.autoencoder.vector_quantizer import (
    VectorQuantizer as VectorQuantizer,
)
from keras_nn.layers.autoregressive.gated_pixel_block import (
    GatedPixelBlock as GatedPixelBlock,
)
from keras_nn.layers.autoregressive.masked_conv2d import (
    MaskedConv2D as MaskedConv2D,
)
from keras_nn.layers.cnn.attention_pool2d import (
    AttentionPool2D as AttentionPool2D,
)
from keras_nn.layers.cnn.bicubic_upsampling2d import (
    BicubicUpsampling2D as BicubicUpsampling2D,
)
from keras_nn.layers.cnn.bilinear_upsampling2d import (
    BilinearUpsampling2D as BilinearUpsampling2D,
)
from keras_nn.layers.cnn.blur_pool2d import BlurPool2D as BlurPool2D
from keras_nn.layers.cnn.cbam import CBAM as CBAM
from keras_nn.layers.cnn.cond_conv2d import CondConv2D as CondConv2D
from keras_nn.layers.cnn.connection_table_conv2d import (
    ConnectionTableConv2D as ConnectionTableConv2D,
)
from keras_nn.layers.cnn.constant_padding2d import (
    ConstantPadding2D as ConstantPadding2D,
)
from keras_nn.layers.cnn.conv_batch_norm import ConvBatchNorm as ConvBatchNorm
from keras_nn.layers.cnn.conv_norm_act import ConvNormAct as ConvNormAct
from keras_nn.layers.cnn.deformable_conv2d import (
    DeformableConv2D as DeformableConv2D,
)
from keras_nn.layers.cnn.depthwise_conv_batch_norm import (
    DepthwiseConvBatchNorm as DepthwiseConvBatchNorm,
)
from keras_nn.layers.cnn.drop_block2d import DropBlock2D as DropBlock2D
from keras_nn.layers.cnn.drop_path import DropPath as DropPath
from keras_nn.layers.cnn.efficient_channel_attention import (
    EfficientChannelAttention as EfficientChannelAttention,
)
from keras_nn.layers.cnn.evo_norm2d_b0 import EvoNorm2DB0 as EvoNorm2DB0
from keras_nn.layers.cnn.evo_norm2d_s0 import EvoNorm2DS0 as EvoNorm2DS0
from keras_nn.layers.cnn.fast_batch_normalization import (
    FastBatchNormalization as FastBatchNormalization,
)
from keras_nn.layers.cnn.fast_group_normalization import (
    FastGroupNormalization as FastGroupNormalization,
)
from keras_nn.layers.cnn.filter_response_normalization import (
    FilterResponseNormalization as FilterResponseNormalization,
)
from keras_nn.layers.cnn.gather_excite import GatherExcite as GatherExcite
from keras_nn.layers.cnn.global_context import GlobalContext as GlobalContext
from keras_nn.layers.cnn.global_response_normalization import (
    GlobalResponseNormalization as GlobalResponseNormalization,
)
from keras_nn.layers.cnn.instance_normalization import (
    InstanceNormalization as InstanceNormalization,
)
from keras_nn.layers.cnn.layer_scale import LayerScale as LayerScale
from keras_nn.layers.cnn.local_response_normalization import (
    LocalResponseNormalization as LocalResponseNormalization,
)
from keras_nn.layers.cnn.max_over_time import MaxOverTime as MaxOverTime
from keras_nn.layers.cnn.mix_pictures import MixPictures as MixPictures
from keras_nn.layers.cnn.mixed_depthwise_conv2d import (
    MixedDepthwiseConv2D as MixedDepthwiseConv2D,
)
from keras_nn.layers.cnn.non_local2d import NonLocal2D as NonLocal2D
from keras_nn.layers.cnn.padding_shortcut import (
    PaddingShortcut as PaddingShortcut,
)
from keras_nn.layers.cnn.pixel_shuffle2d import PixelShuffle2D as PixelShuffle2D
from keras_nn.layers.cnn.rand_augment import RandAugment as RandAugment
from keras_nn.layers.cnn.random_resized_crop import (
    RandomResizedCrop as RandomResizedCrop,
)
from keras_nn.layers.cnn.reflection_padding2d import (
    ReflectionPadding2D as ReflectionPadding2D,
)
from keras_nn.layers.cnn.selective_kernel import (
    SelectiveKernel as SelectiveKernel,
)
from keras_nn.layers.cnn.space_to_depth2d import (
    SpaceToDepth2D as SpaceToDepth2D,
)
from keras_nn.layers.cnn.split_attention import SplitAttention as SplitAttention
from keras_nn.layers.cnn.squeeze_excite import SqueezeExcite as SqueezeExcite
from keras_nn.layers.cnn.standardized_conv2d import (
    StandardizedConv2D as StandardizedConv2D,
)
from keras_nn.layers.cnn.thresholded_linear_unit import (
    ThresholdedLinearUnit as ThresholdedLinearUnit,
)
from keras_nn.layers.cnn.trainable_subsampling2d import (
    TrainableSubsampling2D as TrainableSubsampling2D,
)
from keras_nn.layers.cnn.trivial_augment import TrivialAugment as TrivialAugment
from keras_nn.layers.cnn.unit_bias import UnitBias as UnitBias
from keras_nn.layers.cnn.weight_normalization import (
    WeightNormalization as WeightNormalization,
)
from keras_nn.layers.dense.mixer_block import MixerBlock as MixerBlock
from keras_nn.layers.detection.anchor_boxes import AnchorBoxes as AnchorBoxes
from keras_nn.layers.detection.box_waves import BoxWaves as BoxWaves
from keras_nn.layers.detection.centre_boxes import CentreBoxes as CentreBoxes
from keras_nn.layers.detection.feature_pyramid import (
    FeaturePyramid as FeaturePyramid,
)
from keras_nn.layers.detection.non_max_suppression import (
    NonMaxSuppression as NonMaxSuppression,
)
from keras_nn.layers.detection.object_queries import (
    ObjectQueries as ObjectQueries,
)
from keras_nn.layers.detection.point_boxes import PointBoxes as PointBoxes
from keras_nn.layers.detection.positioned_transformer_block import (
    PositionedTransformerBlock as PositionedTransformerBlock,
)
from keras_nn.layers.detection.pyramid_tower import PyramidTower as PyramidTower
from keras_nn.layers.detection.query_boxes import QueryBoxes as QueryBoxes
from keras_nn.layers.detection.query_proposals import (
    QueryProposals as QueryProposals,
)
from keras_nn.layers.detection.random_box_view import (
    RandomBoxView as RandomBoxView,
)
from keras_nn.layers.detection.roi_align import ROIAlign as ROIAlign
from keras_nn.layers.diffusion.adaptive_normalization import (
    AdaptiveNormalization as AdaptiveNormalization,
)
from keras_nn.layers.diffusion.adaptive_transformer_block import (
    AdaptiveTransformerBlock as AdaptiveTransformerBlock,
)
from keras_nn.layers.diffusion.time_embedding import (
    TimeEmbedding as TimeEmbedding,
)
from keras_nn.layers.energy.hopfield import Hopfield as Hopfield
from keras_nn.layers.energy.hopfield_layer import HopfieldLayer as HopfieldLayer
from keras_nn.layers.energy.hopfield_pooling import (
    HopfieldPooling as HopfieldPooling,
)
from keras_nn.layers.flow.act_norm import ActNorm as ActNorm
from keras_nn.layers.flow.autoregressive import Autoregressive as Autoregressive
from keras_nn.layers.flow.bijector_flow import BijectorFlow as BijectorFlow
from keras_nn.layers.flow.continuous_flow import (
    ContinuousFlow as ContinuousFlow,
)
from keras_nn.layers.flow.coupling import Coupling as Coupling
from keras_nn.layers.flow.flow_chain import FlowChain as FlowChain
from keras_nn.layers.flow.inverted import Inverted as Inverted
from keras_nn.layers.flow.invertible_linear import (
    InvertibleLinear as InvertibleLinear,
)
from keras_nn.layers.flow.logit import Logit as Logit
from keras_nn.layers.flow.masked_dense import MaskedDense as MaskedDense
from keras_nn.layers.flow.partial_flow import PartialFlow as PartialFlow
from keras_nn.layers.flow.planar import Planar as Planar
from keras_nn.layers.flow.radial import Radial as Radial
from keras_nn.layers.flow.squeeze import Squeeze as Squeeze
from keras_nn.layers.flow.value_transform import (
    AdditiveTransform as AdditiveTransform,
)
from keras_nn.layers.flow.value_transform import (
    AffineTransform as AffineTransform,
)
from keras_nn.layers.flow.value_transform import (
    SplineTransform as SplineTransform,
)
from keras_nn.layers.gan.doubled_picture import DoubledPicture as DoubledPicture
from keras_nn.layers.gan.equalized_conv2d import (
    EqualizedConv2D as EqualizedConv2D,
)
from keras_nn.layers.gan.equalized_dense import EqualizedDense as EqualizedDense
from keras_nn.layers.gan.learnt_map import LearntMap as LearntMap
from keras_nn.layers.gan.minibatch_deviation import (
    MinibatchDeviation as MinibatchDeviation,
)
from keras_nn.layers.gan.modulated_conv2d import (
    ModulatedConv2D as ModulatedConv2D,
)
from keras_nn.layers.gan.noise_dropout import NoiseDropout as NoiseDropout
from keras_nn.layers.gan.spectral_normalized import (
    SpectralNormalized as SpectralNormalized,
)
from keras_nn.layers.gan.styled_conv2d import StyledConv2D as StyledConv2D
from keras_nn.layers.graph.adjacency_matrix import (
    AdjacencyMatrix as AdjacencyMatrix,
)
from keras_nn.layers.graph.aggregation import Aggregation as Aggregation
from keras_nn.layers.graph.arma_convolution import (
    ARMAConvolution as ARMAConvolution,
)
from keras_nn.layers.graph.attention_propagation import (
    AttentionPropagation as AttentionPropagation,
)
from keras_nn.layers.graph.chebyshev_convolution import (
    ChebyshevConvolution as ChebyshevConvolution,
)
from keras_nn.layers.graph.continuous_filter_convolution import (
    ContinuousFilterConvolution as ContinuousFilterConvolution,
)
from keras_nn.layers.graph.crystal_convolution import (
    CrystalConvolution as CrystalConvolution,
)
from keras_nn.layers.graph.degree_scaling import DegreeScaling as DegreeScaling
from keras_nn.layers.graph.dense_graph_convolution import (
    DenseGraphConvolution as DenseGraphConvolution,
)
from keras_nn.layers.graph.differentiable_group_normalization import (
    DifferentiableGroupNormalization as DifferentiableGroupNormalization,
)
from keras_nn.layers.graph.differentiable_pooling import (
    DifferentiablePooling as DifferentiablePooling,
)
from keras_nn.layers.graph.dynamic_edge_convolution import (
    DynamicEdgeConvolution as DynamicEdgeConvolution,
)
from keras_nn.layers.graph.edge_conditioned_convolution import (
    EdgeConditionedConvolution as EdgeConditionedConvolution,
)
from keras_nn.layers.graph.edge_conditioned_recurrence import (
    EdgeConditionedRecurrence as EdgeConditionedRecurrence,
)
from keras_nn.layers.graph.edge_convolution import (
    EdgeConvolution as EdgeConvolution,
)
from keras_nn.layers.graph.equivariant_convolution import (
    EquivariantConvolution as EquivariantConvolution,
)
from keras_nn.layers.graph.film_convolution import (
    FiLMConvolution as FiLMConvolution,
)
from keras_nn.layers.graph.frequency_adaptive_convolution import (
    FrequencyAdaptiveConvolution as FrequencyAdaptiveConvolution,
)
from keras_nn.layers.graph.gated_graph_convolution import (
    GatedGraphConvolution as GatedGraphConvolution,
)
from keras_nn.layers.graph.general_powerful_scalable import (
    GeneralPowerfulScalable as GeneralPowerfulScalable,
)
from keras_nn.layers.graph.generalized_convolution import (
    GeneralizedConvolution as GeneralizedConvolution,
)
from keras_nn.layers.graph.graph_attention import (
    GraphAttention as GraphAttention,
)
from keras_nn.layers.graph.graph_attention_pooling import (
    GraphAttentionPooling as GraphAttentionPooling,
)
from keras_nn.layers.graph.graph_attention_v2 import (
    GraphAttentionV2 as GraphAttentionV2,
)
from keras_nn.layers.graph.graph_convolution import (
    GraphConvolution as GraphConvolution,
)
from keras_nn.layers.graph.graph_isomorphism import (
    GraphIsomorphism as GraphIsomorphism,
)
from keras_nn.layers.graph.graph_normalization import (
    GraphNormalization as GraphNormalization,
)
from keras_nn.layers.graph.graph_pooling import GraphPooling as GraphPooling
from keras_nn.layers.graph.graph_sage import GraphSAGE as GraphSAGE
from keras_nn.layers.graph.graph_transformer import (
    GraphTransformer as GraphTransformer,
)
from keras_nn.layers.graph.heterogeneous_transformer import (
    HeterogeneousTransformer as HeterogeneousTransformer,
)
from keras_nn.layers.graph.hypergraph_convolution import (
    HypergraphConvolution as HypergraphConvolution,
)
from keras_nn.layers.graph.initial_residual_convolution import (
    InitialResidualConvolution as InitialResidualConvolution,
)
from keras_nn.layers.graph.jumping_knowledge import (
    JumpingKnowledge as JumpingKnowledge,
)
from keras_nn.layers.graph.light_graph_convolution import (
    LightGraphConvolution as LightGraphConvolution,
)
from keras_nn.layers.graph.link_inner_product import (
    LinkInnerProduct as LinkInnerProduct,
)
from keras_nn.layers.graph.lstm_aggregation import (
    LSTMAggregation as LSTMAggregation,
)
from keras_nn.layers.graph.message_normalization import (
    MessageNormalization as MessageNormalization,
)
from keras_nn.layers.graph.message_passing import (
    MessagePassing as MessagePassing,
)
from keras_nn.layers.graph.minimum_cut_pooling import (
    MinimumCutPooling as MinimumCutPooling,
)
from keras_nn.layers.graph.mixhop_convolution import (
    MixHopConvolution as MixHopConvolution,
)
from keras_nn.layers.graph.morris_convolution import (
    MorrisConvolution as MorrisConvolution,
)
from keras_nn.layers.graph.node_batch_normalization import (
    NodeBatchNormalization as NodeBatchNormalization,
)
from keras_nn.layers.graph.pair_normalization import (
    PairNormalization as PairNormalization,
)
from keras_nn.layers.graph.personalized_propagation import (
    PersonalizedPropagation as PersonalizedPropagation,
)
from keras_nn.layers.graph.power_mean_aggregation import (
    PowerMeanAggregation as PowerMeanAggregation,
)
from keras_nn.layers.graph.principal_neighbourhood import (
    PrincipalNeighbourhood as PrincipalNeighbourhood,
)
from keras_nn.layers.graph.relational_convolution import (
    RelationalConvolution as RelationalConvolution,
)
from keras_nn.layers.graph.residual_gated_convolution import (
    ResidualGatedConvolution as ResidualGatedConvolution,
)
from keras_nn.layers.graph.self_attention_pooling import (
    SelfAttentionPooling as SelfAttentionPooling,
)
from keras_nn.layers.graph.set_abstraction import (
    SetAbstraction as SetAbstraction,
)
from keras_nn.layers.graph.set_to_set_pooling import (
    SetToSetPooling as SetToSetPooling,
)
from keras_nn.layers.graph.simple_spectral_convolution import (
    SimpleSpectralConvolution as SimpleSpectralConvolution,
)
from keras_nn.layers.graph.simplified_graph_convolution import (
    SimplifiedGraphConvolution as SimplifiedGraphConvolution,
)
from keras_nn.layers.graph.softmax_aggregation import (
    SoftmaxAggregation as SoftmaxAggregation,
)
from keras_nn.layers.graph.sort_pooling import SortPooling as SortPooling
from keras_nn.layers.graph.top_k_pooling import TopKPooling as TopKPooling
from keras_nn.layers.graph.topology_adaptive_convolution import (
    TopologyAdaptiveConvolution as TopologyAdaptiveConvolution,
)
from keras_nn.layers.graph.two_step_adjacency import (
    TwoStepAdjacency as TwoStepAdjacency,
)
from keras_nn.layers.graph.typed_dense import TypedDense as TypedDense
from keras_nn.layers.graph.virtual_node import VirtualNode as VirtualNode
from keras_nn.layers.rnn.attentive_cell import AttentiveCell as AttentiveCell
from keras_nn.layers.rnn.attentive_decoder import (
    AttentiveDecoder as AttentiveDecoder,
)
from keras_nn.layers.rnn.bahdanau_attention import (
    BahdanauAttention as BahdanauAttention,
)
from keras_nn.layers.rnn.copy_mechanism import CopyMechanism as CopyMechanism
from keras_nn.layers.rnn.crf import CRF as CRF
from keras_nn.layers.rnn.echo_state_cell import EchoStateCell as EchoStateCell
from keras_nn.layers.rnn.flexible_gru_cell import (
    FlexibleGRUCell as FlexibleGRUCell,
)
from keras_nn.layers.rnn.flexible_lstm_cell import (
    FlexibleLSTMCell as FlexibleLSTMCell,
)
from keras_nn.layers.rnn.independent_cell import (
    IndependentCell as IndependentCell,
)
from keras_nn.layers.rnn.luong_attention import LuongAttention as LuongAttention
from keras_nn.layers.rnn.minimal_gated_cell import (
    MinimalGatedCell as MinimalGatedCell,
)
from keras_nn.layers.rnn.temporal_block import TemporalBlock as TemporalBlock
from keras_nn.layers.rnn.wavenet_block import WaveNetBlock as WaveNetBlock
from keras_nn.layers.segmentation.atrous_pyramid_pooling import (
    AtrousPyramidPooling as AtrousPyramidPooling,
)
from keras_nn.layers.segmentation.feature_pyramid_attention import (
    FeaturePyramidAttention as FeaturePyramidAttention,
)
from keras_nn.layers.segmentation.fusion_attention import (
    FusionAttention as FusionAttention,
)
from keras_nn.layers.segmentation.global_attention_upsample import (
    GlobalAttentionUpsample as GlobalAttentionUpsample,
)
from keras_nn.layers.segmentation.position_attention import (
    PositionAttention as PositionAttention,
)
from keras_nn.layers.segmentation.pyramid_pooling import (
    PyramidPooling as PyramidPooling,
)
from keras_nn.layers.segmentation.random_deformation import (
    RandomDeformation as RandomDeformation,
)
from keras_nn.layers.segmentation.simple_pyramid_level import (
    SimplePyramidLevel as SimplePyramidLevel,
)
from keras_nn.layers.segmentation.token_readout import (
    TokenReadout as TokenReadout,
)
from keras_nn.layers.state_space.mamba_block import MambaBlock as MambaBlock
from keras_nn.layers.state_space.s4d import S4D as S4D
from keras_nn.layers.transformer.adaptive_softmax import (
    AdaptiveSoftmax as AdaptiveSoftmax,
)
from keras_nn.layers.transformer.bidirectional_transformer_block import (
    BidirectionalTransformerBlock as BidirectionalTransformerBlock,
)
from keras_nn.layers.transformer.causal_transformer_block import (
    CausalTransformerBlock as CausalTransformerBlock,
)
from keras_nn.layers.transformer.encoder_decoder_block import (
    EncoderDecoderBlock as EncoderDecoderBlock,
)
from keras_nn.layers.transformer.flexible_attention import (
    FlexibleAttention as FlexibleAttention,
)
from keras_nn.layers.transformer.grid_positions import (
    GridPositions as GridPositions,
)
from keras_nn.layers.transformer.image_self_attention import (
    ImageSelfAttention as ImageSelfAttention,
)
from keras_nn.layers.transformer.learned_positions import (
    LearnedPositions as LearnedPositions,
)
from keras_nn.layers.transformer.linear_attention import (
    LinearAttention as LinearAttention,
)
from keras_nn.layers.transformer.mix_transformer_block import (
    MixTransformerBlock as MixTransformerBlock,
)
from keras_nn.layers.transformer.ml_decoder import MLDecoder as MLDecoder
from keras_nn.layers.transformer.patch_dropout import (
    PatchDropout as PatchDropout,
)
from keras_nn.layers.transformer.patch_embed import PatchEmbed as PatchEmbed
from keras_nn.layers.transformer.patch_merging import (
    PatchMerging as PatchMerging,
)
from keras_nn.layers.transformer.relative_position_bias import (
    RelativePositionBias as RelativePositionBias,
)
from keras_nn.layers.transformer.retention import Retention as Retention
from keras_nn.layers.transformer.sinusoidal_positions import (
    SinusoidalPositions as SinusoidalPositions,
)
from keras_nn.layers.transformer.spatial_reduction_attention import (
    SpatialReductionAttention as SpatialReductionAttention,
)
from keras_nn.layers.transformer.token_mask import TokenMask as TokenMask
from keras_nn.layers.transformer.token_mean import TokenMean as TokenMean
from keras_nn.layers.transformer.token_pooling import (
    TokenPooling as TokenPooling,
)
from keras_nn.layers.transformer.tokens_to_map import TokensToMap as TokensToMap
from keras_nn.layers.transformer.transformer_feed_forward import (
    TransformerFeedForward as TransformerFeedForward,
)
from keras_nn.layers.transformer.vision_tokens import (
    VisionTokens as VisionTokens,
)
from keras_nn.layers.transformer.vision_transformer_block import (
    VisionTransformerBlock as VisionTransformerBlock,
)
from keras_nn.layers.transformer.vocabulary_bias import (
    VocabularyBias as VocabularyBias,
)
from keras_nn.layers.transformer.window_attention import (
    WindowAttention as WindowAttention,
)
