"""Losses, by kind."""

from keras_nn.losses.adversarial.adversarial_loss import (
    AdversarialLoss as AdversarialLoss,
)
from keras_nn.losses.adversarial.hinge_gan_loss import (
    HingeGANLoss as HingeGANLoss,
)
from keras_nn.losses.adversarial.hinge_gan_loss import (
    hinge_gan_loss as hinge_gan_loss,
)
from keras_nn.losses.adversarial.least_squares_gan_loss import (
    LeastSquaresGANLoss as LeastSquaresGANLoss,
)
from keras_nn.losses.adversarial.least_squares_gan_loss import (
    least_squares_gan_loss as least_squares_gan_loss,
)
from keras_nn.losses.adversarial.minimax_gan_loss import (
    MinimaxGANLoss as MinimaxGANLoss,
)
from keras_nn.losses.adversarial.minimax_gan_loss import (
    minimax_gan_loss as minimax_gan_loss,
)
from keras_nn.losses.adversarial.non_saturating_gan_loss import (
    NonSaturatingGANLoss as NonSaturatingGANLoss,
)
from keras_nn.losses.adversarial.non_saturating_gan_loss import (
    non_saturating_gan_loss as non_saturating_gan_loss,
)
from keras_nn.losses.adversarial.relativistic_gan_loss import (
    RelativisticGANLoss as RelativisticGANLoss,
)
from keras_nn.losses.adversarial.relativistic_gan_loss import (
    relativistic_gan_loss as relativistic_gan_loss,
)
from keras_nn.losses.adversarial.wasserstein_gan_loss import (
    WassersteinGANLoss as WassersteinGANLoss,
)
from keras_nn.losses.adversarial.wasserstein_gan_loss import (
    wasserstein_gan_loss as wasserstein_gan_loss,
)
from keras_nn.losses.classification.asymmetric_loss import (
    AsymmetricLoss as AsymmetricLoss,
)
from keras_nn.losses.classification.asymmetric_loss import (
    asymmetric_loss as asymmetric_loss,
)
from keras_nn.losses.classification.class_binary_crossentropy import (
    ClassBinaryCrossentropy as ClassBinaryCrossentropy,
)
from keras_nn.losses.classification.class_binary_crossentropy import (
    class_binary_crossentropy as class_binary_crossentropy,
)
from keras_nn.losses.classification.jensen_shannon_crossentropy import (
    JensenShannonCrossentropy as JensenShannonCrossentropy,
)
from keras_nn.losses.classification.jensen_shannon_crossentropy import (
    jensen_shannon_crossentropy as jensen_shannon_crossentropy,
)
from keras_nn.losses.classification.sparse_focal_crossentropy import (
    SparseFocalCrossentropy as SparseFocalCrossentropy,
)
from keras_nn.losses.classification.sparse_focal_crossentropy import (
    sparse_focal_crossentropy as sparse_focal_crossentropy,
)
from keras_nn.losses.contrastive.multiple_negatives_ranking import (
    MultipleNegativesRanking as MultipleNegativesRanking,
)
from keras_nn.losses.contrastive.multiple_negatives_ranking import (
    multiple_negatives_ranking as multiple_negatives_ranking,
)
from keras_nn.losses.detection.center_net_loss import (
    CenterNetLoss as CenterNetLoss,
)
from keras_nn.losses.detection.center_net_loss import (
    center_net_loss as center_net_loss,
)
from keras_nn.losses.detection.ciou_loss import CIoULoss as CIoULoss
from keras_nn.losses.detection.ciou_loss import ciou_loss as ciou_loss
from keras_nn.losses.detection.diou_loss import DIoULoss as DIoULoss
from keras_nn.losses.detection.diou_loss import diou_loss as diou_loss
from keras_nn.losses.detection.fcos_loss import FCOSLoss as FCOSLoss
from keras_nn.losses.detection.fcos_loss import fcos_loss as fcos_loss
from keras_nn.losses.detection.giou_loss import GIoULoss as GIoULoss
from keras_nn.losses.detection.giou_loss import giou_loss as giou_loss
from keras_nn.losses.detection.heatmap_focal import HeatmapFocal as HeatmapFocal
from keras_nn.losses.detection.heatmap_focal import (
    heatmap_focal as heatmap_focal,
)
from keras_nn.losses.detection.iou_loss import IoULoss as IoULoss
from keras_nn.losses.detection.iou_loss import iou_loss as iou_loss
from keras_nn.losses.detection.retina_net_loss import (
    RetinaNetLoss as RetinaNetLoss,
)
from keras_nn.losses.detection.retina_net_loss import (
    retina_net_loss as retina_net_loss,
)
from keras_nn.losses.detection.set_prediction_loss import (
    SetPredictionLoss as SetPredictionLoss,
)
from keras_nn.losses.detection.set_prediction_loss import (
    set_prediction_loss as set_prediction_loss,
)
from keras_nn.losses.likelihood.bernoulli_nll import (
    BernoulliNLL as BernoulliNLL,
)
from keras_nn.losses.likelihood.bernoulli_nll import (
    bernoulli_nll as bernoulli_nll,
)
from keras_nn.losses.likelihood.categorical_nll import (
    CategoricalNLL as CategoricalNLL,
)
from keras_nn.losses.likelihood.categorical_nll import (
    categorical_nll as categorical_nll,
)
from keras_nn.losses.likelihood.discretized_logistic_nll import (
    DiscretizedLogisticNLL as DiscretizedLogisticNLL,
)
from keras_nn.losses.likelihood.discretized_logistic_nll import (
    discretized_logistic_nll as discretized_logistic_nll,
)
from keras_nn.losses.likelihood.distribution_nll import (
    DistributionNLL as DistributionNLL,
)
from keras_nn.losses.likelihood.distribution_nll import (
    distribution_nll as distribution_nll,
)
from keras_nn.losses.likelihood.gaussian_nll import GaussianNLL as GaussianNLL
from keras_nn.losses.likelihood.gaussian_nll import gaussian_nll as gaussian_nll
from keras_nn.losses.likelihood.value_nll import ValueNLL as ValueNLL
from keras_nn.losses.segmentation.boundary_loss import (
    BoundaryLoss as BoundaryLoss,
)
from keras_nn.losses.segmentation.boundary_loss import (
    boundary_loss as boundary_loss,
)
from keras_nn.losses.segmentation.crossentropy_dice import (
    CrossentropyDice as CrossentropyDice,
)
from keras_nn.losses.segmentation.crossentropy_dice import (
    crossentropy_dice as crossentropy_dice,
)
from keras_nn.losses.segmentation.dice_loss import DiceLoss as DiceLoss
from keras_nn.losses.segmentation.dice_loss import dice_loss as dice_loss
from keras_nn.losses.segmentation.focal_tversky_loss import (
    FocalTverskyLoss as FocalTverskyLoss,
)
from keras_nn.losses.segmentation.focal_tversky_loss import (
    focal_tversky_loss as focal_tversky_loss,
)
from keras_nn.losses.segmentation.jaccard_loss import JaccardLoss as JaccardLoss
from keras_nn.losses.segmentation.jaccard_loss import (
    jaccard_loss as jaccard_loss,
)
from keras_nn.losses.segmentation.lovasz_hinge import LovaszHinge as LovaszHinge
from keras_nn.losses.segmentation.lovasz_hinge import (
    lovasz_hinge as lovasz_hinge,
)
from keras_nn.losses.segmentation.lovasz_softmax import (
    LovaszSoftmax as LovaszSoftmax,
)
from keras_nn.losses.segmentation.lovasz_softmax import (
    lovasz_softmax as lovasz_softmax,
)
from keras_nn.losses.segmentation.matthews_loss import (
    MatthewsLoss as MatthewsLoss,
)
from keras_nn.losses.segmentation.matthews_loss import (
    matthews_loss as matthews_loss,
)
from keras_nn.losses.segmentation.tversky_loss import TverskyLoss as TverskyLoss
from keras_nn.losses.segmentation.tversky_loss import (
    tversky_loss as tversky_loss,
)
from keras_nn.losses.sequence.crf_loss import CRFLoss as CRFLoss
from keras_nn.losses.sequence.crf_loss import crf_loss as crf_loss
from keras_nn.losses.sequence.span_crossentropy import (
    SpanCrossentropy as SpanCrossentropy,
)
from keras_nn.losses.sequence.span_crossentropy import (
    span_crossentropy as span_crossentropy,
)
from keras_nn.losses.sequence.token_crossentropy import (
    TokenCrossentropy as TokenCrossentropy,
)
from keras_nn.losses.sequence.token_crossentropy import (
    token_crossentropy as token_crossentropy,
)
from keras_nn.losses.style.content_loss import ContentLoss as ContentLoss
from keras_nn.losses.style.content_loss import content_loss as content_loss
from keras_nn.losses.style.style_loss import StyleLoss as StyleLoss
from keras_nn.losses.style.style_loss import style_loss as style_loss
from keras_nn.losses.style.total_variation_loss import (
    TotalVariationLoss as TotalVariationLoss,
)
