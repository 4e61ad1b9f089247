"""The tasks: prebuilt applications that train through `fit`."""
