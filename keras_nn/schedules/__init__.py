"""Learning-rate and other schedules that Keras does not have."""
