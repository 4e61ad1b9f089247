"""Named data sets, readers of standard formats, splits, batching.

Name                | What it is
------------------- | ----------------------------------------------------
`load`, `names`     | data sets by name, in their official split
`from_directory`    | the user's pictures in a folder of class folders
`from_mask_folders` | the user's pictures with a mask each
`from_csv`          | the user's table of numbers; `read_table` reads one
`from_coco`         | the user's pictures with boxes, in COCO's format
`from_label_table`  | the user's pictures with any number of labels
`from_pictures`     | the user's pictures, without classes
`from_picture_pairs`| squares of the user's pictures, reduced and as they are
`from_paired_pictures` | the user's pictures and what each becomes
`from_unpaired_pictures` | the user's pictures of two kinds
`from_voc`          | the same, in that of Pascal VOC; `is_voc_folder`
                    | knows one
`pack_boxes`        | boxes of several pictures as one array
`from_records`      | a data set in a folder of TFRecord shards
`write_shards`      | writes one; `is_shard_folder` knows one
`Split`, `Splits`   | examples that belong together; a data set's parts
`OrderedBatches`    | batches that a resumed training can begin anywhere
`WholeBatch`        | data whose every pass is one and the same batch
`ImageReader`       | one picture file to one array
`Placement`         | where a picture lies in a frame that it is scaled to
`MaskReader`        | one mask file to one array of class indices
`draw_shapes`       | circles, squares, triangles with masks and boxes
`draw_shaded_shapes`| maps of such shapes, and pictures painted after them
`draw_moving_shapes`| clips of a shape that moves, turns, grows
`class_weights`     | weights under which rare classes count the same
`resample`          | a training set with classes of one size
`folds`             | pairs of parts for cross-validation
`stratified_split`  | indices of a share in which classes keep theirs
`TextSplit`         | texts that belong together
`CharacterTokenizer`| every character is a token
`WordTokenizer`     | every word is a token
`pad`               | sequences of unequal length as one array
`labelled_texts`    | the user's texts with a class each
`tagged_texts`      | the user's texts with a tag for each word
`tagged_split`      | texts and their tags as a `Split`
`text_split`        | texts and their classes as a `Split`
`TokenMasking`      | hides words of a text, whole
`MaskedCrops`       | blocks of a text with hidden words, in batches
`RandomCrops`       | blocks of a text from random places, in batches
`SpanCorruption`    | takes passages out of texts, as T5 was trained
`CorruptedCrops`    | blocks of a text without passages, in batches
`pack_blocks`       | sequences one behind the other, in blocks
`windows`           | a whole text in consecutive blocks
`read_text`         | the text of a file or a folder
`SubwordTokenizer`  | pieces of words, learnt from your text
`TextPairs`         | texts and what each becomes
`TokenPairBatches`  | such pairs in buckets of length
`read_pairs`        | the pairs of a file, or of two aligned files
`pairs_from_path`   | those pairs in parts for training and test
`text_from_path`    | that text in parts for training and test
`Questions`         | questions about texts, answers are passages
`read_squad`        | those of a file in the format of SQuAD
`questions_from_path` | those in parts for training and test
`steps`             | number of batches in one pass
`graphs`            | graphs: packs, transforms, readers
"""

from keras_nn.data import graphs as graphs
from keras_nn.data.boxes import pack_boxes as pack_boxes
from keras_nn.data.class_weights import class_weights as class_weights
from keras_nn.data.clip_reader import ClipReader as ClipReader
from keras_nn.data.folds import folds as folds
from keras_nn.data.from_clips import from_clips as from_clips
from keras_nn.data.from_coco import from_coco as from_coco
from keras_nn.data.from_csv import from_csv as from_csv
from keras_nn.data.from_csv import read_table as read_table
from keras_nn.data.from_directory import from_directory as from_directory
from keras_nn.data.from_label_table import from_label_table as from_label_table
from keras_nn.data.from_mask_folders import (
    from_mask_folders as from_mask_folders,
)
from keras_nn.data.from_paired_pictures import (
    from_paired_pictures as from_paired_pictures,
)
from keras_nn.data.from_picture_pairs import (
    from_picture_pairs as from_picture_pairs,
)
from keras_nn.data.from_pictures import from_pictures as from_pictures
from keras_nn.data.from_records import from_records as from_records
from keras_nn.data.from_unpaired_pictures import (
    from_unpaired_pictures as from_unpaired_pictures,
)
from keras_nn.data.from_voc import from_voc as from_voc
from keras_nn.data.from_voc import is_voc_folder as is_voc_folder
from keras_nn.data.image_reader import ImageReader as ImageReader
from keras_nn.data.load import load as load
from keras_nn.data.load import names as names
from keras_nn.data.mask_reader import MaskReader as MaskReader
from keras_nn.data.moving_shapes import draw_moving_shapes as draw_moving_shapes
from keras_nn.data.ordered_batches import OrderedBatches as OrderedBatches
from keras_nn.data.photographs import photograph as photograph
from keras_nn.data.placement import Placement as Placement
from keras_nn.data.record_index import is_shard_folder as is_shard_folder
from keras_nn.data.resample import resample as resample
from keras_nn.data.shaded_shapes import draw_shaded_shapes as draw_shaded_shapes
from keras_nn.data.shapes import draw_shapes as draw_shapes
from keras_nn.data.split import Split as Split
from keras_nn.data.splits import Splits as Splits
from keras_nn.data.steps import steps as steps
from keras_nn.data.stratified import stratified_split as stratified_split
from keras_nn.data.text.character_tokenizer import (
    CharacterTokenizer as CharacterTokenizer,
)
from keras_nn.data.text.corrupted_crops import CorruptedCrops as CorruptedCrops
from keras_nn.data.text.labelled_texts import labelled_texts as labelled_texts
from keras_nn.data.text.labelled_texts import text_split as text_split
from keras_nn.data.text.masked_crops import MaskedCrops as MaskedCrops
from keras_nn.data.text.pack_blocks import pack_blocks as pack_blocks
from keras_nn.data.text.pad import pad as pad
from keras_nn.data.text.published_tokenizer import (
    PublishedTokenizer as PublishedTokenizer,
)
from keras_nn.data.text.questions import Questions as Questions
from keras_nn.data.text.random_crops import RandomCrops as RandomCrops
from keras_nn.data.text.read_pairs import pairs_from_path as pairs_from_path
from keras_nn.data.text.read_pairs import read_pairs as read_pairs
from keras_nn.data.text.read_text import read_text as read_text
from keras_nn.data.text.span_corruption import SpanCorruption as SpanCorruption
from keras_nn.data.text.squad import questions_from_path as questions_from_path
from keras_nn.data.text.squad import read_squad as read_squad
from keras_nn.data.text.subword_tokenizer import (
    SubwordTokenizer as SubwordTokenizer,
)
from keras_nn.data.text.tagged_texts import tagged_split as tagged_split
from keras_nn.data.text.tagged_texts import tagged_texts as tagged_texts
from keras_nn.data.text.text_pairs import TextPairs as TextPairs
from keras_nn.data.text.text_split import TextSplit as TextSplit
from keras_nn.data.text.texts import text_from_path as text_from_path
from keras_nn.data.text.token_masking import TokenMasking as TokenMasking
from keras_nn.data.text.token_pair_batches import (
    TokenPairBatches as TokenPairBatches,
)
from keras_nn.data.text.windows import windows as windows
from keras_nn.data.text.word_tokenizer import WordTokenizer as WordTokenizer
from keras_nn.data.whole_batch import WholeBatch as WholeBatch
from keras_nn.data.write_shards import write_shards as write_shards
