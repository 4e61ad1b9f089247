import json
import re
import signal
import subprocess
import sys
import urllib.request


def test_shows_the_run_in_tensorboard_until_interrupted(tmp_path):
    script = "from keras_nn_cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-uc", script, "inspect", tmp_path, "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        line = process.stdout.readline()
        url = re.search(r"http://\S+/", line).group()
        with urllib.request.urlopen(url + "data/runs", timeout=60) as reply:
            assert isinstance(json.load(reply), list)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
    finally:
        process.kill()
        process.wait()


def test_a_missing_folder_is_a_usage_error(invoke, tmp_path):
    code, _, error = invoke("inspect", tmp_path / "none")
    assert code == 2
    assert "no such folder" in error
