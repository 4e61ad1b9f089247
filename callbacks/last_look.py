class LastLook:
    """Of instruments whose last look counts: what is seen when training ends.

    Abstract; mixed in before an `Instrument` with `look(epoch)`. It looks once
    per `every` epochs and when training ends; `every=None` means only then.
    """

    _epoch = None
    _looked = None

    def is_due(self, index):
        return self.every is not None and super().is_due(index)

    def on_epoch_end(self, epoch, logs=None):
        self._epoch = epoch
        if self.is_due(epoch):
            self._looked = epoch
            self.look(epoch)

    def on_train_end(self, logs=None):
        if self._epoch is not None and self._looked != self._epoch:
            self.look(self._epoch)
        self._epoch = self._looked = None
        super().on_train_end(logs)
