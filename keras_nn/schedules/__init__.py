"""Learning-rate and other schedules that Keras does not have."""

from keras_nn.schedules.cosine_noise import CosineNoise as CosineNoise
from keras_nn.schedules.edm_noise import EDMNoise as EDMNoise
from keras_nn.schedules.flow_noise import FlowNoise as FlowNoise
from keras_nn.schedules.inverse_square_root_warmup import (
    InverseSquareRootWarmup as InverseSquareRootWarmup,
)
from keras_nn.schedules.karras_noise import KarrasNoise as KarrasNoise
from keras_nn.schedules.linear_noise import LinearNoise as LinearNoise
from keras_nn.schedules.linear_warmup import LinearWarmup as LinearWarmup
from keras_nn.schedules.noise_schedule import NoiseSchedule as NoiseSchedule
from keras_nn.schedules.sigmoid_noise import SigmoidNoise as SigmoidNoise
from keras_nn.schedules.zero_terminal_snr import (
    ZeroTerminalSNR as ZeroTerminalSNR,
)
