# SPDX-License-Identifier: MIT
"""Several processors from outside: they come, they are told apart, and one that does not come,
stops answering or goes wrong is reported by its number."""

import os
import re
import shutil
import subprocess

import pytest

import harness
import stub
from harness import needs

pytestmark = [needs("SMP"), needs("SHELL")]
probed = needs("KTEST")
both = pytest.mark.parametrize("gic", [2, 3])
needs_fdtput = pytest.mark.skipif(not shutil.which("fdtput"), reason="no fdtput")


def counts(running):
    """{user of a line: its count on each CPU}."""
    rows = [re.fullmatch(r" *\d+:((?: +\d+)+) \S+ +\d+ \w+ +\w+ +(\S.*)", row)
            for row in running.shell("irq").splitlines()]
    return {row[2]: [int(number) for number in row[1].split()] for row in rows if row}


def online(log):
    """How many CPUs the log says there are."""
    return int((re.findall(r"smp: (\d+) CPUs", log) or ["1"])[0])


# ---- they come ----


@both
@pytest.mark.parametrize("smp", [1, 2, 4, 8])
def test_each_cpu_comes_and_has_counts_of_its_own(machine, gic, smp):
    running = machine(gic=gic, smp=smp)
    log = running.boot()
    assert f"GICv{gic}, " in log and online(log) == smp
    lines = counts(running)
    assert {len(line) for line in lines.values()} == {smp}
    assert lines["9000000.pl011"][0] > 0 and lines["9000000.pl011"][1:] == [0] * (smp - 1)
    running.send("poweroff\r")
    running.ended(status=0)


@probed
def test_ps_says_how_deep_the_idle_tasks_stacks_went(machine):
    running = machine(gic=3, smp=4)
    running.boot()
    rows = [row.split() for row in running.shell("ps").splitlines() if "swapper/" in row]
    assert [row[-1] for row in rows] == [f"swapper/{cpu}" for cpu in range(4)]
    for row in rows[1:]:  # that of the first is the boot's, which is not known here
        used, size = (int(number) for number in row[4].split("/"))
        assert 100 < used < size // 2


@probed
@both
def test_what_wakes_a_cpu_is_counted_there(machine, gic):
    running = machine(gic=gic, smp=4)
    running.boot()
    before = counts(running)["IPI reschedule"]
    running.shell("oncpu 2 version")
    after = counts(running)["IPI reschedule"]
    assert after[2] > before[2]


# ---- one goes wrong ----


def others(said):
    """{number of another CPU: what a panic says of it}."""
    parts = re.split(r"^\[.{12}\] CPU (\d+)(?=:| does)", said, flags=re.M)
    return {int(number): text for number, text in zip(parts[1::2], parts[2::2])}


@probed
@both
def test_a_panic_elsewhere_stops_all_and_tells_where_each_stood(machine, gic):
    running = machine(gic=gic, smp=4)
    said = running.stops_at("oncpu 1 panic")
    assert "Kernel panic: asked for by the shell" in said
    assert re.search(r"CPU: 1 \(4 online\) Task: on/1 ", said)
    stood = others(said)
    assert sorted(stood) == [0, 2, 3]
    for text in stood.values():
        assert re.match(r": Task: \S+ \(\d+\)\n", text), text
        assert re.search(r"ipi_handler\+.*\n(.*\n)*.*vector_irq\+.*\n.*\+0x", text), text
    assert said.rstrip().endswith("---[ end of the panic ]---")


@probed
def test_a_fault_elsewhere_is_a_panic_there(machine):
    said = machine(gic=3, smp=2).stops_at("oncpu 1 panic null")
    assert "at address 0" in said and "fault_null+" in said
    assert re.search(r"CPU: 1 \(2 online\) Task: on/1 ", said)
    assert sorted(others(said)) == [0]


