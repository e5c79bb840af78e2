# SPDX-License-Identifier: MIT
"""A mistake that is put into a driver fails a case of its suite, which passes without it; one
of another kind, which no case looks for, is found by the sanitizers or by the host's machine.

The driver's file is copied, changed, compiled into the kernel that runs on the host and met by
the parts that tests play (tests/fakes). A mistake is a piece of the source, which has to be
there exactly once, and what stands there instead.
"""

import os
import re
import shlex
import shutil
from collections import namedtuple

import pytest

from conftest import BUILD, TOP, run

Mutant = namedtuple("Mutant", "driver name right wrong")

PL061 = "drivers/pl061/pl061.c"
PL011 = "drivers/pl011/pl011.c"
TTY = "drivers/tty/tty.c"
LINE = "drivers/tty/serial_line.c"
SERIAL = "drivers/tty/serial_core.c"
# Who looks for mistakes in a file: its own suite, if nothing is said here.
SUITES = {PL011: ["pl011", "pl011_line"], TTY: ["pl011_line"], LINE: ["pl011_line", "serial"],
          SERIAL: ["pl011_line"]}

ACK = "pl061_write(to_pl061(gc), BIT(irqd_to_hwirq(d)), PL061_IC);"
DIVISORS = """	pl011_write(uart, divisor >> 6, PL011_IBRD);
	pl011_write(uart, FIELD_GET(FBRD_DIVFRAC, divisor), PL011_FBRD);
"""
LCR_H = ("	pl011_write(uart, lcr_of(termios->c_cflag), PL011_LCR_H);"
         "	/* after the divisors */\n")

