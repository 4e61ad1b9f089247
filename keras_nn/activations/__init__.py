"""Activation functions that Keras does not have."""