@probed
@both
@pytest.mark.parametrize("irqs, stands", [("on", True), ("off", False)])
def test_a_cpu_that_never_yields_is_shown_if_it_answers(machine, gic, irqs, stands):
    running = machine(gic=gic, smp=2)
    running.boot()
    running.shell(f"keep 1 {irqs}")
    running.send("panic\r")
    said = others(running.stopped())[1]
    if stands:
        assert said.startswith(": Task: on/1 ") and "keep_on+" in said
    else:
        assert said.startswith(" does not answer\n")


@probed
@needs("FAULT_ISOLATION")
@both
def test_a_task_that_is_killed_elsewhere_leaves_its_cpu(machine, gic):
    running = machine(gic=gic, smp=2, append="panic_on_oops=0")
    running.boot()
    for _ in range(2):
        said = running.shell("oncpu 1 panic null")
        assert "fault_null+" in said and re.search(r"CPU: 1 \(2 online\) Task: on/1 ", said)
        assert "Kernel panic" not in said and "[-EFAULT]" in said
    assert "nocla" in running.shell("oncpu 1 version")


# ---- one does not come ----


@pytest.fixture
def tree(tmp_path):
    """tree(gic, smp, *changes): QEMU's own tree for that machine, changed by fdtput's words."""
    def make(gic, smp, *changes):
        dtb = str(tmp_path / f"gic{gic}-smp{smp}.dtb")
        description = harness.built(gic=gic, smp=smp)
        description["args"][1] += f",dumpdtb={dtb}"
        subprocess.run(harness.machine.command(description), check=True, capture_output=True)
        for words in changes:
            subprocess.run(["fdtput", *words[0].split(), dtb, *words[1:]], check=True)
        return dtb
    return make


PSCI_REFUSES = r"\[ARM\]arm_(get_cpu_by_id|set_cpu_on): .*"


def cpu_node(number, reg):
    """Changes of a tree: one CPU more."""
    node = f"/cpus/cpu@{number}"
    return [("-c", node), ("-t s", node, "device_type", "cpu"),
            ("-t s", node, "compatible", "arm,cortex-a15"),
            ("-t s", node, "enable-method", "psci"), ("-t u", node, "reg", str(reg))]


def goes_on(running, cpus):
    """The log of a boot that ends at a prompt that works, with so many CPUs."""
    log = running.boot()
    assert online(log) == cpus and "nocla" in running.shell("version")
    return log


@needs_fdtput
@both
def test_a_cpu_that_is_only_in_the_tree_is_left_out(machine, tree, gic):
    dtb = tree(gic, 2, *cpu_node(7, 7))
    log = goes_on(machine(gic=gic, smp=2, dtb=dtb, noise=PSCI_REFUSES), 2)
    assert re.search(r"smp: CPU \d \(7\) does not start: -EINVAL\n", log)


def kept(running):
    """(bytes in objects once what the boot frees later is freed, how many idle tasks)."""
    said = "".join(running.shell("mem") for _ in range(10))
    return (min(int(n) for n in re.findall(r"(\d+) bytes in objects", said)),
            len(re.findall(r"swapper/\d+", running.shell("ps"))))


@needs_fdtput
def test_cpus_that_are_not_started_keep_nothing(machine, tree):
    """A stack has an object, too; those of a few are kept for the next threads."""
    found = []
    for numbers in [[4, 5, 6, 7], [6, 7]]:
        changes = [change for number in numbers for change in cpu_node(number, number)]
        running = machine(gic=2, smp=2, dtb=tree(2, 2, *changes), noise=PSCI_REFUSES)
        assert goes_on(running, 2).count("does not start: -EINVAL") == len(numbers)
        found.append(kept(running))
    assert found[0] == found[1] and found[0][1] == 2


@needs_fdtput
@pytest.mark.parametrize("reg", [0, 1])
def test_a_cpu_that_is_twice_in_the_tree_comes_once(machine, tree, reg):
    """The one that boots, or another; fdtput puts the new node first."""
    dtb = tree(3, 2, *cpu_node(7, reg))
    log = goes_on(machine(gic=3, smp=2, dtb=dtb), 2)
    assert re.search(rf"smp: /cpus/cpu@\d is left out: reg {reg} is another's\n", log)
    assert "does not start" not in log


