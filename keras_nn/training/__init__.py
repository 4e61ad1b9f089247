"""The engine: what is hard about training every family through `fit`."""
