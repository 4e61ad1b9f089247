"""Layers, by family."""

from keras_nn.layers.autoencoder.vector_quantizer import (
    VectorQuantizer as VectorQuantizer,
)
from keras_nn.layers.cnn.bilinear_upsampling2d import (
    BilinearUpsampling2D as BilinearUpsampling2D,
)
from keras_nn.layers.cnn.blur_pool2d import BlurPool2D as BlurPool2D
from keras_nn.layers.cnn.cbam import CBAM as CBAM
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
from keras_nn.layers.cnn.fast_batch_normalization import (
    FastBatchNormalization as FastBatchNormalization,
)
from keras_nn.layers.cnn.global_response_normalization import (
    GlobalResponseNormalization as GlobalResponseNormalization,
)
from keras_nn.layers.cnn.layer_scale import LayerScale as LayerScale
from keras_nn.layers.cnn.local_response_normalization import (
    LocalResponseNormalization as LocalResponseNormalization,
)
from keras_nn.layers.cnn.max_over_time import MaxOverTime as MaxOverTime
from keras_nn.layers.cnn.mix_pictures import MixPictures as MixPictures
from keras_nn.layers.cnn.padding_shortcut import (
    PaddingShortcut as PaddingShortcut,
)
from keras_nn.layers.cnn.squeeze_excite import SqueezeExcite as SqueezeExcite
from keras_nn.layers.cnn.standardized_conv2d import (
    StandardizedConv2D as StandardizedConv2D,
)
from keras_nn.layers.cnn.trainable_subsampling2d import (
    TrainableSubsampling2D as TrainableSubsampling2D,
)
from keras_nn.layers.cnn.unit_bias import UnitBias as UnitBias
from keras_nn.layers.cnn.weight_normalization import (
    WeightNormalization as WeightNormalization,
)
from keras_nn.layers.dense.mixer_block import MixerBlock as MixerBlock
from keras_nn.layers.detection.anchor_boxes import AnchorBoxes as AnchorBoxes
from keras_nn.layers.detection.centre_boxes import CentreBoxes as CentreBoxes
from keras_nn.layers.detection.feature_pyramid import (
    FeaturePyramid as FeaturePyramid,
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
from keras_nn.layers.detection.random_box_view import (
    RandomBoxView as RandomBoxView,
)
from keras_nn.layers.detection.roi_align import ROIAlign as ROIAlign
from keras_nn.layers.diffusion.time_embedding import (
    TimeEmbedding as TimeEmbedding,
)
from keras_nn.layers.gan.minibatch_deviation import (
    MinibatchDeviation as MinibatchDeviation,
)
from keras_nn.layers.gan.spectral_normalized import (
    SpectralNormalized as SpectralNormalized,
)
from keras_nn.layers.graph.arma_convolution import (
    ARMAConvolution as ARMAConvolution,
)
from keras_nn.layers.graph.chebyshev_convolution import (
    ChebyshevConvolution as ChebyshevConvolution,
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
from keras_nn.layers.graph.gated_graph_convolution import (
    GatedGraphConvolution as GatedGraphConvolution,
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
from keras_nn.layers.graph.initial_residual_convolution import (
    InitialResidualConvolution as InitialResidualConvolution,
)
from keras_nn.layers.graph.message_passing import (
    MessagePassing as MessagePassing,
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
from keras_nn.layers.graph.principal_neighbourhood import (
    PrincipalNeighbourhood as PrincipalNeighbourhood,
)
from keras_nn.layers.graph.relational_convolution import (
    RelationalConvolution as RelationalConvolution,
)
from keras_nn.layers.graph.set_to_set_pooling import (
    SetToSetPooling as SetToSetPooling,
)
from keras_nn.layers.graph.simplified_graph_convolution import (
    SimplifiedGraphConvolution as SimplifiedGraphConvolution,
)
from keras_nn.layers.rnn.crf import CRF as CRF
from keras_nn.layers.rnn.flexible_gru_cell import (
    FlexibleGRUCell as FlexibleGRUCell,
)
from keras_nn.layers.rnn.flexible_lstm_cell import (
    FlexibleLSTMCell as FlexibleLSTMCell,
)
from keras_nn.layers.rnn.independent_cell import (
    IndependentCell as IndependentCell,
)
from keras_nn.layers.rnn.minimal_gated_cell import (
    MinimalGatedCell as MinimalGatedCell,
)
from keras_nn.layers.rnn.temporal_block import TemporalBlock as TemporalBlock
from keras_nn.layers.segmentation.atrous_pyramid_pooling import (
    AtrousPyramidPooling as AtrousPyramidPooling,
)
from keras_nn.layers.segmentation.pyramid_pooling import (
    PyramidPooling as PyramidPooling,
)
from keras_nn.layers.segmentation.random_deformation import (
    RandomDeformation as RandomDeformation,
)
from keras_nn.layers.state_space.mamba_block import MambaBlock as MambaBlock
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
from keras_nn.layers.transformer.image_self_attention import (
    ImageSelfAttention as ImageSelfAttention,
)
from keras_nn.layers.transformer.learned_positions import (
    LearnedPositions as LearnedPositions,
)
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
from keras_nn.layers.transformer.sinusoidal_positions import (
    SinusoidalPositions as SinusoidalPositions,
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
