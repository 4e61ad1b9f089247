"""Optimisers that Keras does not have."""
