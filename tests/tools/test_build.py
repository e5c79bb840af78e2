# SPDX-License-Identifier: MIT
"""The Makefile, on a small tree: what is made anew, in which order, and what is refused."""

import os
import shutil
import subprocess
import time

import pytest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LIMIT = 60  # seconds before something is a hang

TREE = {
    "mk/files.mk": "obj-y += kernel/main.o\nobj-y += hal/unwind.o\nobj-y += drivers/part.o\n"
                   "obj-$(CONFIG_KTEST) += tests/unit/suite.o\n",
    "linker.ld": "SECTIONS { . = 0x40100000; .text : { KEEP(*(.text.start)) *(.text*) }"
                 " .rodata : { *(.rodata*) } .ksyms : { KEEP(*(.ksyms)) } .data : { *(.data*) }"
                 " /DISCARD/ : { *(.ARM.*) } }\n",
    "include/kernel/main.h": "int part(long long value);\nint start(void);\n",
    "include/kernel/ksyms.h": "#include <stdint.h>\ntypedef uint16_t u16;\ntypedef uint32_t u32;\n",
    "hal/unwind.c": "".join(f"void __aeabi_unwind_cpp_pr{n}(void);\n"
                            f"void __aeabi_unwind_cpp_pr{n}(void)\n{{\n}}\n" for n in range(3)),
    "kernel/main.c": "#include <kernel/main.h>\n"
                     "__attribute__((used)) int start(void)\n{\n\treturn part(0);\n}\n",
    "drivers/part.c": "#include <kernel/main.h>\n"
                      "int part(long long value)\n{\n\tint low = value;\n\treturn low;\n}\n",
    "tests/unit/suite.c": "extern const int suite;\nconst int suite = 1;\n",
    "samples/button/button.dtsi": "/ { };\n",
}


@pytest.fixture
def tree(tmp_path):
    for name in ("Makefile", "Kconfig", "mk", "tools", "configs", "kernel/Kconfig",
                 "drivers/Kconfig"):
        to = tmp_path / name
        to.parent.mkdir(exist_ok=True)
        copy = shutil.copytree if os.path.isdir(os.path.join(TOP, name)) else shutil.copy
        copy(os.path.join(TOP, name), to)
    for name, text in TREE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def make(tree, *words):
    return subprocess.run(["make", "-C", tree, *words], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=LIMIT)


def made(tree, *words):
    """What a make that succeeds in silence says it has made."""
    done = make(tree, *words)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    return [line for line in done.stdout.splitlines() if not line.startswith("make")]


EM_ARM = 40


def elf_machine(path):
    """e_machine of the ELF header."""
    return int.from_bytes(path.read_bytes()[18:20], "little")


def edit(path, text):
    """Writes a file whose time differs from that of anything made so far."""
    time.sleep(0.02)
    path.write_text(text)


HOSTPROG = ["HOSTCC tools/mksyms/main.c", "HOSTCC tools/mksyms/symbols.c",
            "HOSTCC tools/mksyms/table.c", "HOSTLD build/bin/mksyms"]
EVERYTHING = {"CC kernel/main.c", "CC hal/unwind.c", "CC drivers/part.c", "CC tests/unit/suite.c",
              "LDS build/linker.lds", "LD build/nocla.elf", "IMG build/nocla.img"}
LINK = ["LD build/nocla.elf", "IMG build/nocla.img"]


def test_what_is_made_is_made_once(tree):
    assert set(made(tree, "-j2")) == EVERYTHING | set(HOSTPROG)
    assert made(tree) == []


def test_an_edited_source_and_header(tree):
    made(tree)
    edit(tree / "tests/unit/suite.c", TREE["tests/unit/suite.c"])
    assert made(tree) == ["CC tests/unit/suite.c", *LINK]
    edit(tree / "include/kernel/main.h", TREE["include/kernel/main.h"])
    assert made(tree) == ["CC kernel/main.c", "CC drivers/part.c", *LINK]


def test_changed_flags(tree):
    made(tree)
    assert set(made(tree, "OPT_CFLAGS=-O1")) == EVERYTHING
    assert set(made(tree)) == EVERYTHING


def test_an_edited_program_of_the_build_is_a_new_table(tree):
    made(tree)
    program = tree / "tools/mksyms"
    edit(program / "table.c", (program / "table.c").read_text())
    assert made(tree) == ["HOSTCC tools/mksyms/table.c", "HOSTLD build/bin/mksyms", *LINK]
    edit(program / "mksyms.h", (program / "mksyms.h").read_text())
    assert made(tree) == [*HOSTPROG, *LINK]
    edit(program / "new.c", "extern const int of_no_use;\nconst int of_no_use = 1;\n")
    assert made(tree) == ["HOSTCC tools/mksyms/new.c", "HOSTLD build/bin/mksyms", *LINK]
    (program / "new.c").unlink()
    assert made(tree) == ["HOSTLD build/bin/mksyms", *LINK]
    assert made(tree) == []


