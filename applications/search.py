from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from keras_nn.applications.run import Run

OF_TUNER = "tuner/"  # how keras-tuner marks values of its own


@dataclass(frozen=True)
class Search:
    """The folder of a search for settings; each trial is a run in it.

    ```
    config.json      what is varied, how, and what all trials share
    trials.json      {"trials": [what came out of each]}
    trial-00/ ...    the runs; with folds, each is a folder of runs
    search/          the state of keras-tuner
    ```

    Args:
        path: `pathlib.Path`. The folder.

    Example:

    >>> import tempfile
    >>> config = {"objective": "loss", "direction": "min"}
    >>> search = Search.create(tempfile.mkdtemp(), "image-classifier", config)
    >>> search.trials
    []
    """

    path: Path

    @classmethod
    def create(cls, log_dir, application, config):
        """A new folder `log_dir/application/<time>`; see `Run.create`."""
        run = Run.create(log_dir, application, config, subfolders=())
        run.write("trials.json", {"trials": []})
        return cls(run.path)

    @classmethod
    def open(cls, path):
        """An existing search.

        Raises:
            ValueError: saying what is missing or damaged.
        """
        search = cls(Run.open(path).path)
        if "space" not in search.config:
            raise ValueError(f"This is no search. Received: {path}")
        search.trials  # noqa: B018  raises where it is damaged
        return search

    @cached_property
    def config(self):
        """What is searched: dict."""
        return Run(self.path).config

    @property
    def trials(self):
        """What came out, trial by trial: a list of dicts.

        `trial`: its id; `run`: the name of its folder; `values`; `epochs`,
        where the search chose them; `status`: `"COMPLETED"` or `"FAILED"`;
        `objective`: float or None; `message`: why it failed, or None.
        """
        return Run(self.path).read("trials.json")["trials"]

    @property
    def best(self):
        """The best trial's `Run`.

        Raises:
            ValueError: if no trial was completed.
        """
        done = [t for t in self.trials if t["status"] == "COMPLETED"]
        if not done:
            raise ValueError(f"No trial was completed. Received: {self.path}")
        sign = {"min": 1, "max": -1}[self.config["direction"]]
        best = min(done, key=lambda trial: sign * trial["objective"])
        return Run.open(self.path / best["run"])

    def record(self, trials):
        """Writes down what came out of trials, `keras_tuner` ones."""
        trials = sorted(trials, key=lambda trial: int(trial.trial_id))
        Run(self.path).write(
            "trials.json", {"trials": [self._outcome(t) for t in trials]}
        )

    def _outcome(self, trial):
        values = dict(trial.hyperparameters.values)
        outcome = {
            "trial": trial.trial_id,
            "run": self._folder(trial.trial_id),
            "values": {
                name: value
                for name, value in values.items()
                if not name.startswith(OF_TUNER)
            },
            "status": trial.status,
            "objective": None,
            "message": None,
        }
        if trial.status == "COMPLETED":
            outcome["objective"] = float(trial.score)
        if trial.message:
            outcome["message"] = trial.message.strip().splitlines()[-1]
        if f"{OF_TUNER}epochs" in values:
            outcome["epochs"] = values[f"{OF_TUNER}epochs"]
        return outcome

    def _folder(self, trial_id):
        """The run of a trial; the last one if it was interrupted before."""
        name = trial_name(trial_id)
        numbered = {1: name} if (self.path / name).is_dir() else {}
        for folder in self.path.glob(f"{name}_*"):
            numbered[int(folder.name.rpartition("_")[2])] = folder.name
        return numbered[max(numbered)] if numbered else None


def trial_name(trial_id):
    """How the folder of a trial is named."""
    return f"trial-{trial_id}"