@needs_fdtput
def test_the_numbers_of_cpus_have_as_many_cells_as_the_tree_says(machine, tree):
    """Trees of 64-bit machines give two."""
    wide = [("-t u", "/cpus", "#address-cells", "2")]
    wide += [("-t u", f"/cpus/cpu@{n}", "reg", "0", str(n)) for n in range(3)]
    log = goes_on(machine(gic=3, smp=3, dtb=tree(3, 3, *wide)), 3)
    assert "left out" not in log


@needs_fdtput
@pytest.mark.parametrize("reg", [["1", "2"], ["16777216"], ["0", "16777217"]])
def test_a_cpu_whose_number_is_no_affinity_is_left_out(machine, tree, reg):
    cells = len(reg)
    changes = [("-t u", "/cpus", "#address-cells", str(cells))]
    changes += [("-t u", "/cpus/cpu@0", "reg", *(["0"] * cells)),
                ("-t u", "/cpus/cpu@1", "reg", *reg)]
    log = goes_on(machine(gic=2, smp=2, dtb=tree(2, 2, *changes)), 1)
    assert "smp: /cpus/cpu@1 is left out: its reg is no affinity\n" in log


@needs_fdtput
def test_a_cpu_without_a_number_is_left_out(machine, tree):
    log = goes_on(machine(gic=2, smp=2, dtb=tree(2, 2, ("-d", "/cpus/cpu@1", "reg"))), 1)
    assert "smp: /cpus/cpu@1 is left out: its reg is no affinity\n" in log


@needs_fdtput
def test_a_cpu_that_says_nothing_of_how_it_is_started_is_started_by_psci(machine, tree):
    dtb = tree(2, 2, ("-d", "/cpus/cpu@1", "enable-method"))
    goes_on(machine(gic=2, smp=2, dtb=dtb), 2)


@needs_fdtput
def test_a_cpu_that_is_started_in_another_way_is_left_out(machine, tree):
    dtb = tree(2, 3, ("-t s", "/cpus/cpu@1", "enable-method", "spin-table"))
    log = goes_on(machine(gic=2, smp=3, dtb=dtb), 2)
    assert "smp: /cpus/cpu@1 is left out: enable-method spin-table\n" in log


def test_more_cpus_than_the_kernel_is_for_are_left_out(machine):
    log = goes_on(machine(gic=3, smp=9), 8)
    assert "smp: the tree has 9 CPUs, this kernel is for 8\n" in log


@pytest.fixture
def held(machine):
    """held(cpu, smp, gic): the machine and its stub, with that CPU stopped at its first
    instruction and all others running."""
    path = f"/tmp/nocla-smp-{os.getpid()}.sock"
    opened = []

    def hold(cpu, smp, gic):
        words = ["-S", "-gdb", harness.machine.listening(path)]
        running = machine(gic=gic, smp=smp, extra=words)
        link = stub.Stub(path)
        opened.append(link)
        entry = stub.physical("secondary_start")
        link.stop_at(entry)
        link.go()
        while (came := link.stopped()) != cpu:
            link.step(came, entry)
            link.go()
        link.stop_at(entry, on=False)
        link.go(*(each for each in range(smp) if each != cpu))
        return running, link
    yield hold
    for link in opened:
        link.close()
    if os.path.exists(path):
        os.unlink(path)


@probed
@both
@pytest.mark.parametrize("cpu", [1, 2])
def test_a_cpu_that_was_told_to_start_and_does_not_come_is_left_out(held, gic, cpu):
    running, link = held(cpu, 3, gic)
    log = goes_on(running, 2)
    assert f"smp: CPU {cpu} ({cpu}) does not start: -ETIMEDOUT\n" in log
    other = 3 - cpu
    assert "nocla" in running.shell(f"oncpu {other} version")
    assert "-ENXIO" in running.shell(f"oncpu {cpu} version")
    # It comes after all, when nobody expects it: it finds out before it has done anything.
    link.stop()
    link.go()
    running.expect(f"smp: CPU {cpu} comes too late: it halts")
    assert "nocla" in running.shell(f"oncpu {other} version")
    assert "-ENXIO" in running.shell(f"oncpu {cpu} version")