def test_programs_of_the_build_have_their_own_compiler_and_flags(tree):
    made(tree)
    assert made(tree, "HOST_CC=gcc -O2") == [*HOSTPROG, *LINK]
    commands = made(tree, "-B", "V=1", "HOST_CC=gcc -DFOR_THE_HOST",
                    "OPT_CFLAGS=-O1 -DFOR_THE_MACHINE")
    host = [line for line in commands if "FOR_THE_HOST" in line]
    assert len(host) == len(HOSTPROG)
    assert not any("FOR_THE_MACHINE" in line or "-I" in line or "config.h" in line for line in host)
    assert sum("FOR_THE_MACHINE" in line for line in commands) > 4


def test_objects_for_the_host_and_the_machine_are_apart(tree):
    made(tree)
    machines = {folder: {elf_machine(path) for path in (tree / "build" / folder).rglob("*.o")}
                for folder in ("tools", "obj")}
    assert machines == {"tools": {elf_machine(tree / "build/bin/mksyms")}, "obj": {EM_ARM}}
    assert "tools/mksyms" not in (tree / "build/nocla.elf.map").read_text()


@pytest.mark.parametrize("include", ["<kernel/main.h>", "<config.h>", '"kernel/main.h"'])
def test_a_program_of_the_build_does_not_see_the_kernel(tree, include):
    source = tree / "tools/mksyms/table.c"
    edit(source, f"#include {include}\n" + source.read_text())
    done = make(tree)
    assert done.returncode == 2
    assert f"fatal error: {include[1:-1]}: No such file" in done.stderr
    assert not (tree / "build/nocla.elf").exists()


def test_an_option_that_takes_a_file_out(tree):
    made(tree)
    config = tree / "build/.config"
    edit(config, config.read_text().replace("CONFIG_KTEST=y", "# CONFIG_KTEST is not set"))
    assert "LD build/nocla.elf" in made(tree)
    assert "suite.o" not in (tree / "build/parts").read_text()
    assert made(tree) == []


OPTIONS = {
    "include/kernel/option.h": "#define CPUS CONFIG_NR_CPUS\n#include <kernel/deeper.h>\n",
    "include/kernel/deeper.h": "#if !defined(CONFIG_TASK_CPU_TIME)\n#define NONE 1\n#endif\n",
    "kernel/main.c": "#include <kernel/option.h>\n" + TREE["kernel/main.c"],
    "drivers/part.c": TREE["drivers/part.c"] +
                      'extern const char *text;\nconst char *text = "/*";\n'
                      "extern unsigned long place;\n"
                      "unsigned long place = CONFIG_DTB_FALLBACK_ADDR;\n"
                      "/* CONFIG_LOG_BUF_SHIFT */\n",
    "tests/unit/suite.c": TREE["tests/unit/suite.c"] +
                          "#define IS_ON(x) IS_ON_(CONFIG_##x)\n#define IS_ON_(x) x\n",
    "linker.ld": TREE["linker.ld"].replace("0x40100000",
                                           "0x40000000 + CONFIG_LOG_BUF_SHIFT * 0x1000"),
}
PASTES = "CC tests/unit/suite.c"      # which option it names cannot be seen


@pytest.fixture
def options(tree):
    """change(old, new) edits the configuration of the tree, which has been built."""
    for name, text in OPTIONS.items():
        (tree / name).write_text(text)
    made(tree)

    def change(old, new):
        config = tree / "build/.config"
        assert config.read_text().count(f"{old}\n") == 1
        edit(config, config.read_text().replace(f"{old}\n", f"{new}\n"))
    return change


@pytest.mark.parametrize("old, new, named", [
    ("CONFIG_DTB_FALLBACK_ADDR=0x40000000", "CONFIG_DTB_FALLBACK_ADDR=0x0", ["CC drivers/part.c"]),
    ("CONFIG_NR_CPUS=8", "CONFIG_NR_CPUS=4", ["CC kernel/main.c"]),
    ("CONFIG_TASK_CPU_TIME=y", "# CONFIG_TASK_CPU_TIME is not set", ["CC kernel/main.c"]),
    ("CONFIG_LOG_BUF_SHIFT=14", "CONFIG_LOG_BUF_SHIFT=13", ["LDS build/linker.lds"]),
    ("CONFIG_SAMPLE_MINIMAL=y", "# CONFIG_SAMPLE_MINIMAL is not set", []),
])
def test_an_option_is_compiled_anew_where_it_is_named(tree, options, old, new, named):
    options(old, new)
    assert set(made(tree)) == {*named, PASTES, *LINK}
    assert made(tree) == []
    options(new, old)
    assert set(made(tree)) == {*named, PASTES, *LINK}


