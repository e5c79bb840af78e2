/* SPDX-License-Identifier: MIT */
/*
 * Switching the machine off and starting it anew.
 *
 * On the way: the reboot notifiers, the highest priority first (drivers/base
 * shuts the devices down in the last of them), then the console says its last
 * words, then firmware ends the machine.
 */
#ifndef KERNEL_REBOOT_H
#define KERNEL_REBOOT_H

#include <kernel/notifier.h>
#include <lib/compiler-context-analysis.h>
#include <lib/compiler.h>
#include <lib/types.h>

/* What a notifier is told; its data is the command of kernel_restart(), or NULL. */
enum {
	SYS_RESTART = 1,
	SYS_HALT = 2,
	SYS_POWER_OFF = 3,
};

/* The notifier's function may sleep. Context: task; may sleep. Return: 0. */
int register_reboot_notifier(struct notifier_block *nb) __may_sleep;
/* Context: task; may sleep. Return: 0; -ENOENT if it was not registered. */
int unregister_reboot_notifier(struct notifier_block *nb) __may_sleep;

/* The exit status of an emulator is 0. Context: task; may sleep. */
void kernel_power_off(void) __noreturn __may_sleep;
void kernel_restart(char *cmd) __noreturn __may_sleep;
void kernel_halt(void) __noreturn __may_sleep;

/*
 * Asks for kernel_power_off() or kernel_restart() from a work item, once: what
 * comes after the first is ignored. `force` is for Linux's signature; nothing
 * here can fail. Context: any.
 */
void orderly_poweroff(bool force);
void orderly_reboot(void);

/* Resets at once, without telling anybody. Context: any. */
void emergency_restart(void) __noreturn;

#endif