MUTANTS = [
    Mutant(PL061, "acknowledges by read-modify-write", ACK,
           "pl061_write(to_pl061(gc), pl061_read(to_pl061(gc), PL061_RIS) |"
           " BIT(irqd_to_hwirq(d)), PL061_IC);"),
    Mutant(PL061, "reads the clear register", ACK,
           "pl061_write(to_pl061(gc), pl061_read(to_pl061(gc), PL061_IC) |"
           " BIT(irqd_to_hwirq(d)), PL061_IC);"),
    Mutant(PL061, "does not acknowledge", ACK, "(void)gc;"),
    Mutant(PL061, "swaps mask and unmask",
           ".irq_mask = pl061_irq_mask,\n\t.irq_unmask = pl061_irq_unmask,",
           ".irq_mask = pl061_irq_unmask,\n\t.irq_unmask = pl061_irq_mask,"),
    Mutant(PL061, "does not clear IBE",
           "pl061_assign(pl061, offset, PL061_IBE, sense.both);",
           "if (sense.both)\n\t\tpl061_assign(pl061, offset, PL061_IBE, true);"),
    Mutant(PL061, "has the wrong polarity",
           "pl061_assign(pl061, offset, PL061_IEV, sense.high);",
           "pl061_assign(pl061, offset, PL061_IEV, !sense.high);"),
    Mutant(PL061, "keeps what a change of type has latched",
           "pl061_write(pl061, BIT(offset), PL061_IC);\n\tirq_set_handler_locked",
           "irq_set_handler_locked"),
    Mutant(PL061, "changes the type of a line that is on",
           "IRQCHIP_IMMUTABLE | IRQCHIP_SET_TYPE_MASKED", "IRQCHIP_IMMUTABLE"),
    Mutant(PL061, "handles a level that QEMU has latched twice",
           "if (irqd_is_level_type(d))", "if (0)"),
    Mutant(PL061, "shows another value before an output's",
           "	pl061_set(gc, offset, value);\n	pl061_assign(pl061, offset, PL061_DIR, true);",
           "	pl061_assign(pl061, offset, PL061_DIR, true);"),
    Mutant(PL061, "sets an output's value while it is an input",
           "PL061_DIR, true);\n	pl061_set(gc, offset, value);", "PL061_DIR, true);"),
    Mutant(PL061, "is on before it is cleared",
           "	pl061_write(pl061, PL061_ALL, PL061_IC);\n", ""),
    Mutant(PL061, "leaves lines on behind it",
           "pl061_write(data, 0, PL061_IE);", "(void)data;"),
    Mutant(PL061, "looks once at what is pending",
           "PL061_MAX_PASSES	8", "PL061_MAX_PASSES	1"),
    Mutant(PL061, "leaves a line on that nobody has",
           "				pl061_silence(pl061, __ffs(pending));",
           "				if (0)\n"
           "					pl061_silence(pl061, 0);"),
    Mutant(PL011, "clears INT_RX before the FIFO is drained",
           "status & ~INT_FIFOS, PL011_ICR", "status, PL011_ICR"),
    Mutant(PL011, "asks for INT_TX without filling the FIFO",
           "if (pl011_tx_chars(uart) && !(uart->im & INT_TX))", "if (!(uart->im & INT_TX))"),
    Mutant(PL011, "writes LCR_H before the divisors", DIVISORS + LCR_H, LCR_H + DIVISORS),
    Mutant(PL011, "sets the speed in the middle of a character",
           "wait_flags_clear(port->membase, FR_BUSY, SETTLE_MAX);\n"
           "	cr = pl011_read(uart, PL011_CR);\n"
           "	pl011_write(uart, cr & ~CR_UARTEN, PL011_CR);",
           "cr = pl011_read(uart, PL011_CR);\n	pl011_write(uart, cr & ~CR_UARTEN, PL011_CR);"),
    Mutant(PL011, "shuts down in the middle of a character",
           "	pl011_write(uart, INT_ALL, PL011_ICR);\n"
           "	wait_flags_clear(port->membase, FR_BUSY, SETTLE_MAX);",
           "	pl011_write(uart, INT_ALL, PL011_ICR);"),
    Mutant(PL011, "sets the speed while enabled", "cr & ~CR_UARTEN", "cr"),
    Mutant(PL011, "leaves interrupts on until it has a handler",
           "	set_interrupts(uart, 0, INT_ALL);\n	amba_set_drvdata", "	amba_set_drvdata"),
    Mutant(PL011, "leaves interrupts on behind it",
           "	set_interrupts(uart, 0, INT_ALL);\n	pl011_write(uart, INT_ALL, PL011_ICR);",
           "	pl011_write(uart, INT_ALL, PL011_ICR);"),
    Mutant(PL011, "ignores the error bits", "if (unlikely(data & DR_ERRORS))", "if (0)"),
    Mutant(PL011, "does not count overruns",
           "port->icount.overrun += !!(*data & DR_OE);\n", ""),
    Mutant(PL011, "does not ask for the receive timeout",
           "	set_interrupts(uart, INT_RECEIVE, 0);\n	return 0;",
           "	set_interrupts(uart, INT_RX, 0);\n	return 0;"),
    Mutant(PL011, "leaves a full FIFO at startup",
           "	pl011_rx_chars(uart);\n	set_interrupts(uart, INT_RECEIVE, 0);",
           "	set_interrupts(uart, INT_RECEIVE, 0);"),
    Mutant(PL011, "leaves a full FIFO when its reader is back",
           "	set_interrupts(uart, INT_RECEIVE, 0);\n	pl011_rx_chars(uart);",
           "	set_interrupts(uart, INT_RECEIVE, 0);"),
    Mutant(PL011, "goes on with INT_TX when there is nothing to send",
           "if (status & INT_TX && !pl011_tx_chars(uart))\n"
           "				pl011_stop_tx(&uart->port);",
           "if (status & INT_TX)\n				pl011_tx_chars(uart);"),
    Mutant(PL011, "rounds the divisor down", "(u64)clk * 4 + baud / 2", "(u64)clk * 4"),
    Mutant(PL011, "reads an empty FIFO",
           "		if (pl011_read(uart, PL011_FR) & FR_RXFE)\n			break;\n"
           "		if (room)",
           "		if (pl011_read(uart, PL011_FR) & FR_RXFE && n)\n"
           "			break;\n"
           "		if (room)"),
    Mutant(PL011, "writes a full FIFO",
           "		if (!is_empty && pl011_read(uart, PL011_FR) & FR_TXFF)\n",
           "		if (is_empty && pl011_read(uart, PL011_FR) & FR_TXFF)\n"),
    Mutant(PL011, "has FIFOs of 16 in revision 3",
           "FIFO_DEPTH_R3	32", "FIFO_DEPTH_R3	16"),
    Mutant(PL011, "has CTS looked at without dropping RTS by the FIFO",
           "cr & CR_RTS ? CR_CTSEN | CR_RTSEN : CR_CTSEN", "CR_CTSEN"),
    Mutant(PL011, "does not look at CTS",
           "cr & CR_RTS ? CR_CTSEN | CR_RTSEN : CR_CTSEN", "cr & CR_RTS ? CR_RTSEN : 0"),
    Mutant(PL011, "leaves RTS to the FIFO when it is to fall",
           "CR_OUT2 | CR_LBE | CR_RTSEN);", "CR_OUT2 | CR_LBE);"),
    Mutant(PL011, "keeps flow control for ever", "cr &= ~(CR_CTSEN | CR_RTSEN);", ""),
    Mutant(PL011, "does not ask for the modem's lines",
           "set_interrupts(uart, INT_MODEM, 0);", ""),
    Mutant(PL011, "tells of a line that has not changed",
           "changed = now ^ uart->modem", "changed = now"),
    Mutant(PL011, "looks at breaks for INPCK", "if (iflag & (IGNBRK | PARMRK))",
           "if (iflag & INPCK)"),
    Mutant(PL011, "shows a break that is to be ignored",
           "iflag & IGNPAR ? DR_BE | DR_OE : DR_BE", "0"),
    Mutant(PL011, "shows damaged characters that are to be ignored",
           "iflag & IGNPAR ? DR_PE | DR_FE : 0", "0"),
    Mutant(PL011, "looks at errors without INPCK", "if (iflag & INPCK)", "if (1)"),
    Mutant(PL011, "takes a break for a framing error too",
           "		*data &= ~(DR_PE | DR_FE);\n", ""),
    Mutant(PL011, "has no handler for breaks", "		uart_handle_break(port);\n", ""),
    Mutant(PL011, "never ends a break",
           "lcr | LCR_BRK : lcr & ~LCR_BRK", "lcr | LCR_BRK : lcr"),
    Mutant(PL011, "leaves a break on behind it", "~(LCR_BRK | LCR_FEN)", "~LCR_FEN"),
    Mutant(PL011, "has no parity that sticks", "cflag & CMSPAR ? lcr | LCR_SPS : lcr", "lcr"),
    Mutant(SERIAL, "sends a flow character behind the queue",
           "	if (unlikely(port->x_char)) {\n",
           "	if (!uart_tx_stopped(port) && next_of_queue(port->state, ch)) {\n"
           "		port->icount.tx++;\n		return true;\n	}\n"
           "	if (unlikely(port->x_char)) {\n"),
    Mutant(SERIAL, "drops what tells of an overrun", "port->ignore_status_mask & ~overrun",
           "(port->ignore_status_mask | overrun)"),
    Mutant(LINE, "does not drop RTS", "update_mctrl(port, on ? 0 : TIOCM_RTS,",
           "update_mctrl(port, TIOCM_RTS,"),
    Mutant(LINE, "keeps who is stopped by ^S stopped",
           "		state->flow_stopped = false;",
           "		state->flow_stopped |= false;"),
    Mutant(LINE, "does not come back with its settings",
           "	change_settings(port, &state->port.termios);\n	err", "	err"),
    Mutant(LINE, "finds a line that is held to be stopped for ever",
           "		port->state->is_held = on;", "		port->state->is_held = true;"),
    Mutant(TTY, "does not double \\377", "flag == TTY_NORMAL ? 0xff : 0, ch",
           "0, ch"),
]


