from keras_nn.applications.energy import EnergyMeter


def make_zone(folder, name, micro, limit=10_000_000):
    zone = folder / name
    zone.mkdir(parents=True)
    (zone / "energy_uj").write_text(f"{micro}\n")
    (zone / "max_energy_range_uj").write_text(f"{limit}\n")
    return zone


def test_adds_up_packages_and_leaves_out_their_parts(tmp_path):
    zones = [
        make_zone(tmp_path, name, 1_000_000)
        for name in ("intel-rapl:0", "intel-rapl:1", "intel-rapl:0:0")
    ]
    with EnergyMeter(tmp_path) as meter:
        for zone in zones:
            (zone / "energy_uj").write_text("3500000")
    assert meter.joules == 5.0
    assert meter.describe().startswith("5 J in CPU packages")


def test_a_counter_that_started_again_is_understood(tmp_path):
    zone = make_zone(tmp_path, "intel-rapl:0", 9_000_000, limit=9_999_999)
    with EnergyMeter(tmp_path) as meter:
        (zone / "energy_uj").write_text("500000")
    assert meter.joules == 1.5


def test_says_not_measured_where_there_is_no_readable_counter(tmp_path):
    make_zone(tmp_path, "intel-rapl:0", "broken")
    for folder in (tmp_path, tmp_path / "none"):
        with EnergyMeter(folder) as meter:
            pass
        assert meter.joules is None
        assert meter.describe().startswith("not measured")
