"""Records what Hugging Face's DETR computes, as golden numbers.

    pip install torch transformers scipy
    python tests/parity/record_hf_detr.py

A small network of random weights, its transformer and heads: the map that
comes from the backbone, all weights, logits and boxes of every decoder layer,
and for two pictures the loss with its assignment.
"""

from pathlib import Path

import numpy as np
import torch
import transformers

torch.manual_seed(0)
config = transformers.DetrConfig(
    use_timm_backbone=False,
    use_pretrained_backbone=False,
    backbone=None,
    backbone_config=transformers.ResNetConfig(
        embedding_size=8,
        hidden_sizes=[8, 12],
        depths=[1, 1],
        layer_type="basic",
        out_features=["stage2"],
    ),
    d_model=16,
    encoder_layers=2,
    decoder_layers=2,
    encoder_attention_heads=2,
    decoder_attention_heads=2,
    encoder_ffn_dim=24,
    decoder_ffn_dim=24,
    num_queries=6,
    num_labels=3,
    dropout=0.0,
    attention_dropout=0.0,
)
model = transformers.DetrForObjectDetection(config).eval()
with torch.no_grad():
    for name, weight in model.named_parameters():
        if "backbone" not in name:
            weight.copy_(0.4 * torch.randn_like(weight))
            if "norm.weight" in name or "layernorm.weight" in name:
                weight.add_(1)

maps = []
model.model.input_projection.register_forward_pre_hook(
    lambda module, inputs: maps.append(inputs[0])
)
pictures = torch.randn(2, 3, 24, 40)
BOXES = [[[0.3, 0.4, 0.2, 0.5], [0.7, 0.6, 0.4, 0.3], [0.5, 0.5, 0.9, 0.8]],
         [[0.2, 0.8, 0.3, 0.2]]]  # fmt: skip
LABELS = [[2, 0, 1], [1]]
found = {"losses": []}
labels = [
    {"class_labels": torch.tensor(names), "boxes": torch.tensor(boxes)}
    for names, boxes in zip(LABELS, BOXES, strict=True)
]
# Taken behind each layer: with `auxiliary_loss`, transformers 5 hands the
# normed output of a layer to the next one, which DETR does not.
outputs = []
for layer in model.model.decoder.layers:
    layer.register_forward_hook(lambda module, inputs, y: outputs.append(y))
with torch.no_grad():
    final = model(pictures)
    said = []
    for hidden in outputs:
        hidden = model.model.decoder.layernorm(hidden)
        boxes = model.bbox_predictor(hidden).sigmoid()
        said.append((model.class_labels_classifier(hidden), boxes))
    assert torch.equal(said[-1][0], final.logits)
    for index in range(2):  # one by one: each is divided by its own objects
        alone = slice(index, index + 1)
        total = 0.0
        for logits, boxes in said:
            loss, _, _ = model.loss_function(
                logits[alone],
                labels[alone],
                logits.device,
                boxes[alone],
                config,
            )
            total = total + loss
        found["losses"].append(total.numpy())
    found["map"] = maps[0].permute(0, 2, 3, 1).numpy()
    found["logits"] = torch.stack([logits for logits, _ in said], 1).numpy()
    found["pred_boxes"] = torch.stack([boxes for _, boxes in said], 1).numpy()
for name, weight in model.state_dict().items():
    if "backbone" not in name:
        found[f"weights/{name}"] = weight.numpy()
path = Path(__file__).parent / "hf_detr.npz"
np.savez_compressed(path, **{k: np.asarray(v) for k, v in found.items()})
print(path.stat().st_size, {k: np.shape(v) for k, v in found.items()})
