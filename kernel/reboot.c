/* SPDX-License-Identifier: MIT */
/*
 * The ways down. All end in firmware (PSCI); without it power-off still ends an
 * emulator by semihosting, and what is left is a halt.
 *
 * Locking: chain_lock for the list of notifiers; transition_lock is taken by
 * who goes down first, and never given back.
 */
#include <kernel/reboot.h>

#include <hal/cpu.h>
#include <hal/irqflags.h>
#include <hal/psci.h>
#include <hal/semihost.h>
#include <kernel/console.h>
#include <kernel/debugobjects.h>
#include <kernel/mutex.h>
#include <kernel/printk.h>
#include <kernel/workqueue.h>
#include <lib/errno.h>
#include <lib/kconfig.h>

static DEFINE_MUTEX(chain_lock);
/* [chain_lock] by falling priority */
static struct notifier_block *chain __guarded_by(&chain_lock);
static DEFINE_MUTEX(transition_lock);

static const void *notifier_hint(const void *nb)
{
	return (const void *)((const struct notifier_block *)nb)->notifier_call;
}

static const struct debug_obj_descr notifier_debug_descr __debug_obj_descr = {
	.name = "notifier_block",
	.live = "registered",
	.offset = offsetof(struct notifier_block, debug),
	.hint = notifier_hint,
	.needs_no_init = true,
};

int register_reboot_notifier(struct notifier_block *nb)
{
	struct notifier_block **link = &chain;

	guard(mutex)(&chain_lock);
	/* Twice in the list is a list without an end. */
	if (!debug_object_activate(&nb->debug, &notifier_debug_descr))
		return -EEXIST;
	while (*link && (*link)->priority >= nb->priority)
		link = &(*link)->next;
	nb->next = *link;
	*link = nb;
	return 0;
}

int unregister_reboot_notifier(struct notifier_block *nb)
{
	struct notifier_block **link = &chain;

	guard(mutex)(&chain_lock);
	while (*link && *link != nb)
		link = &(*link)->next;
	if (!*link)
		return -ENOENT;
	*link = nb->next;
	debug_object_deactivate(&nb->debug, &notifier_debug_descr);
	return 0;
}

static void call_chain(unsigned long action, void *data)
{
	guard(mutex)(&chain_lock);
	for (struct notifier_block *nb = chain; nb; nb = nb->next)
		if (nb->notifier_call(nb, action, data) & NOTIFY_STOP_MASK)
			return;
}

/* For good: there is no way back. */
static void prepare(unsigned long action, void *data, const char *words)
	__acquires(&transition_lock, role_irqs_off)
{
	mutex_lock(&transition_lock);
	call_chain(action, data);
	pr_emerg("reboot: %s\n", words);
	if (console_sync())
		pr_emerg("reboot: the console is stuck\n");
	local_irq_disable();
}

static void __noreturn halt_without_firmware(const char *what)
	__must_hold(role_irqs_off)
{
	pr_emerg("reboot: no firmware to %s: halted\n", what);
	local_irq_enable();
	console_sync();
	hal_halt();
}

void kernel_power_off(void)
{
	prepare(SYS_POWER_OFF, NULL, "power off");
	if (IS_ENABLED(CONFIG_POWEROFF))
		psci_system_off();
	if (IS_ENABLED(CONFIG_SEMIHOSTING))
		hal_semihost_exit(0);
	halt_without_firmware("power off");
}

void kernel_restart(char *cmd)
{
	prepare(SYS_RESTART, cmd, "restart");
	if (IS_ENABLED(CONFIG_POWEROFF))
		psci_system_reset();
	halt_without_firmware("restart");
}

void kernel_halt(void)
{
	prepare(SYS_HALT, NULL, "halted");
	hal_halt();
}

void emergency_restart(void)
{
	local_irq_disable();
	if (IS_ENABLED(CONFIG_POWEROFF))
		psci_system_reset();
	hal_halt();
}

static void poweroff_fn(struct work_struct *work)
{
	(void)work;
	kernel_power_off();
}

static void reboot_fn(struct work_struct *work)
{
	(void)work;
	kernel_restart(NULL);
}

static DECLARE_WORK(poweroff_work, poweroff_fn);
static DECLARE_WORK(reboot_work, reboot_fn);

void orderly_poweroff(bool force)
{
	(void)force;
	schedule_work(&poweroff_work);
}

void orderly_reboot(void)
{
	schedule_work(&reboot_work);
}
