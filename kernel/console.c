/* SPDX-License-Identifier: MIT */
/*
 * The consoles' registry, the hand-over from the early console to the real one,
 * and the two ways of output: kicked, where the console reads the log by itself,
 * and polled, where whoever logs also sends.
 *
 * A polled console has one sender at a time, without a lock that a nested
 * printk could meet: each who asks for output takes a turn, the first finds 0
 * turns and sends until no turn was taken meanwhile.
 *
 * Locking: registry_lock for changes of the list. Walkers only count
 * themselves in `walkers`, so that printk works wherever it is called;
 * unregistering waits until there is none.
 */
#include <kernel/console.h>

#include <hal/barrier.h>
#include <hal/semihost.h>
#include <kernel/debugobjects.h>
#include <kernel/delay.h>
#include <kernel/moduleparam.h>
#include <kernel/panic.h>
#include <kernel/spinlock.h>
#include <lib/errno.h>
#include <lib/kconfig.h>
#include <lib/minmax.h>
#include <lib/string.h>

#define SYNC_STALL_MS	2000

int console_loglevel = LOGLEVEL_DEBUG;

static DEFINE_SPINLOCK(registry_lock);
static struct console *consoles;	/* [r] registry_lock; followed without it by walkers */
static atomic_t walkers = ATOMIC_INIT(0);

#define for_each_console(con) \
	for (con = smp_load_acquire(&consoles); con; con = smp_load_acquire(&con->next))

size_t console_read(struct console *con, char buf[static LOG_LINE_MAX])
{
	return log_read(&con->cursor, READ_ONCE(console_loglevel), buf);
}

bool console_is_pending(const struct console *con)
{
	return log_is_pending(&con->cursor);
}

static void send_lines(struct console *con)
{
	char line[LOG_LINE_MAX];
	size_t len;

	while ((len = console_read(con, line)))
		con->write(con, line, len);
}

static void send_polled(struct console *con)
{
	int turns;

	if (atomic_add_return(1, &con->turns) != 1)
		return;
	do {
		turns = atomic_read(&con->turns);
		send_lines(con);
	} while (atomic_cmpxchg(&con->turns, turns, 0) != turns);
}

/* ---- in a panic: one processor, interrupts off, no locks ---- */

static struct console *panic_writer;	/* the one whose write is running */
static struct console *panic_broken;	/* the one in whose write the panic came */
static u64 panic_seq;			/* the panic's first record */
static int panic_loglevel;		/* console_loglevel before that */

static void panic_write(struct console *con, const char *line, size_t len)
{
	if (con == panic_broken)
		return;
	panic_writer = con;
	con->write(con, line, len);
	panic_writer = NULL;
}

static void panic_semihost(void)
{
	static struct log_cursor cursor;
	char line[LOG_LINE_MAX];

	while (log_read(&cursor, LOGLEVEL_ALL, line))
		for (const char *c = line; *c; c++)
			hal_semihost_putc(*c);
}

static void panic_flush(void)
{
	char line[LOG_LINE_MAX];
	struct console *con;
	size_t len;

	if (panic_writer)
		return;		/* who writes logs: it goes out behind that */
	if (IS_ENABLED(CONFIG_SEMIHOSTING) && !consoles)
		panic_semihost();
	for_each_console(con)
		while (con != panic_broken && (len = console_read(con, line)))
			panic_write(con, line, len);
}

void console_panic(void)
{
	panic_broken = panic_writer;
	panic_writer = NULL;
	if (!panic_loglevel) {
		panic_loglevel = console_loglevel;
		panic_seq = log_count();
	}
	console_loglevel = max(console_loglevel, LOGLEVEL_EMERG + 1);
}

void console_panic_verbose(void)
{
	console_loglevel = max(console_loglevel, LOGLEVEL_WARNING + 1);
}

