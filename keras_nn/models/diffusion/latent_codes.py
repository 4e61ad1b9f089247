"""Codes of pictures, and pictures of codes, with any of our autoencoders."""

from keras import ops


def check_autoencoder(autoencoder):
    """Raises unless codes can be taken from a model, and given to it."""
    if getattr(autoencoder, "num_classes", None):
        raise ValueError(
            "The autoencoder must not ask for classes: give them to the "
            "denoiser. Received: an autoencoder with "
            f"num_classes={autoencoder.num_classes}"
        )
    if not (
        hasattr(autoencoder, "encoder") and hasattr(autoencoder, "decoder")
    ):
        raise ValueError(
            "`autoencoder` must be a `VAE`, `VQVAE`, `Autoencoder`, or another "
            f"model with `encoder` and `decoder`. Received: {autoencoder}"
        )


def thaw(autoencoder):
    """Lets an autoencoder learn that was frozen, as it learns on its own."""
    autoencoder.trainable = True
    if getattr(autoencoder, "averaging", None) is not None:
        autoencoder.quantizer.trainable = False  # a codebook of averages


def codes_of(autoencoder, pictures):
    """Float32 codes: of a `VAE` the means, of a `VQVAE` before its codebook."""
    if hasattr(autoencoder, "posterior"):
        mean, _ = autoencoder.posterior(pictures, None, False)
        return mean
    return ops.cast(autoencoder.encoder(pictures, training=False), "float32")


def pictures_of(autoencoder, codes, labels=None):
    """Float32 pictures: of a `VQVAE` by way of its codebook.

    Of a `VAE` with classes: pictures of the classes `labels`, or of any.
    """
    if hasattr(autoencoder, "posterior"):
        said = autoencoder.decode(codes, labels, False)
        return ops.cast(autoencoder.nll.mean(said), "float32")
    if hasattr(autoencoder, "quantizer"):
        codes = autoencoder.quantizer(codes)
    return ops.cast(autoencoder.decoder(codes, training=False), "float32")
