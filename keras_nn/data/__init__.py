"""Named data sets, readers of standard formats, splits, batching."""
