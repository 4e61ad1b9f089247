"""Published checkpoints of other projects, loaded into our models.

`keras_applications.load(preset)` and `hugging_face.load(folder_or_id)`.
"""
