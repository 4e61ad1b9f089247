import time
from pathlib import Path

POWERCAP = "/sys/class/powercap"


class EnergyMeter:
    """Energy that the processors took while a block of code ran.

    Reads the counters of Linux's powercap interface (Intel and AMD RAPL, one
    a CPU package). What they do not cover, such as a GPU or memory, is not in
    the number. Where no counter can be read nothing is guessed: `joules` is
    None, and `describe()` says "not measured".

    Args:
        folder: str. Where the counters are.

    Example:

    >>> with EnergyMeter("/nowhere") as meter:
    ...     work = sum(range(10))
    >>> meter.describe()
    'not measured (no readable energy counter on this machine)'
    """

    def __init__(self, folder=POWERCAP):
        self.folder = Path(folder)
        self.joules = None
        self.seconds = None

    def __enter__(self):
        self._start = self._read()
        self._clock = time.perf_counter()
        return self

    def __exit__(self, *exception):
        self.seconds = time.perf_counter() - self._clock
        end = self._read()
        if self._start and set(end) == set(self._start):
            micro = sum(
                (end[zone] - start) % self._range(zone)
                for zone, start in self._start.items()
            )
            self.joules = micro / 1e6

    def describe(self):
        """One sentence for people: str."""
        if self.joules is None:
            return "not measured (no readable energy counter on this machine)"
        watts = self.joules / max(self.seconds, 1e-9)
        return (
            f"{self.joules:.0f} J in CPU packages (RAPL), {watts:.0f} W on "
            "average; other parts of the machine were not measured"
        )

    def _read(self):
        # Zones of a package are `intel-rapl:0`; `intel-rapl:0:0` are parts.
        zones = [
            zone
            for zone in sorted(self.folder.glob("*-rapl:*"))
            if zone.name.count(":") == 1
        ]
        try:
            return {
                zone: int((zone / "energy_uj").read_text()) for zone in zones
            }
        except (OSError, ValueError):
            return {}

    def _range(self, zone):
        # The counter starts again at 0 once it has passed its range.
        return int((zone / "max_energy_range_uj").read_text()) + 1
