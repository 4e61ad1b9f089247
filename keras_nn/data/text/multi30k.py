"""Multi30k: 31,014 English captions of pictures with German translations."""

from keras_nn.data.download import RemoteFile
from keras_nn.data.download import read
from keras_nn.data.splits import Splits
from keras_nn.data.text.read_pairs import split_lines
from keras_nn.data.text.read_text import decoded_text
from keras_nn.data.text.text_pairs import TextPairs

FOLDER = (
    "https://raw.githubusercontent.com/multi30k/dataset/master/data/task1/raw/"
)
FILES = {  # size packed, sha256 unpacked
    "train.en.gz": (
        568929,
        "460a15fbd157e34a7a9957ee388c1ca247fe47af3ef25fb50442af6c274e0fc6",
    ),
    "train.de.gz": (
        637044,
        "2c2b73fd2b548fbcde3a875e0a78d6ee94d498bfdee6bd3eae3945779e9ddf72",
    ),
    "val.en.gz": (
        21650,
        "1f2a23d992769b5b3d209b0a10dd0b77c08cceb1f20dfb97ed0aafa49d107227",
    ),
    "val.de.gz": (
        24681,
        "660e09eb7e1da2f856ea13ee5ad3cf6d36b3d5b0b733c857e94c5747a3dfc660",
    ),
    "test_2016_flickr.en.gz": (
        21077,
        "399a4382932c1aadd3ceb9bef1008d388a64c76d4ae4e9d4728c6f4301cac182",
    ),
    "test_2016_flickr.de.gz": (
        22890,
        "4be6b5b3236b79c25475c6bb829800a7ce559e9ba7a1f6c2394fe4d40be46d16",
    ),
}


def multi30k(path=None):
    """Captions of Flickr30k, English to German: 29,000, 1,014 and 1,000."""

    def side(part, language):
        name = f"{part}.{language}.gz"
        size, sha256 = FILES[name]
        file = RemoteFile(FOLDER + name, size, sha256, unpacked=True)
        content = read(file, "multi30k-en-de", path)
        return split_lines(decoded_text(content, name))

    train, validation, test = (
        TextPairs(side(part, "en"), side(part, "de"))
        for part in ("train", "val", "test_2016_flickr")
    )
    return Splits(
        train,
        validation,
        test,
        name="multi30k-en-de",
        source=FOLDER,
        licence="research and education, see its README",
        description="Task 1 of Multi30k, raw text: English captions of "
        "pictures and their German translations, the official parts; the "
        "test part is test_2016_flickr.",
    )
