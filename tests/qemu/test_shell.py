# SPDX-License-Identifier: MIT
"""Each command of the shell, the line editor, and what a wrong line is told."""

import re

import pytest

from harness import PROMPT, needs

COMMANDS = ["dev", "dmesg", "fault", "gpio", "gpiodetect", "gpioget", "gpioinfo",
            "gpiomon", "gpioset", "help", "irq", "led", "lsmod", "mem", "modprobe", "panic",
            "poweroff", "ps", "reboot", "rmmod", "test", "top", "tty", "uptime", "version"]


@pytest.fixture
def shell(machine):
    """The shell of a machine without the button sample: all pins but the power key's are free."""
    running = machine(dtb=False)
    running.boot()
    return running.shell


def rows(text):
    return text.splitlines()


def test_help_lists_every_command(shell):
    names = [row.split()[0] for row in rows(shell("help"))]
    assert [name for name in COMMANDS if name not in names] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command(shell, command):
    assert shell(f"help {command}").startswith(f"{command}: ")


def test_version(shell):
    assert re.fullmatch(r"nocla \d+\.\d+.*\n", shell("version"))


def test_dmesg_has_the_boot_messages(shell):
    lines = rows(shell("dmesg"))
    assert re.fullmatch(r"\[ +0\.\d{6}\] nocla .* on Cortex-A15", lines[0])
    assert all(re.match(r"\[ *\d+\.\d{6}\] ", line) for line in lines)
    assert rows(shell("dmesg -n 1")) == lines[-1:]


def test_ps_shows_the_tasks_and_their_stacks(shell):
    tasks = [row.split() for row in rows(shell("ps"))[1:]]
    names = [task[-1] for task in tasks]
    assert "shell" in names and "swapper/0" in names
    used, size = map(int, tasks[names.index("shell")][4].split("/"))
    assert 0 < used < size


def test_ps_counts_the_time_that_tasks_have_run(shell):
    def ms(name):
        return next(int(row.split()[6]) for row in rows(shell("ps")) if row.endswith(f" {name}"))
    waited = ms("swapper/0")
    shell("top 200")
    assert ms("swapper/0") >= waited + 150


def test_top_shows_who_has_run_in_an_interval(shell):
    said = [row.split() for row in rows(shell("top 200"))]
    assert said[0] == ["pid", "cpu", "%", "name"]
    assert said[1][3] == "swapper/0" and float(said[1][2]) > 80
    assert sum(float(row[2]) for row in said[1:]) < 101


def test_irq_counts_the_uart(shell):
    def uart():
        row = next(row for row in rows(shell("irq")) if row.endswith("pl011"))
        return int(row.split()[1])
    assert uart() < uart()


def test_dev_shows_drivers_and_what_has_none(shell):
    bound, unbound = shell("dev").split("not bound:\n")
    assert re.search(r"^9030000\.pl061 +amba +pl061_gpio$", bound, re.MULTILINE)
    assert re.search(r"^9000000\.pl011 +amba +uart-pl011$", bound, re.MULTILINE)
    assert "node /pl031@9010000: compatible arm,pl031: no driver" in rows(unbound)


def test_mem_shows_pages_and_objects(shell):
    total, free = map(int, re.match(r"(\d+) KiB, (\d+) KiB free", shell("mem")).groups())
    assert 0.9 * 256 * 1024 < free < total <= 256 * 1024
    assert shell("mem") == shell("mem")  # a command leaves nothing behind


def test_uptime_rises(shell):
    def milliseconds():
        days, *clock = map(int, re.findall(r"\d+", shell("uptime")))
        hours, minutes, seconds, rest = clock
        return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + rest
    first = milliseconds()
    assert first <= milliseconds() < first + 1000 * 3600


@pytest.mark.parametrize("pin", range(8))
def test_gpio_sets_and_clears_what_the_host_sees(machine, pin):
    running = machine(dtb=False)
    running.boot()
    if pin == 3:  # the power key's
        last = rows(running.shell("gpio set 3"))[-1]
        assert re.fullmatch(r"gpio: pin 3 is used by .* \[-EBUSY\]", last)
        return
    running.pins.intercept()
    for word, value in (("set", 1), ("clear", 0), ("toggle", 1), ("toggle", 0)):
        said = running.shell(f"gpio {word} {pin}")
        assert said == f"gpio: pin {pin} (gpio {pin}) value is {value}\n"
        assert running.next_change() == (pin, bool(value))
    assert not running.pins.qtest.changes


def test_gpio_reads_what_the_host_drives(machine):
    running = machine(dtb=False)
    running.boot()
    assert "value is 0" in running.shell("gpio input 6")
    running.pins.set(6, True)
    assert "value is 1" in running.shell("gpio input 6")
    assert "gpio6: input: 1 [ ]" in rows(running.shell("gpio status -a"))
    assert "gpio6: input: 1 [ ]" in rows(running.shell("gpio status 6"))


def test_gpio_status(shell):
    """Plain: what is in use; -a: all."""
    assert re.fullmatch(r"Bank 9030000\.pl061:\ngpio3: input: 0 \[x\] .*\n", shell("gpio status"))
    assert len(rows(shell("gpio status -a"))) == 1 + 8