TYPE_IS_CLEARED = "pl061_write(pl061, BIT(offset), PL061_IC);\n\tirq_set_handler_locked"

FOUND = [
    (Mutant(PL061, "takes its lock twice",
            "	pl061_assign(pl061, offset, PL061_DIR, false);",
            "	raw_spin_lock(&pl061->lock);\n"
            "	pl061_assign(pl061, offset, PL061_DIR, false);"),
     "waits for a spin lock that it holds itself"),
    (Mutant(PL061, "writes behind its memory",
            "devm_kzalloc(dev, sizeof(*pl061), GFP_KERNEL)",
            "devm_kzalloc(dev, sizeof(*pl061) - 8, GFP_KERNEL)"),
     "ERROR: AddressSanitizer"),
    (Mutant(PL061, "shifts too far", TYPE_IS_CLEARED,
            TYPE_IS_CLEARED.replace("BIT(offset)", "1u << (offset + 32)")),
     "shift exponent"),
    (Mutant(PL061, "reads behind its registers",
            "return !!pl061_read(to_pl061(gc), PL061_DATA_LINE(offset));",
            "return !!pl061_read(to_pl061(gc), PL061_SIZE + PL061_DATA_LINE(offset));"),
     "no device is at"),
    (Mutant(PL011, "uses what it has freed",
            "	uart_remove_one_port(&pl011_uart_driver, &uart->port);",
            "	uart_remove_one_port(&pl011_uart_driver, &uart->port);\n"
            "	devm_kfree(&adev->dev, uart);\n	uart->im = 0;"),
     "heap-use-after-free"),
]


