"""Published checkpoints of other projects, loaded into our models.

`keras_applications.load(preset)`, `hugging_face.load(folder_or_id)` and
`timm.load(folder_or_id)`; `lora` adapts a model to a task with few weights.
"""
