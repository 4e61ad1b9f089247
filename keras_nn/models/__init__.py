"""Networks and generative models, by family.

Models that train themselves stand on the engine, which needs TensorFlow.
"""

import keras as _keras

from keras_nn.models.autoencoder.conv_decoder import ConvDecoder as ConvDecoder
from keras_nn.models.autoencoder.conv_encoder import ConvEncoder as ConvEncoder
from keras_nn.models.autoencoder.dense_decoder import (
    DenseDecoder as DenseDecoder,
)
from keras_nn.models.autoencoder.dense_encoder import (
    DenseEncoder as DenseEncoder,
)
from keras_nn.models.autoencoder.dense_ladder_encoder import (
    DenseLadderEncoder as DenseLadderEncoder,
)
from keras_nn.models.autoencoder.mean_discrepancy_penalty import (
    MeanDiscrepancyPenalty as MeanDiscrepancyPenalty,
)
from keras_nn.models.autoencoder.total_correlation import (
    TotalCorrelation as TotalCorrelation,
)
from keras_nn.models.autoencoder.vamp_prior import VampPrior as VampPrior
from keras_nn.models.autoregressive.gated_pixel_cnn import (
    GatedPixelCNN as GatedPixelCNN,
)
from keras_nn.models.backbone import Backbone as Backbone
from keras_nn.models.cnn.alexnet import AlexNet as AlexNet
from keras_nn.models.cnn.convnext import ConvNeXt as ConvNeXt
from keras_nn.models.cnn.densenet import DenseNet as DenseNet
from keras_nn.models.cnn.efficientnet import EfficientNet as EfficientNet
from keras_nn.models.cnn.feature_extractor import EXTRACTORS as EXTRACTORS
from keras_nn.models.cnn.feature_extractor import (
    feature_extractor as feature_extractor,
)
from keras_nn.models.cnn.feature_extractor import (
    inception_v3_extractor as inception_v3_extractor,
)
from keras_nn.models.cnn.feature_extractor import (
    lenet5_extractor as lenet5_extractor,
)
from keras_nn.models.cnn.lecun1989 import LeCun1989 as LeCun1989
from keras_nn.models.cnn.lenet5 import LeNet5 as LeNet5
from keras_nn.models.cnn.mobilenet_v2 import MobileNetV2 as MobileNetV2
from keras_nn.models.cnn.mobilenet_v3 import MobileNetV3 as MobileNetV3
from keras_nn.models.cnn.resnet import ResNet as ResNet
from keras_nn.models.cnn.simple_cnn import SimpleCNN as SimpleCNN
from keras_nn.models.cnn.text_cnn import TextCNN as TextCNN
from keras_nn.models.cnn.vgg import VGG as VGG
from keras_nn.models.dense.mlp import MLP as MLP
from keras_nn.models.dense.mlp_mixer import MLPMixer as MLPMixer
from keras_nn.models.detection.center_net import CenterNet as CenterNet
from keras_nn.models.detection.detr import DETR as DETR
from keras_nn.models.detection.fcos import FCOS as FCOS
from keras_nn.models.detection.retina_net import RetinaNet as RetinaNet
from keras_nn.models.diffusion.ddim_sampler import DDIMSampler as DDIMSampler
from keras_nn.models.diffusion.ddpm_sampler import DDPMSampler as DDPMSampler
from keras_nn.models.diffusion.denoising_mlp import DenoisingMLP as DenoisingMLP
from keras_nn.models.diffusion.denoising_unet import (
    DenoisingUNet as DenoisingUNet,
)
from keras_nn.models.diffusion.dit import DiT as DiT
from keras_nn.models.diffusion.dpm_solver_sampler import (
    DPMSolverSampler as DPMSolverSampler,
)
from keras_nn.models.diffusion.edm_sampler import EDMSampler as EDMSampler
from keras_nn.models.diffusion.euler_samplers import (
    EulerAncestralSampler as EulerAncestralSampler,
)
from keras_nn.models.diffusion.euler_samplers import (
    EulerSampler as EulerSampler,
)
from keras_nn.models.diffusion.euler_samplers import HeunSampler as HeunSampler
from keras_nn.models.diffusion.noisy_encoder import NoisyEncoder as NoisyEncoder
from keras_nn.models.diffusion.prediction import Prediction as Prediction
from keras_nn.models.diffusion.repainting import Repainting as Repainting
from keras_nn.models.diffusion.sampler import (
    DiffusionSampler as DiffusionSampler,
)
from keras_nn.models.diffusion.unipc_sampler import UniPCSampler as UniPCSampler
from keras_nn.models.gan.dcgan_discriminator import (
    DCGANDiscriminator as DCGANDiscriminator,
)
from keras_nn.models.gan.dcgan_generator import DCGANGenerator as DCGANGenerator
from keras_nn.models.gan.patch_discriminator import (
    PatchDiscriminator as PatchDiscriminator,
)
from keras_nn.models.gan.resnet_discriminator import (
    ResNetDiscriminator as ResNetDiscriminator,
)
from keras_nn.models.gan.resnet_generator import (
    ResNetGenerator as ResNetGenerator,
)
from keras_nn.models.gan.resnet_translator import (
    ResNetTranslator as ResNetTranslator,
)
from keras_nn.models.gan.stylegan2_discriminator import (
    StyleGAN2Discriminator as StyleGAN2Discriminator,
)
from keras_nn.models.gan.stylegan2_generator import (
    StyleGAN2Generator as StyleGAN2Generator,
)
from keras_nn.models.gan.unet_translator import UNetTranslator as UNetTranslator
from keras_nn.models.graph.appnp import APPNP as APPNP
from keras_nn.models.graph.correct_and_smooth import (
    correct_and_smooth as correct_and_smooth,
)
from keras_nn.models.graph.deep_gcn import DeepGCN as DeepGCN
from keras_nn.models.graph.gat import GAT as GAT
from keras_nn.models.graph.gcn import GCN as GCN
from keras_nn.models.graph.gin import GIN as GIN
from keras_nn.models.graph.gps import GPS as GPS
from keras_nn.models.graph.graph_unet import GraphUNet as GraphUNet
from keras_nn.models.graph.label_propagation import (
    propagate_labels as propagate_labels,
)
from keras_nn.models.graph.layer_by_layer import (
    predict_by_layers as predict_by_layers,
)
from keras_nn.models.graph.mpnn import MPNN as MPNN
from keras_nn.models.graph.pna import PNA as PNA
from keras_nn.models.graph.sage import SAGE as SAGE
from keras_nn.models.graph.schnet import SchNet as SchNet
from keras_nn.models.graph.sgc import SGC as SGC
from keras_nn.models.image_to_image.edsr import EDSR as EDSR
from keras_nn.models.image_to_image.espcn import ESPCN as ESPCN
from keras_nn.models.image_to_image.srcnn import SRCNN as SRCNN
from keras_nn.models.image_to_image.transform_network import (
    TransformNetwork as TransformNetwork,
)
from keras_nn.models.layer_groups import (
    layer_decay_scales as layer_decay_scales,
)
from keras_nn.models.layer_groups import layer_groups as layer_groups
from keras_nn.models.rnn.recurrent_tagger import (
    RecurrentTagger as RecurrentTagger,
)
from keras_nn.models.rnn.rnn_language_model import (
    RNNLanguageModel as RNNLanguageModel,
)
from keras_nn.models.rnn.seq2seq_rnn import Seq2SeqRNN as Seq2SeqRNN
from keras_nn.models.rnn.tcn import TCN as TCN
from keras_nn.models.segmentation.backbone_unet import (
    BackboneUNet as BackboneUNet,
)
from keras_nn.models.segmentation.backbone_unet_plus_plus import (
    BackboneUNetPlusPlus as BackboneUNetPlusPlus,
)
from keras_nn.models.segmentation.deeplab_v3 import DeepLabV3 as DeepLabV3
from keras_nn.models.segmentation.deeplab_v3_plus import (
    DeepLabV3Plus as DeepLabV3Plus,
)
from keras_nn.models.segmentation.dpt import DPT as DPT
from keras_nn.models.segmentation.fpn import FPN as FPN
from keras_nn.models.segmentation.linknet import LinkNet as LinkNet
from keras_nn.models.segmentation.manet import MANet as MANet
from keras_nn.models.segmentation.pan import PAN as PAN
from keras_nn.models.segmentation.pspnet import PSPNet as PSPNet
from keras_nn.models.segmentation.segformer import SegFormer as SegFormer
from keras_nn.models.segmentation.unet import UNet as UNet
from keras_nn.models.segmentation.unet_plus_plus import (
    UNetPlusPlus as UNetPlusPlus,
)
from keras_nn.models.segmentation.upernet import UPerNet as UPerNet
from keras_nn.models.state_space.mamba import Mamba as Mamba
from keras_nn.models.transformer.bert import BERT as BERT
from keras_nn.models.transformer.gpt2 import GPT2 as GPT2
from keras_nn.models.transformer.llama import Llama as Llama
from keras_nn.models.transformer.mix_transformer import (
    MixTransformer as MixTransformer,
)
from keras_nn.models.transformer.simple_pyramid import (
    SimplePyramid as SimplePyramid,
)
from keras_nn.models.transformer.swin_transformer import (
    SwinTransformer as SwinTransformer,
)
from keras_nn.models.transformer.t5 import T5 as T5
from keras_nn.models.transformer.transformer_seq2seq import (
    TransformerSeq2Seq as TransformerSeq2Seq,
)
from keras_nn.models.transformer.vision_transformer import (
    VisionTransformer as VisionTransformer,
)
from keras_nn.models.video.conv_lstm_network import (
    ConvLSTMNetwork as ConvLSTMNetwork,
)
from keras_nn.models.video.resnet3d import ResNet3D as ResNet3D