def words(name):
    path = os.path.join(BUILD, name)
    assert os.path.exists(path), f"{path} is missing: run `make host-build`"
    with open(path, encoding="utf-8") as file:
        return shlex.split(file.read())


def build(driver, text, folder):
    """The host's kernel with `text` in the place of that file."""
    source = os.path.join(folder, os.path.basename(driver))
    for name in os.listdir(os.path.join(TOP, os.path.dirname(driver))):
        if name.endswith(".h"):
            shutil.copy(os.path.join(TOP, os.path.dirname(driver), name), folder)
    with open(source, "w", encoding="utf-8") as file:
        file.write(text)

    cc, program, obj = words("host-kernel.cc"), f"{folder}/kernel", f"{folder}/driver.o"
    own = f"host-kernel/{driver[:-2]}.o"
    objects = words("host-kernel.objs")
    others = [name for name in objects if not name.endswith(own)]
    assert len(others) == len(objects) - 1
    modname = f'-DKBUILD_MODNAME="{module_of(driver)}"'
    for command in ([*cc, modname, "-c", "-o", obj, source],
                    [*cc, "-o", program, *others, obj, "-T", "tests/host/kunit.lds"]):
        done = run(command)
        assert done.returncode == 0, done.stderr
    return program


def source_of(driver):
    with open(os.path.join(TOP, driver), encoding="utf-8") as file:
        return file.read()


def module_of(driver):
    return os.path.basename(driver)[:-2]


def run_suites(program, driver):
    """Until one fails; the exit status and the output."""
    for suite in SUITES.get(driver, [module_of(driver)]):
        done = run([program, suite])
        if done.returncode:
            break
    return done


@pytest.mark.parametrize("driver", [PL061, PL011, TTY, LINE, SERIAL])
def test_a_driver_without_a_mistake_passes(driver, tmp_path):
    done = run_suites(build(driver, source_of(driver), tmp_path), driver)
    assert done.returncode == 0, done.stdout
    assert re.search(r"^    ok 1 ", done.stdout, re.M)


def name_of(mutant):
    return f"{module_of(mutant.driver)} {mutant.name}"


def run_with(mutant, folder):
    text = source_of(mutant.driver)
    assert text.count(mutant.right) == 1, "the source has changed: the mistake has no place"
    done = run_suites(build(mutant.driver, text.replace(mutant.right, mutant.wrong), folder),
                      mutant.driver)
    assert done.returncode != 0
    return done.stdout + done.stderr


@pytest.mark.parametrize("mutant", MUTANTS, ids=name_of)
def test_a_mistake_fails_a_case(mutant, tmp_path):
    output = run_with(mutant, tmp_path)
    assert re.search(r"^    not ok ", output, re.M), output


@pytest.mark.parametrize("mutant, says", FOUND, ids=[name_of(mutant) for mutant, _ in FOUND])
def test_a_mistake_ends_the_run(mutant, says, tmp_path):
    output = run_with(mutant, tmp_path)
    assert says in output, output
