"""Weight and activity penalties that Keras does not have."""