void console_panic_replay(unsigned int n)
{
	static const char title[] = "Left out on the console:\n";
	struct log_cursor cursor;
	char line[LOG_LINE_MAX];
	struct console *con;
	bool is_first = true;
	size_t len;

	log_seek_last(&cursor, log_count() - panic_seq + n);
	while (cursor.seq < panic_seq &&
	       (len = log_read_levels(&cursor, panic_loglevel, LOGLEVEL_ALL, line)) &&
	       cursor.seq <= panic_seq) {
		for_each_console(con) {
			if (is_first)
				panic_write(con, title, strlen(title));
			panic_write(con, line, len);
		}
		is_first = false;
	}
}

void console_kick(void)
{
	struct console *con;

	if (panic_on_this_cpu()) {
		panic_flush();
		return;
	}
	atomic_inc_return(&walkers);
	for_each_console(con) {
		if (con->kick)
			con->kick(con);
		else
			send_polled(con);
	}
	atomic_sub_return(1, &walkers);
}

static const struct debug_obj_descr console_debug_descr __debug_obj_descr = {
	.name = "console",
	.live = "registered",
	.offset = offsetof(struct console, debug),
	.needs_no_init = true,
};

/* Takes `con` out of the list; true if it was there. */
static bool unlink_console_locked(struct console *con)
	__must_hold(&registry_lock)
{
	struct console **link = &consoles;

	while (*link && *link != con)
		link = &(*link)->next;
	if (!*link)
		return false;
	smp_store_release(link, con->next);
	debug_object_deactivate(&con->debug, &console_debug_descr);
	return true;
}

static struct console *find_boot_console_locked(void)
	__must_hold(&registry_lock)
{
	struct console *con = consoles;

	while (con && !(con->flags & CON_BOOT))
		con = con->next;
	return con;
}

/* From here on nobody sends on this polled console: the turn is never given back. */
static void keep_turn(struct console *con)
{
	while (atomic_cmpxchg(&con->turns, 0, 1) != 0)
		cpu_relax();
}

void register_console(struct console *con)
{
	struct console *boot;

	if (!debug_object_activate(&con->debug, &console_debug_descr))
		return;
	scoped_guard(spinlock_irqsave, &registry_lock) {
		boot = find_boot_console_locked();
		if (boot && !(con->flags & CON_BOOT)) {
			keep_turn(boot);
			unlink_console_locked(boot);
			con->cursor = boot->cursor;
		}
		con->next = consoles;
		smp_store_release(&consoles, con);
	}
	console_kick();
}

int unregister_console(struct console *con)
{
	bool found;

	scoped_guard(spinlock_irqsave, &registry_lock)
		found = unlink_console_locked(con);
	if (!found)
		return -ENODEV;
	smp_mb();	/* a walker that is not counted yet will not find `con` */
	while (atomic_read(&walkers))
		cpu_relax();
	return 0;
}

/* `progress` changes when a console has taken a record. */
static bool are_consoles_out(u64 *progress)
{
	struct console *con;
	bool out = true;

	*progress = 0;
	atomic_inc_return(&walkers);
	for_each_console(con) {
		if (console_is_pending(con) || (con->is_idle && !con->is_idle(con)))
			out = false;
		*progress += con->cursor.seq;
	}
	atomic_sub_return(1, &walkers);
	return out;
}

int console_sync(void)
{
	unsigned int stalled_ms = 0;
	u64 progress, before = 0;

	while (!are_consoles_out(&progress)) {
		stalled_ms = progress == before ? stalled_ms + 1 : 0;
		if (stalled_ms > SYNC_STALL_MS)
			return -ETIMEDOUT;
		before = progress;
		msleep(1);
	}
	return 0;
}

core_param(loglevel, console_loglevel, int, 0644);
MODULE_PARM_DESC(loglevel, "messages below this level go to the console");

static int set_quiet(const char *val, const struct kernel_param *kp)
{
	if (val)
		return -EINVAL;
	*(int *)kp->arg = LOGLEVEL_WARNING;
	return 0;
}

static const struct kernel_param_ops quiet_ops = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG, .set = set_quiet,
};
core_param_cb(quiet, &quiet_ops, &console_loglevel, 0);
MODULE_PARM_DESC(quiet, "as loglevel=4: warnings and worse");
