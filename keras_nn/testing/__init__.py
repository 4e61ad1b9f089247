"""Conformance checks, for this suite and for whoever extends it."""

from keras_nn.testing.check_layer import check_layer as check_layer
from keras_nn.testing.replicas import two_replicas as two_replicas