@probed
@both
def test_lines_show_the_counts_of_the_cpus_that_came(held, gic):
    """CPU 1 did not: the second column is CPU 2's."""
    running, _ = held(1, 3, gic)
    goes_on(running, 2)
    running.shell("oncpu 2 version")
    _, second = counts(running)["IPI reschedule"]
    assert second > 0


@needs_fdtput
def test_a_cpu_that_the_tree_disables_is_not_started(machine, tree):
    dtb = tree(2, 3, ("-t s", "/cpus/cpu@1", "status", "disabled"))
    assert "does not start" not in goes_on(machine(gic=2, smp=3, dtb=dtb), 2)


@both
def test_without_psci_one_cpu_runs(machine, gic):
    """Where the kernel itself is the secure side there is no firmware."""
    log = goes_on(machine(gic=gic, smp=2, properties="secure=on"), 1)
    assert "smp: CPU 1 (1) does not start: -EOPNOTSUPP\n" in log


# ---- a GICv3's redistributors ----

GICV3 = "/intc@8000000"
DISTRIBUTOR = ["0", "0x8000000", "0", "0x10000"]
FRAMES = 0x80A0000  # two of 64 KiB for each CPU


def redistributors(*regions):
    """The change of a tree: [(first CPU, how many)] are the regions."""
    words = [f"{word:#x}" for first, count in regions
             for word in (0, FRAMES + first * 0x20000, 0, count * 0x20000)]
    return [("-t x", GICV3, "reg", *DISTRIBUTOR, *words),
            ("-t u", GICV3, "#redistributor-regions", str(len(regions)))]


@needs_fdtput
@pytest.mark.parametrize("regions", [[(0, 1), (1, 3)], [(2, 2), (1, 1), (0, 1)]])
def test_redistributors_are_in_several_regions(machine, tree, regions):
    goes_on(machine(gic=3, smp=4, dtb=tree(3, 4, *redistributors(*regions))), 4)


@needs_fdtput
def test_redistributors_are_as_far_apart_as_the_tree_says(machine, tree):
    """Twice as far: each other one is found."""
    changes = [*redistributors((0, 4)), ("-t x", GICV3, "redistributor-stride", "0", "0x40000")]
    log = goes_on(machine(gic=3, smp=4, dtb=tree(3, 4, *changes)), 2)
    assert re.findall(r"gic: CPU (\d): no redistributor is for (\d)\n", log) == [
        ("1", "1"), ("3", "3")]


@needs_fdtput
def test_a_cpu_without_a_redistributor_is_left_out(machine, tree):
    log = goes_on(machine(gic=3, smp=3, dtb=tree(3, 3, *redistributors((0, 2)))), 2)
    assert "gic: CPU 2: no redistributor is for 2\n" in log
    assert "smp: CPU 2: GICv3 failed: -ENXIO\n" in log
    assert "smp: CPU 2 (2) does not start: -ENXIO\n" in log


@needs_fdtput
@pytest.mark.parametrize("change, why", [
    (("-t x", GICV3, "reg", "0", "0x8000000", "0", "0x1000", "0", "0x80a0000", "0", "0x20000"),
     "irqchip: /intc@8000000: -ENXIO"),
    (("-t x", GICV3, "reg", *DISTRIBUTOR), "irqchip: /intc@8000000: -EINVAL"),
    (("-t x", GICV3, "redistributor-stride", "0", "0x1000"), "irqchip: /intc@8000000: -EINVAL"),
    (("-t u", GICV3, "#redistributor-regions", "0"), "irqchip: /intc@8000000: -EINVAL"),
])
def test_a_tree_that_is_wrong_about_the_gic_is_told(machine, tree, change, why):
    running = machine(gic=3, smp=1, dtb=tree(3, 1, change))
    running.expect(re.escape(why))