if _keras.config.backend() == "tensorflow":
    from keras_nn.models.anomaly.deep_svdd import DeepSVDD as DeepSVDD
    from keras_nn.models.autoencoder.autoencoder import (
        Autoencoder as Autoencoder,
    )
    from keras_nn.models.autoencoder.code_generator import (
        CodeGenerator as CodeGenerator,
    )
    from keras_nn.models.autoencoder.factor_vae import FactorVAE as FactorVAE
    from keras_nn.models.autoencoder.ladder_vae import LadderVAE as LadderVAE
    from keras_nn.models.autoencoder.masked_autoencoder import (
        MaskedAutoencoder as MaskedAutoencoder,
    )
    from keras_nn.models.autoencoder.vae import VAE as VAE
    from keras_nn.models.autoencoder.vqvae import VQVAE as VQVAE
    from keras_nn.models.autoregressive.pixel_cnn import PixelCNN as PixelCNN
    from keras_nn.models.diffusion.consistency_model import (
        ConsistencyModel as ConsistencyModel,
    )
    from keras_nn.models.diffusion.diffusion_model import (
        DiffusionModel as DiffusionModel,
    )
    from keras_nn.models.diffusion.latent_diffusion import (
        LatentDiffusion as LatentDiffusion,
    )
    from keras_nn.models.diffusion.latent_generator import (
        LatentGenerator as LatentGenerator,
    )
    from keras_nn.models.diffusion.noisy_classifier import (
        NoisyClassifier as NoisyClassifier,
    )
    from keras_nn.models.energy.boltzmann_machine import (
        BoltzmannMachine as BoltzmannMachine,
    )
    from keras_nn.models.energy.dbm import DBM as DBM
    from keras_nn.models.energy.dbn import DBN as DBN
    from keras_nn.models.energy.dense_memory import DenseMemory as DenseMemory
    from keras_nn.models.energy.energy_model import EnergyModel as EnergyModel
    from keras_nn.models.energy.hopfield_network import (
        HopfieldNetwork as HopfieldNetwork,
    )
    from keras_nn.models.energy.rbm import RBM as RBM
    from keras_nn.models.energy.score_model import ScoreModel as ScoreModel
    from keras_nn.models.flow.flow import Flow as Flow
    from keras_nn.models.gan.adaptive_augmentation import (
        AdaptiveAugmentation as AdaptiveAugmentation,
    )
    from keras_nn.models.gan.cycle_gan import CycleGAN as CycleGAN
    from keras_nn.models.gan.gan import GAN as GAN
    from keras_nn.models.gan.gradient_penalty import (
        GradientPenalty as GradientPenalty,
    )
    from keras_nn.models.gan.info_gan import InfoGAN as InfoGAN
    from keras_nn.models.gan.picture_history import (
        PictureHistory as PictureHistory,
    )
    from keras_nn.models.gan.pix2pix import Pix2Pix as Pix2Pix
    from keras_nn.models.gan.stylegan2 import StyleGAN2 as StyleGAN2
    from keras_nn.models.gan.zero_centred_penalty import (
        ZeroCentredPenalty as ZeroCentredPenalty,
    )
    from keras_nn.models.graph.dgi import DGI as DGI
    from keras_nn.models.graph.gae import GAE as GAE
    from keras_nn.models.graph.light_gcn import LightGCN as LightGCN
    from keras_nn.models.graph.node2vec import Node2Vec as Node2Vec
    from keras_nn.models.graph.vgae import VGAE as VGAE
    from keras_nn.models.image_to_image.perceptual_transfer import (
        PerceptualTransfer as PerceptualTransfer,
    )
