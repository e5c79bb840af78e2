# SPDX-License-Identifier: MIT
"""tools/setup with apt and dpkg played by scripts: what it asks of them, and when."""

import os
import shutil
import subprocess

import pytest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LIMIT = 60  # seconds before something is a hang

# dpkg knows what stands in the file `installed`; apt adds to it, and says what it was told.
DPKG_QUERY = 'while read -r name; do echo "ii $name"; done <"$HERE/installed"\n'
APT_GET = """\
echo "$DEBIAN_FRONTEND $*" >>"$HERE/asked"
case " $* " in *" install "*) for word; do echo "$word" >>"$HERE/installed"; done ;; esac
exit "${APT_STATUS:-0}"
"""
ALWAYS_THERE = ("sh", "cat", "sed", "grep", "env", "test")


def script(path, text):
    path.write_text(f"#!/bin/sh\n{text}")
    path.chmod(0o755)


@pytest.fixture
def system(tmp_path):
    """A system with all tools, whose dpkg knows of none."""
    commands = tmp_path / "bin"
    commands.mkdir()
    for name in ALWAYS_THERE:
        (commands / name).symlink_to(shutil.which(name))
    for name in ("make", "gcc", "arm-none-eabi-gcc", "qemu-system-arm", "dtc", "gdb-multiarch",
                 "clang-22", "xz", "spin"):
        script(commands / name, "")
    script(commands / "flock", "")
    script(commands / "id", "echo 0")
    script(commands / "dpkg-query", DPKG_QUERY)
    script(commands / "apt-get", APT_GET)
    (tmp_path / "installed").write_text("")
    (tmp_path / "asked").write_text("")
    return tmp_path


def set_up(system, *words, **environment):
    return subprocess.run(
        [os.path.join(TOP, "tools", "setup"), *(words or ["run"])], capture_output=True,
        text=True, timeout=LIMIT, stdin=subprocess.DEVNULL,
        env={"PATH": str(system / "bin"), "HERE": str(system), **environment})


def asked(system):
    return (system / "asked").read_text().splitlines()


def test_what_is_missing_is_installed_and_nothing_else_later(system):
    done = set_up(system)
    assert done.returncode == 0, done.stderr
    update, install = asked(system)
    assert update.endswith(" update")
    assert update.startswith("noninteractive ") and "DPkg::Lock::Timeout=300" in install
    assert "--no-install-recommends" in install and " gcc-arm-none-eabi " in install
    assert "clang-22" not in install

    assert set_up(system).returncode == 0
    assert len(asked(system)) == 2


def test_check_needs_more(system):
    assert set_up(system).returncode == 0
    done = set_up(system, "run", "check")
    assert "clang-22" in asked(system)[3] and " gcc " not in asked(system)[3]
    # Linux's source is a file that the scripts cannot make.
    there = os.path.exists("/usr/src/linux-source-6.1.tar.xz")
    assert (done.returncode == 0) == there


def test_a_package_whose_program_does_not_run_is_installed_again(system):
    assert set_up(system).returncode == 0
    script(system / "bin" / "dtc", "exit 1")
    done = set_up(system)
    assert asked(system)[3].endswith("--reinstall device-tree-compiler")
    assert done.returncode == 1 and "not working: device-tree-compiler" in done.stderr


def test_a_failing_apt_is_a_failure(system):
    done = set_up(system, APT_STATUS="100")
    assert done.returncode == 1 and "could not install" in done.stderr


def test_without_apt_the_list_is_printed(system):
    (system / "bin" / "apt-get").unlink()
    done = set_up(system)
    assert done.returncode == 1
    assert "no apt" in done.stderr and "    gcc-arm-none-eabi\n" in done.stderr


def test_sudo_is_used_by_a_user_and_asked_for_nothing_when_all_is_there(system):
    script(system / "bin" / "id", "echo 1000")
    done = set_up(system)
    assert done.returncode == 1 and "neither root nor sudo" in done.stderr
    script(system / "bin" / "sudo", 'echo sudo >>"$HERE/asked"\nexec "$@"\n')
    assert set_up(system).returncode == 0
    assert asked(system).count("sudo") == 2
    (system / "bin" / "sudo").unlink()
    assert set_up(system).returncode == 0
