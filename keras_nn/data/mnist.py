"""The sets that come as four IDX files: MNIST and Fashion-MNIST."""

import gzip

from keras_nn.data.download import RemoteFile
from keras_nn.data.download import read
from keras_nn.data.idx import parse_idx
from keras_nn.data.split import Split
from keras_nn.data.splits import Splits

# The checksums of MNIST are those of the unpacked files, whose md5 are the
# published ones (6bbc9ace898e44ae57da46a324031adb for the training images):
# copies of these files are packed in several ways. Sizes as at this address.
MNIST = "https://storage.googleapis.com/cvdf-datasets/mnist/"
MNIST_FILES = (
    RemoteFile(
        MNIST + "train-images-idx3-ubyte.gz",
        9912422,
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        unpacked=True,
    ),
    RemoteFile(
        MNIST + "train-labels-idx1-ubyte.gz",
        28881,
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        unpacked=True,
    ),
    RemoteFile(
        MNIST + "t10k-images-idx3-ubyte.gz",
        1648877,
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        unpacked=True,
    ),
    RemoteFile(
        MNIST + "t10k-labels-idx1-ubyte.gz",
        4542,
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        unpacked=True,
    ),
)
# Addresses, sizes and checksums as TensorFlow Datasets publishes them in
# tensorflow_datasets/url_checksums/fashion_mnist.txt.
FASHION = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"
FASHION_FILES = (
    RemoteFile(
        FASHION + "train-images-idx3-ubyte.gz",
        26421880,
        "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    ),
    RemoteFile(
        FASHION + "train-labels-idx1-ubyte.gz",
        29515,
        "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    ),
    RemoteFile(
        FASHION + "t10k-images-idx3-ubyte.gz",
        4422102,
        "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    ),
    RemoteFile(
        FASHION + "t10k-labels-idx1-ubyte.gz",
        5148,
        "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
    ),
)
FASHION_CLASSES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)


def mnist(folder):
    """60,000 + 10,000 handwritten digits, grey, 28x28."""
    return idx_splits(
        MNIST_FILES,
        folder,
        class_names=tuple("0123456789"),
        name="mnist",
        source=MNIST,
        licence="CC BY-SA 3.0",
        description="Handwritten digits, uint8 pictures of shape (28, 28, 1). "
        "Official test set of 10,000.",
    )


def fashion_mnist(folder):
    """60,000 + 10,000 articles of clothing, grey, 28x28."""
    return idx_splits(
        FASHION_FILES,
        folder,
        class_names=FASHION_CLASSES,
        name="fashion-mnist",
        source=FASHION,
        licence="MIT",
        description="Articles of clothing, uint8 pictures of shape (28, 28, 1)"
        ". Official test set of 10,000.",
    )


def idx_splits(files, folder, name, **facts):
    """Official splits of four files: images and labels, training and test."""
    arrays = [parse_idx_file(file, name, folder) for file in files]
    train_x, train_y, test_x, test_y = arrays
    return Splits(
        Split(train_x[..., None], train_y.astype("int64")),
        None,
        Split(test_x[..., None], test_y.astype("int64")),
        name=name,
        **facts,
    )


def parse_idx_file(file, dataset, folder):
    """The array in a verified file, packed or unpacked."""
    content = read(file, dataset, folder)
    return parse_idx(content if file.unpacked else gzip.decompress(content))
