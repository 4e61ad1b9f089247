"""Networks and generative models, by family."""
