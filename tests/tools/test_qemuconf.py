# SPDX-License-Identifier: MIT
"""tools/qemuconf.py: the QEMU line and the device tree that fits it."""

import json
import os
import subprocess

import pytest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LIMIT = 60  # seconds before something is a hang

OVERLAY = '/ { sample { compatible = "nocla,sample"; gpios = <&{/pl061@9030000} 5 0>; }; };\n'


@pytest.fixture
def qemuconf(tmp_path):
    (tmp_path / "machine.json").write_text(json.dumps({
        "qemu": "qemu-system-arm", "machine": "virt,gic-version=2,dtb-randomness=off",
        "cpu": "cortex-a15", "smp": 1, "mem": "256M", "kernel": "build/nocla.elf"}))
    (tmp_path / "sample.dtsi").write_text(OVERLAY)

    def call(*settings):
        return subprocess.run(
            [os.path.join(TOP, "tools", "qemuconf.py"), "--machine", tmp_path / "machine.json",
             "--out", tmp_path / "qemu.json", "--overlay", tmp_path / "sample.dtsi", *settings],
            capture_output=True, text=True, timeout=LIMIT)
    return call


def described(tmp_path):
    made = json.loads((tmp_path / "qemu.json").read_text())
    return dict(zip(made["args"][::2], made["args"][1::2])), made["dtb"]


def prop(dtb, node, name):
    return subprocess.run(["fdtget", dtb, node, name], check=True, capture_output=True,
                          text=True, timeout=LIMIT).stdout.split()


def test_settings_replace_what_the_configuration_says(qemuconf, tmp_path):
    assert qemuconf("CPU=cortex-a7", "SMP=4", "MEM=", "GIC=2").returncode == 0
    args, _ = described(tmp_path)
    assert (args["-cpu"], args["-smp"], args["-m"]) == ("cortex-a7", "4", "256M")


@pytest.mark.parametrize("gic, compatible", [("2", "arm,cortex-a15-gic"), ("3", "arm,gic-v3")])
def test_the_gic_is_the_machines_and_its_trees(qemuconf, tmp_path, gic, compatible):
    assert qemuconf(f"GIC={gic}").returncode == 0
    args, dtb = described(tmp_path)
    assert args["-M"] == f"virt,gic-version={gic},dtb-randomness=off"
    assert prop(dtb, "/intc@8000000", "compatible") == [compatible]


def test_the_tree_is_qemus_own_with_the_overlay(qemuconf, tmp_path):
    assert qemuconf("SMP=2").returncode == 0
    _, dtb = described(tmp_path)
    assert prop(dtb, "/cpus/cpu@1", "reg") == ["1"]
    pl061, = prop(dtb, "/pl061@9030000", "phandle")
    assert prop(dtb, "/sample", "gpios") == [pl061, "5", "0"]


def test_each_machine_has_a_tree_of_its_own_made_once(qemuconf, tmp_path):
    trees = set()
    for setting in ("SMP=1", "SMP=2", "CPU=cortex-a7", "MEM=128M", "GIC=3"):
        assert qemuconf(setting).returncode == 0
        trees.add(described(tmp_path)[1])
    assert len(trees) == 5
    before = os.stat(described(tmp_path)[1])
    assert qemuconf("GIC=3").returncode == 0
    assert os.stat(described(tmp_path)[1]).st_ino == before.st_ino
    assert sorted(trees) == sorted(str(path) for path in (tmp_path / "dtb").iterdir())


@pytest.mark.parametrize("setting, line", [
    ("GIC=4", "GIC=4: no version that there is a driver for, which are 2, 3"),
    ("GIC=three", "GIC=three: no version"),
    ("SMP=two", "SMP=two: not a number of CPUs"),
    ("CPU=z80", "unable to find CPU model 'z80'"),
])
def test_what_cannot_be_is_refused_in_one_line(qemuconf, tmp_path, setting, line):
    done = qemuconf(setting)
    assert done.returncode == 1
    said, = done.stderr.splitlines()
    assert line in said
    assert not (tmp_path / "qemu.json").exists()


def test_a_broken_overlay_leaves_no_tree(qemuconf, tmp_path):
    (tmp_path / "sample.dtsi").write_text("/ { what }\n")
    done = qemuconf()
    assert done.returncode == 1 and "dtc" in done.stderr
    assert list((tmp_path / "dtb").iterdir()) == []