@needs("KTEST")
def test_test_runs_one_suite(shell):
    suites = rows(shell("test -l"))
    assert "mm" in suites
    said = shell("test mm")
    assert "# Subtest: mm" in said and re.search(r"^(\[.*\] )?ok 1 mm$", said, re.MULTILINE)


@pytest.mark.parametrize("line, answer", [
    ("frob", r"frob: unknown command.*"),
    ("help frob", r"help: no command frob \[-ENOENT\]"),
    ("version now", r"usage: version\b.*\[-EINVAL\]"),
    ("uptime now", r"usage: uptime\b.*\[-EINVAL\]"),
    ("ps x", r"usage: ps\b.*\[-EINVAL\]"),
    ("mem x", r"usage: mem\b.*\[-EINVAL\]"),
    ("top x", r"usage: top\b.*\[-EINVAL\]"),
    ("top 1 2", r"usage: top\b.*\[-EINVAL\]"),
    ("tty x", r"tty: no line x \[-ENODEV\]"),
    ("tty sink", r"usage: tty\b.*\[-EINVAL\]"),
    ("tty sink 0", r"tty: 1 to 1073741824 bytes \[-EINVAL\]"),
    ("tty source 1 x", r"tty: no line x \[-ENODEV\]"),
    ("tty source 1 ttyAMA0 1", r"usage: tty\b.*\[-EINVAL\]"),
    ("tty ttyAMA0 9600n8 frob", r"tty: no setting frob \[-EINVAL\]"),
    ("tty ttyAMA0 9600n", r"tty: no setting 9600n \[-EINVAL\]"),
    ("tty ttyAMA0 n8", r"tty: no setting n8 \[-EINVAL\]"),
    ("top -1", r"usage: top\b.*\[-EINVAL\]"),
    ("top 0", r"top: from 1 to 60000 ms \[-ERANGE\]"),
    ("top 60001", r"top: from 1 to 60000 ms \[-ERANGE\]"),
    ("dev x", r"usage: dev\b.*\[-EINVAL\]"),
    ("irq x", r"usage: irq\b.*\[-EINVAL\]"),
    ("dmesg x", r"usage: dmesg\b.*\[-EINVAL\]"),
    ("dmesg -n x", r"dmesg: .*\[-EINVAL\]"),
    ("gpio", r"usage: gpio\b.*\[-EINVAL\]"),
    ("gpio set", r"usage: gpio\b.*\[-EINVAL\]"),
    ("gpio set 8", r"gpio: no pin 8 \[-EINVAL\]"),
    ("gpio set -1", r"gpio: no pin -1 \[-EINVAL\]"),
    ("gpio frob 2", r"usage: gpio\b.*\[-EINVAL\]"),
    ("gpio status frob", r"gpio: .*frob.*\[-EINVAL\]"),
    pytest.param("test kunit.zzz", r"test: no suite named kunit\.zzz, or it has no such case "
                 r"\[-ENOENT\]", marks=needs("KTEST")),
    pytest.param("test zzz", r"test: no suite named zzz \[-ENOENT\]", marks=needs("KTEST")),
    ("poweroff now", r"usage: poweroff\b.*\[-EINVAL\]"),
    ("reboot now", r"usage: reboot\b.*\[-EINVAL\]"),
    ("panic frob", r"usage: panic\b.*\[-EINVAL\]"),
    ("version 'x", r"shell: .*quote.*\[-EINVAL\]"),
    ("a b c d e f g h i j k l m n o p q r", r"shell: .*\[-E2BIG\]"),
])
def test_a_wrong_line_is_told_in_one(shell, line, answer):
    assert re.fullmatch(answer + "\n", shell(line))


@pytest.mark.parametrize("line", ["", "   "])
def test_an_empty_line_says_nothing(shell, line):
    assert shell(line) == ""


def test_tab_on_an_empty_line_lists_the_commands(shell):
    names = shell("\t").split()
    assert [name for name in COMMANDS if name not in names] == []


def test_control_c_drops_the_line(machine):
    running = machine()
    running.boot()
    running.send("frob\x03")
    running.expect(PROMPT)
    assert "nocla" in running.shell("version")


@pytest.mark.parametrize("keys", [
    "versiom\x7fn",  # backspace
    "ersion\x01v",  # ^A
    "version \x1b[D\x1b[D\x1b[Cx\x7f",  # arrows
    "frob\x15version",  # ^U drops the line
    "'version'",
    "vers\t",  # Tab completes
    "  version  ",
])
def test_line_editing(shell, keys):
    assert "nocla" in shell(keys).splitlines()[-1]


def test_history(shell):
    shell("version")
    shell("frob")
    assert "nocla" in shell("\x1b[A\x1b[A").splitlines()[-1]
    assert "frob: unknown" in shell("\x1b[A\x1b[A\x1b[B\x1b[A").splitlines()[-1]


def test_power_button_ends_with_status_0(machine):
    running = machine()
    running.boot()
    running.qmp.command("system_powerdown")
    assert "power off" in running.ended(status=0)


def test_poweroff_ends_with_status_0(machine):
    running = machine()
    running.boot()
    running.send("poweroff\r")
    assert "power off" in running.ended(status=0)
