# SPDX-License-Identifier: MIT
"""tools/genconfig.py: what the build reads is what was asked for, or nothing at all."""

import os
import subprocess

import pytest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
OUTPUTS = ["config.h", "config.mk", "machine.json"]
LIMIT = 60  # seconds before something is a hang


def genconfig(*words):
    return subprocess.run([os.path.join(TOP, "tools", "genconfig.py"), *map(str, words)],
                          cwd=TOP, capture_output=True, text=True, timeout=LIMIT)


def defconfig(out, *names):
    done = genconfig("defconfig", "--out", out, *[f"configs/{name}" for name in names])
    assert done.returncode == 0 and done.stderr == ""


def generate(config, out):
    return genconfig("generate", "--config", config, "--out", out)


def outputs(out):
    return {name: (out / name).read_text() for name in OUTPUTS if (out / name).exists()}


@pytest.fixture
def config(tmp_path):
    """A good .config, and its outputs."""
    path = tmp_path / ".config"
    defconfig(path, "virt_defconfig")
    assert generate(path, tmp_path).returncode == 0
    return path


def edit(config, old, new):
    text = config.read_text()
    assert text.count(old) == 1
    config.write_text(text.replace(old, new))


def refused(config, *wanted):
    """generate fails, says all of wanted in its one line, and leaves nothing."""
    done = generate(config, config.parent)
    assert done.returncode == 1
    assert done.stdout == ""
    line, = done.stderr.splitlines()
    assert all(text in line for text in wanted), line
    assert [path.name for path in config.parent.iterdir()] == [".config"]


