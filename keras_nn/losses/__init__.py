"""Losses, by kind."""

from keras_nn.losses.sequence.token_crossentropy import (
    TokenCrossentropy as TokenCrossentropy,
)
from keras_nn.losses.sequence.token_crossentropy import (
    token_crossentropy as token_crossentropy,
)
