"""Texts from language models: how tokens are chosen, one after the other."""

from keras_nn.generation.beam_search import BeamSearch as BeamSearch
from keras_nn.generation.contrastive_search import (
    ContrastiveSearch as ContrastiveSearch,
)
from keras_nn.generation.raster_transformer import (
    RasterTransformer as RasterTransformer,
)
from keras_nn.generation.sampling import Sampler as Sampler
from keras_nn.generation.speculative_generator import (
    SpeculativeGenerator as SpeculativeGenerator,
)
from keras_nn.generation.token_generator import TokenGenerator as TokenGenerator
