"""Pure tensor functions on `keras.ops`."""

from keras_nn.ops.add_bias import add_bias as add_bias
from keras_nn.ops.aligned_resize import aligned_resize as aligned_resize
from keras_nn.ops.attention_positions import alibi_slopes as alibi_slopes
from keras_nn.ops.attention_positions import (
    relative_buckets as relative_buckets,
)
from keras_nn.ops.attention_positions import rotate_pairs as rotate_pairs
from keras_nn.ops.attention_positions import visible_keys as visible_keys
from keras_nn.ops.batch_normalization import normalize_batch as normalize_batch
from keras_nn.ops.bicubic import bicubic_downscale as bicubic_downscale
from keras_nn.ops.bicubic import bicubic_upscale as bicubic_upscale
from keras_nn.ops.bilinear import sample_bilinear as sample_bilinear
from keras_nn.ops.box_coders import box_centres as box_centres
from keras_nn.ops.box_coders import box_corners as box_corners
from keras_nn.ops.box_coders import decode_deltas as decode_deltas
from keras_nn.ops.box_coders import decode_distances as decode_distances
from keras_nn.ops.box_coders import encode_deltas as encode_deltas
from keras_nn.ops.box_coders import encode_distances as encode_distances
from keras_nn.ops.box_iou import box_area as box_area
from keras_nn.ops.box_iou import box_iou as box_iou
from keras_nn.ops.box_targets import split_targets as split_targets
from keras_nn.ops.box_targets import take_boxes as take_boxes
from keras_nn.ops.centre_heatmap import bump_radius as bump_radius
from keras_nn.ops.centre_heatmap import centre_heatmap as centre_heatmap
from keras_nn.ops.decayed_attention import (
    decayed_attention as decayed_attention,
)
from keras_nn.ops.deep_norm import deep_norm as deep_norm
from keras_nn.ops.deformable_conv2d import (
    deformable_conv2d as deformable_conv2d,
)
from keras_nn.ops.dense_labels import dense_labels as dense_labels
from keras_nn.ops.gaussian import gaussian_kl as gaussian_kl
from keras_nn.ops.gaussian import gaussian_log_density as gaussian_log_density
from keras_nn.ops.gram_matrix import gram_matrix as gram_matrix
from keras_nn.ops.group_normalization import (
    normalize_groups as normalize_groups,
)
from keras_nn.ops.grouped_attention import banded_attention as banded_attention
from keras_nn.ops.grouped_attention import (
    grouped_attention as grouped_attention,
)
from keras_nn.ops.hopfield_retrieval import (
    hopfield_retrieval as hopfield_retrieval,
)
from keras_nn.ops.linear_assignment import (
    linear_assignment as linear_assignment,
)
from keras_nn.ops.linear_chain import best_path as best_path
from keras_nn.ops.linear_chain import log_partition as log_partition
from keras_nn.ops.linear_chain import pair_marginals as pair_marginals
from keras_nn.ops.linear_chain import pass_over as pass_over
from keras_nn.ops.linear_chain import path_score as path_score
from keras_nn.ops.lovasz_gradient import lovasz_extension as lovasz_extension
from keras_nn.ops.luminance import luminance as luminance
from keras_nn.ops.match_boxes import match_anchors as match_anchors
from keras_nn.ops.match_boxes import match_points as match_points
from keras_nn.ops.match_detections import match_detections as match_detections
from keras_nn.ops.mean_discrepancy import mean_discrepancy as mean_discrepancy
from keras_nn.ops.normalize_rows import normalize_rows as normalize_rows
from keras_nn.ops.picture_patches import from_patches as from_patches
from keras_nn.ops.picture_patches import to_patches as to_patches
from keras_nn.ops.picture_symmetries import turned as turned
from keras_nn.ops.picture_symmetries import turned_back as turned_back
from keras_nn.ops.point_clouds import ball_neighbors as ball_neighbors
from keras_nn.ops.point_clouds import farthest_points as farthest_points
from keras_nn.ops.predictive_entropy import (
    predictive_entropy as predictive_entropy,
)
from keras_nn.ops.propagate_rows import propagate_rows as propagate_rows
from keras_nn.ops.pyramid_places import pyramid_anchors as pyramid_anchors
from keras_nn.ops.pyramid_places import pyramid_points as pyramid_points
from keras_nn.ops.segment_aggregate import (
    segment_aggregate as segment_aggregate,
)
from keras_nn.ops.segment_order import segment_median as segment_median
from keras_nn.ops.segment_order import segment_rows as segment_rows
from keras_nn.ops.segment_softmax import segment_softmax as segment_softmax
from keras_nn.ops.segment_softmax import (
    segment_softmax_sum as segment_softmax_sum,
)
from keras_nn.ops.segments import segment_count as segment_count
from keras_nn.ops.segments import segment_max as segment_max
from keras_nn.ops.segments import segment_mean as segment_mean
from keras_nn.ops.segments import segment_min as segment_min
from keras_nn.ops.segments import segment_std as segment_std
from keras_nn.ops.segments import segment_sum as segment_sum
from keras_nn.ops.segments import segment_var as segment_var
from keras_nn.ops.segments import take_rows as take_rows
from keras_nn.ops.selective_scan import linear_recurrence as linear_recurrence
from keras_nn.ops.selective_scan import selective_scan as selective_scan
from keras_nn.ops.sigmoid_focal import sigmoid_focal as sigmoid_focal
from keras_nn.ops.sine_map import sine_map as sine_map
from keras_nn.ops.squared_distance import squared_distance as squared_distance
from keras_nn.ops.suppress_boxes import suppress_boxes as suppress_boxes
from keras_nn.ops.total_variation import total_variation as total_variation
