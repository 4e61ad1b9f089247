"""`python -m keras_nn.applications` is the `keras-nn` command."""

from keras_nn_cli import main

if __name__ == "__main__":
    main()
