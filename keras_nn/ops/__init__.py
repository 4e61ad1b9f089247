"""Pure tensor functions on `keras.ops`."""
