"""Named data sets, readers of standard formats, splits, batching.

Name                | What it is
------------------- | ----------------------------------------------------
`load`, `names`     | data sets by name, in their official split
`from_directory`    | the user's pictures in a folder of class folders
`from_records`      | a data set in a folder of TFRecord shards
`write_shards`      | writes one; `is_shard_folder` knows one
`Split`, `Splits`   | examples that belong together; a data set's parts
`OrderedBatches`    | batches that a resumed training can begin anywhere
`ImageReader`       | one picture file to one array
`class_weights`     | weights under which rare classes count the same
`resample`          | a training set with classes of one size
`folds`             | pairs of parts for cross-validation
`stratified_split`  | indices of a share in which classes keep theirs
`steps`             | number of batches in one pass
"""

from keras_nn.data.class_weights import class_weights as class_weights
from keras_nn.data.folds import folds as folds
from keras_nn.data.from_directory import from_directory as from_directory
from keras_nn.data.from_records import from_records as from_records
from keras_nn.data.image_reader import ImageReader as ImageReader
from keras_nn.data.load import load as load
from keras_nn.data.load import names as names
from keras_nn.data.ordered_batches import OrderedBatches as OrderedBatches
from keras_nn.data.record_index import is_shard_folder as is_shard_folder
from keras_nn.data.resample import resample as resample
from keras_nn.data.split import Split as Split
from keras_nn.data.splits import Splits as Splits
from keras_nn.data.steps import steps as steps
from keras_nn.data.stratified import stratified_split as stratified_split
from keras_nn.data.write_shards import write_shards as write_shards
