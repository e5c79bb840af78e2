# SPDX-License-Identifier: MIT
"""Parameters come from the boot command line, and the shell shows and sets them."""

import re

import pytest

import harness


def value(running, name):
    return running.shell(f"param {name}").strip()


def test_a_parameter_is_set_before_its_driver_starts(machine):
    running = machine(append="gpio-keys.debounce-ms=0x14")
    running.boot()
    assert value(running, "gpio_keys.debounce_ms") == "20"


def test_the_last_one_wins_and_two_dashes_end_the_parameters(machine):
    running = machine(append="loglevel=3 loglevel=5 -- loglevel=2")
    running.boot()
    assert value(running, "loglevel") == "5"


@harness.needs("KTEST")
@pytest.mark.parametrize("word", ['test_params.word="two words"', '"test_params.word=two words"'])
def test_quotes_keep_spaces(machine, word):
    running = machine(append=f"{word} loglevel=5")
    running.boot()
    assert value(running, "test_params.word") == "two words"
    assert value(running, "loglevel") == "5"


@harness.needs("KTEST")
def test_a_text_of_the_command_line_can_be_replaced(machine):
    running = machine(append="test_params.word=first test_params.names=a,b,c")
    assert "parameter test_params.names: a,b,c is not accepted [-EINVAL]" in running.boot()
    for text in ("second", "third"):
        assert running.shell(f"param test_params.word={text}").strip() == ""
        assert value(running, "test_params.word") == text


@harness.needs("KTEST")
def test_a_core_parameter_may_be_a_text(machine):
    """It is set before its lock could be taken, which nobody complains of."""
    running = machine(append='test_title="of the boot"')
    assert "WARNING" not in running.boot()
    assert value(running, "test_title") == "of the boot"
    running.shell("param test_title=later")
    assert value(running, "test_title") == "later"


@harness.needs("WATCHDOG")
@pytest.mark.parametrize("append, limit", [("", "100"), ("watchdog.thresh_ms=250", "250")])
def test_a_task_may_run_for_so_long(machine, append, limit):
    running = machine(append=append)
    running.boot()
    assert value(running, "watchdog.thresh_ms") == limit


def test_a_bad_value_is_told_and_the_old_one_stays(machine):
    running = machine(append="gpio_keys.debounce_ms=soon loglevel")
    log = running.boot()
    assert re.search(r"parameter gpio_keys.debounce_ms: soon is not accepted \[-EINVAL\]", log)
    assert re.search(r"parameter loglevel: no value is not accepted \[-EINVAL\]", log)
    assert value(running, "gpio_keys.debounce_ms") == "5"


def test_a_module_s_parameter_that_is_none_is_told(machine):
    log = machine(append="gpio_keys.speed=3 unknown=a.b").boot()
    assert "gpio_keys.speed=3: there is no such parameter" in log
    assert "unknown" not in log


def test_a_line_that_is_too_long_is_cut_before_the_word(machine):
    running = machine(append="loglevel=5 " + "x" * 1010 + " loglevel=4")
    assert "the command line is too long" in running.boot()
    assert value(running, "loglevel") == "5"


def test_the_time_stamps_can_be_left_out(machine):
    running = machine(append="printk.time=n")
    assert re.search(r"^gic: ", running.boot(), re.MULTILINE)
    running.shell("param printk.time=y")
    assert re.search(r"^\[ .*\] gic: ", running.shell("dmesg"), re.MULTILINE)


def test_the_shell_lists_and_refuses(machine):
    running = machine()
    running.boot()
    listed = running.shell("param")
    assert re.search(r"^gpio_keys.debounce_ms +5 +how long .* \(set at boot\)$", listed,
                     re.MULTILINE)
    assert re.search(r"^loglevel +7 +messages .*[^)]$", listed, re.MULTILINE)
    assert "set at boot only [-EPERM]" in running.shell("param gpio_keys.debounce_ms=1")
    assert "does not accept 99999999999 [-ERANGE]" in running.shell("param loglevel=99999999999")
    assert "no parameter nix [-ENOENT]" in running.shell("param nix")
    assert value(running, "loglevel") == "7"


@harness.needs("KTEST")
def test_a_part_of_a_name_is_another_name(machine):
    """Any of these, taken for ktest=hal or crash=bootstack, would be the end of the boot."""
    running = machine(append="ktes=hal ktests=hal xktest=hal crashes=bootstack x=ktest cras=ktest")
    running.boot()


@harness.needs("KTEST")
def test_a_value_that_is_too_long_for_the_log_is_cut_there(machine):
    said = machine(append="ktest=" + 300 * "a").ended(status=1)
    names = re.findall(r"no suite named (a+)\b", said)
    assert names and 200 < len(names[0]) < 300