def test_an_option_that_no_file_names_is_no_compilation(tree, options):
    edit(tree / "tests/unit/suite.c", TREE["tests/unit/suite.c"])
    made(tree)
    options("CONFIG_SAMPLE_MINIMAL=y", "# CONFIG_SAMPLE_MINIMAL is not set")
    assert made(tree) == []


def test_an_option_that_a_header_has_come_to_name_is_not_missed(tree, options):
    edit(tree / "include/kernel/main.h", TREE["include/kernel/main.h"] +
         "#ifdef CONFIG_SAMPLE_MINIMAL\n#endif\n")
    made(tree)
    options("CONFIG_SAMPLE_MINIMAL=y", "# CONFIG_SAMPLE_MINIMAL is not set")
    assert set(made(tree)) == {"CC kernel/main.c", "CC drivers/part.c", PASTES, *LINK}


def test_an_option_is_not_missed_in_a_folder_that_is_named_with_a_slash(tree, options):
    made(tree, "O=build/")
    options("CONFIG_NR_CPUS=8", "CONFIG_NR_CPUS=4")
    assert "CC kernel/main.c" in made(tree, "O=build/")


def test_an_object_that_nothing_tells_of_is_compiled_anew(tree, options):
    (tree / "build/obj/drivers/part.d").unlink()
    options("CONFIG_NR_CPUS=8", "CONFIG_NR_CPUS=4")
    assert "CC drivers/part.c" in made(tree)


def test_options_that_change_one_by_one_before_a_build_add_up(tree, options):
    options("CONFIG_DTB_FALLBACK_ADDR=0x40000000", "CONFIG_DTB_FALLBACK_ADDR=0x0")
    made(tree, "build/config.h")
    options("CONFIG_NR_CPUS=8", "CONFIG_NR_CPUS=4")
    made(tree, "build/config.h")
    assert set(made(tree)) == {"CC kernel/main.c", "CC drivers/part.c", PASTES, *LINK}


def test_an_option_of_the_command_line_is_all_compiled_anew(tree, options):
    options("CONFIG_OPTIMIZE_SIZE=y", "# CONFIG_OPTIMIZE_SIZE is not set")
    options("# CONFIG_OPTIMIZE_SPEED is not set", "CONFIG_OPTIMIZE_SPEED=y")
    assert set(made(tree)) == EVERYTHING


def test_an_option_leaves_a_build_in_a_folder_below_alone(tree, options):
    made(tree, "CONFIG=min")
    options("CONFIG_NR_CPUS=8", "CONFIG_NR_CPUS=4")
    made(tree)
    assert made(tree, "CONFIG=min") == []


def test_a_file_less_in_the_list_is_a_new_link(tree):
    made(tree)
    edit(tree / "mk/files.mk", TREE["mk/files.mk"].replace("obj-$(CONFIG_KTEST)", "obj-none"))
    assert made(tree) == LINK


def test_a_broken_configuration_stops_the_build(tree):
    made(tree)
    config = tree / "build/.config"
    edit(config, config.read_text().replace("CONFIG_KTEST=y", "CONFIG_KTEST=maybe"))
    done = make(tree)
    assert done.returncode == 2 and "CONFIG_KTEST=maybe" in done.stderr
    assert not (tree / "build/config.h").exists()


def test_a_lost_output_of_the_configuration_comes_back(tree):
    made(tree)
    (tree / "build/config.h").unlink()
    assert set(made(tree)) == EVERYTHING
    assert made(tree) == []


def test_configurations_do_not_disturb_each_other(tree):
    made(tree)
    made(tree, "CONFIG=min")
    assert made(tree) == [] and made(tree, "CONFIG=min") == []
    sizes = [(tree / folder / "nocla.elf").stat().st_size for folder in ("build", "build/min")]
    assert sizes[0] > sizes[1]


def test_drivers_may_convert_and_the_kernel_may_not(tree):
    text = TREE["drivers/part.c"].replace("part", "own")
    edit(tree / "kernel/main.c", f"int own(long long value);\n{text}{TREE['kernel/main.c']}")
    done = make(tree)
    assert done.returncode == 2 and "-Werror=conversion" in done.stderr
    assert "drivers/part.c" not in done.stderr


def test_a_driver_on_the_way_of_an_interrupts_number_may_not(tree):
    (tree / "drivers/gic").mkdir()
    (tree / "drivers/part.c").rename(tree / "drivers/gic/part.c")
    files = tree / "mk/files.mk"
    edit(files, files.read_text().replace("drivers/part.o", "drivers/gic/part.o"))
    done = make(tree)
    assert done.returncode == 2 and "-Werror=conversion" in done.stderr


