"""Published checkpoints of other projects, loaded into our models."""
