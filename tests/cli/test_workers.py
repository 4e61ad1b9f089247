import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from keras_nn_cli import workers

SLEEP = "import time; time.sleep(60)"
DEAF = (
    "import signal, time\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "print('ready', flush=True)\n"
    "time.sleep(60)"
)


def run(*codes, **options):
    start = time.monotonic()
    commands = [([sys.executable, "-c", code], None) for code in codes]
    code = workers.run(commands, **options)
    return code, time.monotonic() - start


def test_each_worker_is_told_all_addresses_and_its_number():
    made = workers.environments(3, base={"A": "b"}, cores=8)
    tasks = [json.loads(one["TF_CONFIG"]) for one in made]
    addresses = {tuple(task["cluster"]["worker"]) for task in tasks}
    assert len(addresses) == 1
    assert len(set(addresses.pop())) == 3
    assert [task["task"]["index"] for task in tasks] == [0, 1, 2]
    assert {one["A"] for one in made} == {"b"}
    assert "CUDA_VISIBLE_DEVICES" not in made[0]


def test_cores_and_gpus_are_divided():
    made = workers.environments(2, base={}, cores=9, gpus=list("0123"))
    for one in made:
        assert one["TF_NUM_INTRAOP_THREADS"] == one["OMP_NUM_THREADS"] == "4"
    assert [one["CUDA_VISIBLE_DEVICES"] for one in made] == ["0,1", "2,3"]
    said = workers.environments(2, base={"OMP_NUM_THREADS": "7"}, cores=1)
    assert said[0]["OMP_NUM_THREADS"] == "7"
    assert said[0]["TF_NUM_INTRAOP_THREADS"] == "1"


def test_only_the_first_one_is_heard(capfd):
    code, _ = run("print('I lead')", "print('I follow')")
    assert code == 0
    assert capfd.readouterr() == ("I lead\n", "")


def test_all_are_heard_if_asked_for(capfd):
    run("print('I lead')", "print('I follow')", show=True)
    assert capfd.readouterr() == ("I lead\n", "[worker 1] I follow\n")


def test_the_first_failure_ends_all_and_is_told(capfd):
    code, seconds = run(
        SLEEP, "import sys; print('what broke'); sys.exit(7)", grace=0.3
    )
    assert code == 7
    assert seconds < 10
    error = capfd.readouterr().err
    assert "[worker 1] what broke\n" in error
    assert error.endswith("Error: worker 1 ended with code 7.\n")


def test_a_killed_worker_ends_one_that_does_not_listen(capfd):
    dies = "import os, time; time.sleep(0.5); os.kill(os.getpid(), 9)"
    code, seconds = run(DEAF, dies, grace=0.2, kill=0.5)
    assert code == 128 + 9
    assert seconds < 10
    assert "worker 1 ended by SIGKILL" in capfd.readouterr().err


def test_the_cause_is_told_apart_from_its_consequence(capfd):
    code, _ = run(f"raise SystemExit({workers.LOST})", SLEEP, grace=0)
    assert code == workers.LOST
    lost = workers._Worker(0, [sys.executable, "-c", "exit(69)"], None)
    cause = workers._Worker(1, [sys.executable, "-c", "exit(3)"], None)
    for worker in (lost, cause):
        worker.process.wait()
        worker.process.stdout and worker.process.stdout.close()
    assert workers._wait([lost, cause], 0, 0) == 3


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_reach_all_and_their_codes_come_back(number, tmp_path):
    script = (
        "import pathlib, signal, sys, time\n"
        "def end(*_):\n"
        "    pathlib.Path(sys.argv[1] + '.saved').touch()\n"
        "    sys.exit(75)\n"
        "signal.signal(signal.SIGINT, end)\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "pathlib.Path(sys.argv[1]).touch()\n"
        "time.sleep(60)\n"
    )
    marks = [tmp_path / "0", tmp_path / "1"]
    commands = [([sys.executable, "-c", script, str(m)], None) for m in marks]

    def interrupt():
        while not all(mark.exists() for mark in marks):
            time.sleep(0.05)
        os.kill(os.getpid(), number)

    before = signal.getsignal(number)
    thread = threading.Thread(target=interrupt)
    thread.start()
    assert workers.run(commands) == 75
    thread.join()
    assert all(mark.with_suffix(".saved").exists() for mark in marks)
    assert signal.getsignal(number) is before


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells the children")
def test_a_killed_launcher_leaves_nobody_behind(tmp_path):
    mark = tmp_path / "pid"
    child = (
        "import os, pathlib, time\n"
        f"pathlib.Path({str(mark)!r}).write_text(str(os.getpid()))\n"
        "time.sleep(60)"
    )
    script = (
        "import sys\n"
        "from keras_nn_cli import workers\n"
        f"workers.run([([sys.executable, '-c', {child!r}], None)])"
    )
    launcher = subprocess.Popen([sys.executable, "-c", script])
    while not (mark.exists() and mark.read_text()):
        time.sleep(0.05)
    launcher.kill()
    launcher.wait()
    deadline = time.monotonic() + 10
    while _lives(int(mark.read_text())) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _lives(int(mark.read_text()))


def _lives(process):
    try:
        with open(f"/proc/{process}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_the_code_of_a_lost_worker_is_that_of_the_library():
    from keras_nn.training import WorkerLost

    assert WorkerLost.exit_code == workers.LOST
