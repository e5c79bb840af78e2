#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Check what the objects of a build use of each other, and what nobody uses.

checksyms.py [--tree TREE] objects OBJ [--nm NM]
    What <hal/...> and the like are for includes, this is for the linker: an object refers to
    what its layer may see, by a name that a public header declares. Each exception has its
    reason in ALLOWED. A function that is not static and that no other file uses is reported
    too, unless UNUSED says why it is there.
"""

import argparse
import fnmatch
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import checklayers  # noqa: E402

# Whose objects a folder's objects may refer to.
SEES = {
    "boot": ("boot", "hal"),
    "hal": ("lib", "hal"),
    "lib": ("lib",),
    "kernel": ("lib", "hal", "kernel"),
    "drivers": ("lib", "kernel", "drivers"),
    "fs": ("lib", "kernel", "drivers", "fs", "net"),
    "net": ("lib", "kernel", "drivers", "fs", "net"),
    "shell": ("lib", "kernel", "drivers", "fs", "net", "shell"),
    "samples": ("lib", "kernel", "drivers", "fs", "net"),
}

# user's path, symbol, reason. What fits none of these is a violation.
ALLOWED = (
    ("*", "__aeabi_*", "the compiler's own calls"),
    ("*", "__popcountsi2", "the compiler's own calls"),
    ("*", "__table_*_start", "a table that the linker gathers"),
    ("*", "__table_*_end", "a table that the linker gathers"),
    ("*", "mem*", "the C library's"),
    ("*", "str*", "the C library's"),
    ("*", "__stack_chk_*", "the compiler's own calls"),
    ("*", "__ubsan_*", "the compiler's own calls"),
    ("*", "hal_spin_wait", "where the code goes that takes a spin lock of somebody's"),
    ("boot/*", "_*", "the linker script's"),
    ("boot/*", "hal_boot", "where boot leaves assembly"),
    ("boot/*", "vectors", "what boot tells the CPU"),
    ("boot/*", "kernel_l1", "what boot fills before there is C"),
    ("boot/*", "hal_secondary", "what another processor takes up"),
    ("hal/*", "secondary_start", "where another processor comes in"),
    ("hal/*", "enable_mmu", "where it must find itself mapped"),
    ("hal/*", "_*", "the linker script's"),
    ("kernel/*", "_*", "the linker script's"),
    ("hal/*", "main", "an upcall: the kernel's entry"),
    ("hal/*", "handle_*", "upcalls: faults and interrupts"),
    ("hal/*", "spin_wait", "an upcall: the wait for a spin lock"),
    ("lib/*", "sprintf_*", "upcalls: what %pS, %pR and %pOF must know"),
    ("lib/*", "__rb_is_*", "upcalls: a node that is not in its tree, or is in another"),
    ("kernel/mm/*", "debug_dma_may_free", "an upcall: memory that a device has is not freed"),
    ("lib/*", "refcount_report", "an upcall: a count that went wrong"),
    ("kernel/ksyms.o", "ksyms_*", "the table that is made from the first link"),
    ("drivers/clocksource/arch_timer.o", "arch_timer_*", "the part is the CPU's own timer"),
    ("drivers/firmware/psci.o", "psci_set_conduit", "the part is the machine's firmware"),
    ("drivers/tty/earlycon.o", "hal_early_io", "prints before registers can be mapped"),
    ("drivers/tty/earlycon.o", "hal_semihost_putc", "the outlet that needs no UART"),
    ("shell/*", "shell_*", "commands among themselves"),
    ("samples/*", "shell_*", "a sample may add a command"),
)

# Never by these, public or not: memory below the allocators that give it back.
FORBIDDEN = {
    "drivers": ("__get_free_pages", "free_pages", "vmap_*", "mm_init", "page_*"),
    "shell": ("__get_free_pages", "free_pages", "vmap_*", "mm_init", "page_*"),
    "samples": ("__get_free_pages", "free_pages", "vmap_*", "mm_init", "page_*"),
}

# Used by nobody in the tree, for a reason.
UNUSED = {
    "called by what the compiler makes": ("__aeabi_unwind_cpp_pr*",),
    "Linux's, for drivers that move": (
        "of_bus_n_size_cells", "of_clk_get", "dev_set_name_va", "devm_kvasprintf",
        "irq_create_of_mapping", "of_irq_get_byname", "of_get_next_parent",
        "platform_device_add_data", "platform_device_add_resources", "platform_device_del",
        "platform_device_register", "platform_get_irq_byname_optional", "gpiochip_get_data",
        "gpiod_set_raw_value_cansleep", "gpiod_get_raw_array_value_cansleep",
        "gpiod_set_array_value_cansleep", "gpiod_set_raw_array_value",
        "led_set_brightness_sync", "led_classdev_register", "led_classdev_unregister",
        "gpiochip_lock_as_irq", "gpiochip_unlock_as_irq",
        "fwnode_gpiod_get_index",
        "of_platform_device_destroy",
        "wait_for_completion_interruptible", "wait_for_completion_interruptible_timeout",
        "wait_for_completion_killable", "wait_for_completion_killable_timeout",
        "handle_percpu_irq", "irq_chip_ack_parent", "irq_chip_disable_parent",
        "irq_chip_enable_parent", "irq_chip_get_parent_state", "irq_chip_mask_ack_parent",
        "irq_chip_release_resources_parent", "irq_chip_request_resources_parent",
        "irq_chip_set_affinity_parent", "irq_chip_set_parent_state", "irq_chip_set_type_parent",
        "irq_get_handler_data", "irq_set_chained_handler", "irq_set_chip_and_handler_name",
        "irq_set_chip_handler_name_locked", "irq_domain_free_irqs_parent",
        "irq_domain_reset_irq_data", "irq_domain_translate_onecell",
        "irq_domain_translate_twocell", "irq_find_matching_fwspec",
        "synchronize_irq", "dump_stack", "emergency_restart", "kernel_halt",
        "orderly_reboot", "unregister_reboot_notifier", "schedule_timeout_idle",
        "schedule_timeout_killable", "fsleep", "jiffies_to_nsecs", "ssleep",
        "prepare_to_wait_event", "device_shutdown", "vprintk",
        "add_bootloader_randomness", "get_random_u8", "get_random_u16",
        "param_get_*", "param_set_*"),
    "a label that a backtrace shows": ("write_actlr*",),
    "for checkers and parameters": ("fault_for_each_group*", "stack_trace_*", "show_backtrace*",
                                    "boot_command_line*"),
}

def place(path):
    """(layer, part): the part of drivers/x/y.o is x unless that is a class, else None."""
    parts = path.split("/")
    if parts[0] == "drivers" and len(parts) > 2 and parts[1] not in checklayers.CLASSES:
        return parts[0], parts[1]
    return parts[0], None


def symbols(folder, nm):
    """{object: (defined, used)} of the objects below a folder, tests included."""
    objects = sorted(os.path.relpath(os.path.join(at, name), folder)
                     for at, _, names in os.walk(folder) for name in names
                     if name.endswith(".o"))
    found = {name: (set(), set()) for name in objects}
    if not objects:
        return found
    done = subprocess.run([nm, "-A", *(os.path.join(folder, name) for name in objects)],
                          capture_output=True, text=True, check=True)
    for line in done.stdout.splitlines():
        path, rest = line.rsplit(":", 1)
        kind, name = rest.split()[-2:]
        defined, used = found[os.path.relpath(path, folder)]
        if kind in "Uwv":
            used.add(name)
        elif kind.isupper():
            defined.add(name)
    return found


def allowed(user, name):
    return any(fnmatch.fnmatchcase(user, path) and fnmatch.fnmatchcase(name, symbol)
               for path, symbol, _ in ALLOWED)


def judge_use(user, name, owner, public):
    """Why user may not refer to name, which owner defines (None: nobody here)."""
    layer, part = place(user)
    if any(fnmatch.fnmatchcase(name, pattern) for pattern in FORBIDDEN.get(layer, ())):
        return "is memory below the allocators"
    if allowed(user, name):
        return None
    if owner is None:
        return "is defined nowhere in the tree"
    owner_layer, owner_part = place(owner)
    if owner_layer not in SEES[layer]:
        return f"is {owner_layer}'s"
    if owner_part and owner_part != part:
        return f"is the driver {owner_part}'s"
    if os.path.dirname(owner) != os.path.dirname(user) and name not in public:
        return f"is private to {os.path.dirname(owner)}/: no public header declares it"
    return None


def check_objects(folder, tree, nm):
    found = symbols(folder, nm)
    kernel = {name: value for name, value in found.items() if place(name)[0] in SEES}
    owners = {name: path for path, (defined, _) in found.items() for name in defined}
    texts = {path: checklayers.read(os.path.join(tree, path))
             for path in checklayers.sources(tree)}
    public = set()
    for path, text in texts.items():
        if checklayers.place(path)[2]:
            public |= checklayers.declared(text)
    faults = []
    for user, (_, used) in kernel.items():
        for name in sorted(used):
            fault = judge_use(user, name, owners.get(name), public)
            if fault:
                faults.append(f"{user}: {name} {fault}")
    return faults + unused(kernel, found, texts), len(kernel)


def unused(kernel, found, texts):
    """What no other object refers to and no other file names."""
    referred = set().union(*(used for _, used in found.values())) if found else set()
    words = {path: re.findall(r"\w+", text) for path, text in texts.items()}
    counts = {}
    for path, list_of_words in words.items():
        for word in list_of_words:
            counts.setdefault(word, {}).setdefault(path, 0)
            counts[word][path] += 1
    reasons = [name for names in UNUSED.values() for name in names]
    faults, there = [], set().union(*(defined for defined, _ in kernel.values()))
    for path, (defined, _) in kernel.items():
        source = os.path.splitext(path)[0]
        for name in sorted(defined - referred):
            where = {file: n for file, n in counts.get(name, {}).items()
                     if os.path.splitext(file)[0] != source}
            # Once in a header is its declaration.
            if any(n > 1 or not file.endswith(".h") for file, n in where.items()):
                continue
            if not any(fnmatch.fnmatchcase(name, entry) for entry in reasons):
                faults.append(f"{path}: {name} is used by no other file: static, or gone")
    return faults + [f"UNUSED has {entry}, which is gone" for entry in reasons
                     if not fnmatch.filter(there, entry)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tree", default=".")
    commands = parser.add_subparsers(dest="command", required=True)
    objects = commands.add_parser("objects")
    objects.add_argument("folder")
    objects.add_argument("--nm", default="arm-none-eabi-nm")
    args = parser.parse_args()
    faults, count = check_objects(args.folder, args.tree, args.nm)
    print(*faults, sep="\n", end="\n" if faults else "")
    print(f"{args.command}: {count} looked at, {len(faults)} faults")
    return 1 if faults or not count else 0


if __name__ == "__main__":
    sys.exit(main())