@pytest.mark.parametrize("name", ["virt", "release", "min"])
def test_each_configuration_is_complete_and_silent(name, tmp_path):
    defconfig(tmp_path / ".config", f"{name}_defconfig")
    done = generate(tmp_path / ".config", tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(outputs(tmp_path)) == OUTPUTS


def test_options_in_their_three_spellings(config):
    made = outputs(config.parent)
    for line in ["#define CONFIG_SMP 1", "#define CONFIG_HZ 1000",
                 "#define CONFIG_DTB_FALLBACK_ADDR 0x40000000", '#define CONFIG_ARCH "armv7a"']:
        assert f"{line}\n" in made["config.h"]
    for line in ["CONFIG_SMP := y", "CONFIG_HZ := 1000", "CONFIG_ARCH := armv7a",
                 "OPT_CFLAGS := -Os"]:
        assert f"{line}\n" in made["config.mk"]


def test_an_option_that_is_off_does_not_exist(config):
    edit(config, "CONFIG_KTEST=y", "# CONFIG_KTEST is not set")
    assert generate(config, config.parent).returncode == 0
    made = outputs(config.parent)
    assert "KTEST" not in made["config.h"] + made["config.mk"]


def test_a_choice_moves(config):
    edit(config, "CONFIG_OPTIMIZE_SIZE=y", "# CONFIG_OPTIMIZE_SIZE is not set")
    edit(config, "# CONFIG_OPTIMIZE_SPEED is not set", "CONFIG_OPTIMIZE_SPEED=y")
    assert generate(config, config.parent).returncode == 0
    assert "OPT_CFLAGS := -O2\n" in outputs(config.parent)["config.mk"]


def test_a_malformed_line(config):
    edit(config, "CONFIG_SMP=y", "CONFIG_SMP y")
    refused(config, ".config:", "malformed line: CONFIG_SMP y")


@pytest.mark.parametrize("old, new, kind", [
    ("CONFIG_SMP=y", "CONFIG_SMP=yes", "bool"),
    ("CONFIG_SMP=y", "CONFIG_SMP=", "bool"),
    ("CONFIG_NR_CPUS=8", "CONFIG_NR_CPUS=0x8", "int"),
    ("CONFIG_DTB_FALLBACK_ADDR=0x40000000", "CONFIG_DTB_FALLBACK_ADDR=40000000", "hex"),
    ('CONFIG_QEMU_CPU="cortex-a15"', "CONFIG_QEMU_CPU=cortex-a15", "string"),
    ('CONFIG_QEMU_CPU="cortex-a15"', 'CONFIG_QEMU_CPU="cortex-a15', "string"),
])
def test_a_value_of_another_type(config, old, new, kind):
    edit(config, old, new)
    refused(config, f"{new}: not a value of type {kind}")


def test_an_unknown_option(config):
    edit(config, "CONFIG_SMP=y", "CONFIG_SNP=y")
    refused(config, "unknown option CONFIG_SNP")


def test_an_unknown_architecture(config):
    edit(config, "CONFIG_ARCH_ARMV7A=y", "CONFIG_ARCH_MIPS=y")
    refused(config, "unknown architecture CONFIG_ARCH_MIPS")


def test_an_unknown_architecture_by_its_folder(config):
    edit(config, 'CONFIG_ARCH="armv7a"', 'CONFIG_ARCH="mips"')
    refused(config, 'CONFIG_ARCH="mips"', "unknown architecture", "armv7a")


def test_two_cpus_without_smp(config):
    edit(config, "CONFIG_SMP=y", "# CONFIG_SMP is not set")
    edit(config, "CONFIG_NR_CPUS=8", "CONFIG_NR_CPUS=2")
    refused(config, "CONFIG_NR_CPUS=2: must be in 1..1 with !SMP")


def test_a_driver_without_what_it_needs(config):
    edit(config, "CONFIG_PL061=y", "# CONFIG_PL061 is not set")
    edit(config, "CONFIG_GPIO=y\n", "")
    edit(config, "CONFIG_SAMPLE_BUTTON=y\n", "")
    edit(config, "CONFIG_LEDS_GPIO=y\n", "")
    refused(config, "CONFIG_GPIO_KEYS=y: needs GPIO")


def test_the_same_option_twice(config):
    edit(config, "CONFIG_SMP=y\n", "CONFIG_SMP=y\n# CONFIG_SMP is not set\n")
    done = generate(config, config.parent)
    assert "set a second time" in done.stderr and done.returncode == 1


def test_each_fault_has_its_line(config):
    edit(config, "CONFIG_SMP=y", "what\never")
    done = generate(config, config.parent)
    assert len(done.stderr.splitlines()) == 2


def test_a_missing_config(tmp_path):
    assert generate(tmp_path / "none", tmp_path).returncode == 1
    assert outputs(tmp_path) == {}


def test_what_does_not_change_is_not_written(config):
    before = {name: (config.parent / name).stat().st_ino for name in OUTPUTS}
    for name in OUTPUTS:
        os.utime(config.parent / name, (1, 1))
    assert generate(config, config.parent).returncode == 0
    assert before == {name: (config.parent / name).stat().st_ino for name in OUTPUTS}
    times = {name: (config.parent / name).stat().st_mtime for name in OUTPUTS}
    assert times["config.h"] == times["machine.json"] == 1
    assert times["config.mk"] > 1


def test_a_file_is_replaced_in_one_step(config):
    """Who has begun to read one reads all of it, and nothing else is left in the folder."""
    old = outputs(config.parent)
    begun = {name: open(config.parent / name, encoding="utf-8") for name in OUTPUTS}
    edit(config, "CONFIG_NR_CPUS=8", "CONFIG_NR_CPUS=4")
    edit(config, 'CONFIG_QEMU_MEM="256M"', 'CONFIG_QEMU_MEM="128M"')
    assert generate(config, config.parent).returncode == 0
    new = outputs(config.parent)
    for name, file in begun.items():
        with file:
            assert file.read() == old[name] != new[name]
    assert sorted(path.name for path in config.parent.iterdir()) == sorted([*OUTPUTS, ".config"])


def test_a_config_follows_its_defconfig_until_it_is_edited(tmp_path):
    path, default = tmp_path / ".config", tmp_path / "own_defconfig"
    for value in "345":
        default.write_text(f"CONFIG_THREAD_SIZE_PAGES={value}\n")
        assert genconfig("defconfig", "--out", path, default).returncode == 0
        assert f"CONFIG_THREAD_SIZE_PAGES={value}\n" in path.read_text()
    edit(path, "CONFIG_KTEST=y", "# CONFIG_KTEST is not set")
    edited = path.read_text()
    default.write_text("CONFIG_THREAD_SIZE_PAGES=6\n")
    assert genconfig("defconfig", "--out", path, default).returncode == 0
    assert path.read_text() == edited
    assert genconfig("defconfig", "--force", "--out", path, default).returncode == 0
    assert "CONFIG_THREAD_SIZE_PAGES=6\n" in path.read_text()


def test_a_fragment_overrides(tmp_path):
    defconfig(tmp_path / ".config", "release_defconfig", "bench.config")
    text = (tmp_path / ".config").read_text()
    assert "CONFIG_BENCH=y\n" in text and "# CONFIG_SMP is not set\n" in text


def test_what_menuconfig_writes_is_read_and_kept(config):
    script = ("import kconfiglib; k = kconfiglib.Kconfig('Kconfig'); "
              f"k.load_config({str(config)!r}); k.syms['NR_CPUS'].set_value('4'); "
              f"k.write_config({str(config)!r})")
    subprocess.run(["/usr/bin/python3", "-c", script], cwd=TOP, check=True, timeout=LIMIT)
    defconfig(config, "virt_defconfig")
    done = generate(config, config.parent)
    assert (done.returncode, done.stderr) == (0, "")
    assert "CONFIG_NR_CPUS := 4\n" in outputs(config.parent)["config.mk"]
