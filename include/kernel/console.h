/* SPDX-License-Identifier: MIT */
/*
 * Consoles: where the log is shown as it grows.
 *
 * printk never waits for a console. It stores its record and kicks the
 * consoles; a console then takes lines from the log at its own pace with
 * console_read(), from its interrupt for instance. A console without kick, the
 * early one, gets each line at once through write. In a panic all consoles go
 * over to write for good.
 */
#ifndef KERNEL_CONSOLE_H
#define KERNEL_CONSOLE_H

#include <kernel/debugobjects.h>
#include <kernel/log.h>
#include <lib/atomic.h>
#include <lib/compiler.h>
#include <lib/types.h>

enum {
	CON_BOOT = 1 << 3,	/* gives way to the first console that is not */
};

/*
 * [I] set by the owner before registration
 * [o] the context that outputs now: the console's own lock, or who holds `turns`
 * [r] the registry's lock
 */
struct console {
	const char *name;		/* [I] */
	unsigned int flags;		/* [I] CON_* */
	/*
	 * Sends text, polled. Context: any; takes no lock that its caller may hold. In a
	 * panic it first sends what kick had begun. '\n' becomes "\r\n" here.
	 */
	void (*write)(struct console *con, const char *text, size_t len);	/* [I] */
	/*
	 * There are lines in the log. Context: any, whatever locks the caller holds: it
	 * neither waits nor wakes a task. NULL: lines are given to write.
	 */
	void (*kick)(struct console *con);	/* [I] */
	/* Whether all that was taken is on the wire. Context: task. NULL: always. */
	bool (*is_idle)(struct console *con);	/* [I] */
	void *data;			/* [I] the owner's */

	struct log_cursor cursor;	/* [o] the next line to show */
	atomic_t turns;			/* [a] without kick: who asked for output, 0: nobody */
	struct console *next;		/* [r] */
	struct debug_obj debug;		/* [r] live: registered */
};

/*
 * Records of this level and above are not shown; dmesg has them. [a] Set at boot by
 * "loglevel=n" or "quiet" (4) on the command line.
 */
extern int console_loglevel;

/*
 * Starts to show the log on `con`: where the boot console stopped, which then
 * goes, or from the first record that is still there. Context: task or boot.
 */
void register_console(struct console *con);

/*
 * `con` is no longer used when this returns. Context: task.
 * Return: 0; -ENODEV if it was not registered.
 */
int unregister_console(struct console *con);

/*
 * The next line for `con`, as log_read() gives it; 0 when there is none.
 * Context: any, one caller at a time for each console.
 */
size_t console_read(struct console *con, char buf[static LOG_LINE_MAX]);

/* Whether console_read() would have something to look at. Any context. */
bool console_is_pending(const struct console *con);

/* Tells the consoles that the log has grown. Any context. */
void console_kick(void);

/*
 * Waits until all that has been logged is out on every console. Context: task;
 * may sleep.
 * Return: 0; -ETIMEDOUT when a console made no progress for two seconds.
 */
int console_sync(void);

/*
 * The panicking processor takes all consoles over: from here on printk sends what waits,
 * polled. Called again, by a panic in the middle of that: without the console it came from.
 * A machine without a console gets the debugger's, if semihosting is configured.
 * Context: a panic.
 */
void console_panic(void);

/*
 * When a panic's first line is out: the rest is shown whatever its level.
 * Context: a panic.
 */
void console_panic_verbose(void);

/*
 * Sends those of the `n` records before the panic that the consoles left out for their level.
 * Context: a panic.
 */
void console_panic_replay(unsigned int n);

#endif
