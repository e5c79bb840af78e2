/* SPDX-License-Identifier: MIT */
/*
 * The stack protector (CONFIG_STACKPROTECTOR): between the arrays of a
 * function and its return address lies a word, the canary, that the function
 * looks at before it returns. An overrun that comes as far as the address has
 * changed it: the kernel panics, naming the function.
 */
#ifndef KERNEL_STACKPROTECTOR_H
#define KERNEL_STACKPROTECTOR_H

#include <lib/fdt.h>

/* What the compiler compares with. [I] after the start of main() */
extern unsigned long __stack_chk_guard;

/*
 * A canary for this boot, out of what the boot loader put into /chosen for the purpose
 * (rng-seed, kaslr-seed; NULL: there is no tree) and of the counter. Without a seed it is as
 * hard to guess as the time since reset. Its lowest byte, the first in memory, is 0, so that a
 * string ends there. Early boot.
 */
unsigned long stack_canary(const struct device_node *root);

#endif
