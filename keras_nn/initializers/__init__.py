"""Weight initialisers that Keras does not have."""