def test_the_table_names_every_function_of_the_final_image(tree):
    made(tree)
    symbols = subprocess.run(["arm-none-eabi-nm", "-S", tree / "build/nocla.elf"], check=True,
                             capture_output=True, text=True).stdout
    for name in ("ksyms_count", "ksyms_base", "ksyms_offset", "ksyms_name", "ksyms_strings"):
        assert f" {name}\n" in symbols
    strings = (tree / "build/nocla.img").read_bytes()
    assert b"start\0" in strings and b"part\0" in strings


def test_code_behind_the_table_is_noticed(tree):
    script = TREE["linker.ld"].replace(" .ksyms : { KEEP(*(.ksyms)) }", "")
    edit(tree / "linker.ld", script.replace(".text : {", ".ksyms : { KEEP(*(.ksyms)) } .text : {"))
    done = make(tree)
    assert done.returncode == 2 and "functions moved between the links" in done.stderr
    assert not (tree / "build/nocla.elf").exists()


@pytest.mark.parametrize("words", [("clean", "all"), ("setup", "all"), ("all", "setup"),
                                   ("setup", "setup-check", "defconfig", "all")])
def test_what_comes_first_ends_first(tree, words):
    """tools/setup is slow here, and the build needs what it makes."""
    made(tree)
    (tree / "tools/setup").write_text("#!/bin/sh\nsleep 0.2\necho '/* new */' >include/new.h\n")
    if "clean" not in words:
        edit(tree / "kernel/main.c", "#include <new.h>\n" + TREE["kernel/main.c"])
    said = made(tree, "-j4", *words)
    assert said[-2:] == LINK


def test_a_missing_tool_is_named_in_one_line(tree):
    done = make(tree, "CROSS_COMPILE=none-")
    line, = done.stderr.splitlines()
    assert done.returncode == 2 and "none-gcc is missing: run `make setup`" in line
    assert made(tree, "CROSS_COMPILE=none-", "help") != []


def test_an_unknown_configuration_is_named(tree):
    done = make(tree, "CONFIG=huge")
    assert done.returncode == 2 and "configs/huge_defconfig" in done.stderr


@pytest.mark.parametrize("name", ["bogus", "undefined,address", "undefined bogus"])
def test_an_unknown_sanitizer_is_named(tree, name):
    done = make(tree, f"SAN={name}")
    line, = done.stderr.splitlines()
    assert done.returncode == 2
    assert f"SAN={name}: no such sanitizer, known: undefined" in line


def test_a_sanitizer_has_a_build_folder_of_its_own(tree):
    made(tree, "V=1", "SAN=undefined", "build/virt-undefined/obj/drivers/part.o")
    assert os.listdir(tree / "build") == ["virt-undefined"]
    with open(tree / "build/virt-undefined/config.h", encoding="utf-8") as config:
        assert "#define CONFIG_UBSAN 1\n" in config.readlines()


@pytest.mark.parametrize("words, why", [
    (["SUITE=", "CASE=adds"], "CASE=adds: of which suite? Add SUITE=x"),
    (["SUITE=host-list", "FAULT=sweep"],
     "FAULT=sweep: that is for suites of the kernel, SUITE=host-list is none"),
    (["SUITE=tests/tools", "CASE=x", "SHUFFLE=7"],
     "CASE=x SHUFFLE=7: that is for suites of the kernel, SUITE=tests/tools is none"),
    (["SUITE=list", "CONFIG=release"], "CONFIG=release has no suites: CONFIG_KTEST is off"),
])
def test_what_would_be_left_out_of_a_test_run_is_refused(tree, words, why):
    (tree / "tests/host").mkdir()
    (tree / "tests/host/test_list.c").write_text("")
    done = make(tree, "test", *words)
    line, = done.stderr.splitlines()
    assert done.returncode == 2 and why in line


@pytest.mark.parametrize("words", [["SUITE=mm"], ["SAN=undefined", "SUITE=mm"], ["CONFIG=up"]])
def test_a_suite_is_the_first_that_is_made(tree, words):
    """Nothing is configured yet: a dry run gets as far as the missing kernel."""
    done = make(tree, "-n", "test", "FAULT=sweep", *words)
    assert "/nocla.elf is missing" in done.stderr, done.stderr


def test_a_gic_without_a_driver_is_refused_by_name(tree):
    done = make(tree, "run", "GIC=4")
    assert done.returncode == 2
    assert "GIC=4: no version that there is a driver for" in done.stderr


def test_clean_keeps_the_configuration(tree):
    made(tree)
    made(tree, "clean")
    assert os.listdir(tree / "build") == [".config"]
    made(tree, "distclean")
    assert not (tree / "build").exists()
