"""Conformance checks, for this suite and for whoever extends it."""

from keras_nn.testing.check_application import (
    check_application as check_application,
)
from keras_nn.testing.check_callback import check_callback as check_callback
from keras_nn.testing.check_layer import check_layer as check_layer
from keras_nn.testing.check_loss import check_loss as check_loss
from keras_nn.testing.check_metric import check_metric as check_metric
from keras_nn.testing.check_model import check_model as check_model
from keras_nn.testing.events import Event as Event
from keras_nn.testing.events import read_events as read_events
from keras_nn.testing.replicas import two_replicas as two_replicas
from keras_nn.testing.slow import slow_but as slow_but
