/* SPDX-License-Identifier: MIT */
/*
 * The log: a ring of records, each a header and its text, that wraps by the
 * byte. The oldest records make room for a new one.
 *
 *         tail (record first_seq)              head (next_seq comes here)
 *          v                                    v
 *   ......[hdr|text][hdr|text]....[hdr|text open].......
 *
 * Positions count bytes ever written and wrap with their type. What is in the
 * way is given up before a byte is overwritten, and a record exists only when
 * head has moved past it: a fault in the middle of a write leaves a ring that
 * can be read.
 *
 * The last record stays open while its text has no newline, so that pr_cont of
 * the same context can go on in it; whoever logs next closes it.
 *
 * Locking: log_lock, interrupts off, around the ring alone; the text is
 * formatted before. Nothing is called with it held that could log. A panic
 * goes past the lock: its holder will not run again.
 */
#include <kernel/log.h>

#include <hal/irqflags.h>
#include <kernel/console.h>
#include <kernel/moduleparam.h>
#include <kernel/panic.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/spinlock.h>
#include <kernel/timekeeping.h>
#include <lib/bits.h>
#include <lib/build_bug.h>
#include <lib/math.h>
#include <lib/minmax.h>
#include <lib/sprintf.h>
#include <lib/string.h>

#define LOG_SIZE	BIT(CONFIG_LOG_BUF_SHIFT)
#define LOG_MASK	((u32)LOG_SIZE - 1)
#define LOG_STAMP_MAX	24

struct log_header {
	u64 time_ns;
	u16 len;		/* of the text */
	u8 level;
};

static_assert(sizeof(struct log_header) + LOG_TEXT_MAX <= LOG_SIZE, "the log holds no record");
static_assert(LOG_TEXT_MAX + LOG_STAMP_MAX <= LOG_LINE_MAX, "a line holds no record");

/* [l] log_lock, taken with interrupts off. head - tail <= LOG_SIZE. */
static DEFINE_RAW_SPINLOCK(log_lock);
static struct {
	u32 head, tail;			/* [l] */
	u64 first_seq, next_seq;	/* [l] the records at tail and at head */
	u32 last;			/* [l] where the last record is; valid iff `open` */
	const void *open;		/* [l] who may go on in it; NULL: closed */
} ring __guarded_by(&log_lock);
static u8 ring_data[LOG_SIZE] __section(".noinit") __guarded_by(&log_lock);

/* A processor that panics goes on without the lock: it may have held it before. */

static unsigned long log_lock_irqsave(void)
	__acquires(&log_lock, role_spinning, role_irqs_off) __no_context_analysis
{
	unsigned long flags = arch_local_irq_save();

	if (!panic_on_this_cpu())
		raw_spin_lock(&log_lock);
	return flags;
}

static void log_unlock_irqrestore(unsigned long flags)
	__releases(&log_lock, role_spinning, role_irqs_off) __no_context_analysis
{
	if (!panic_on_this_cpu())
		raw_spin_unlock(&log_lock);
	local_irq_restore(flags);
}

static void ring_write(u32 pos, const void *src, size_t n)
	__must_hold(&log_lock)
{
	size_t first = min_t(size_t, n, LOG_SIZE - (pos & LOG_MASK));

	memcpy(ring_data + (pos & LOG_MASK), src, first);
	memcpy(ring_data, (const u8 *)src + first, n - first);
}

static void ring_read(u32 pos, void *dst, size_t n)
	__must_hold(&log_lock)
{
	size_t first = min_t(size_t, n, LOG_SIZE - (pos & LOG_MASK));

	memcpy(dst, ring_data + (pos & LOG_MASK), first);
	memcpy((u8 *)dst + first, ring_data, n - first);
}

static struct log_header header_at(u32 pos)
	__must_hold(&log_lock)
{
	struct log_header header;

	ring_read(pos, &header, sizeof(header));
	return header;
}

static u32 record_end(u32 pos)
	__must_hold(&log_lock)
{
	return pos + (u32)sizeof(struct log_header) + header_at(pos).len;
}

/* Gives up the oldest records until `n` bytes fit behind head. */
static void make_room_locked(size_t n)
	__must_hold(&log_lock)
{
	while (ring.head - ring.tail + n > LOG_SIZE) {
		u32 end = record_end(ring.tail);

		ring.first_seq++;
		ring.tail = end;
	}
	barrier();	/* an interrupted writer must not leave a tail that is overwritten */
}

static void append_record_locked(u8 level, const char *text, size_t len)
	__must_hold(&log_lock)
{
	struct log_header header = {
		.time_ns = local_clock(), .len = (u16)len, .level = level,
	};

	make_room_locked(sizeof(header) + len);
	ring_write(ring.head, &header, sizeof(header));
	ring_write(ring.head + (u32)sizeof(header), text, len);
	barrier();
	ring.last = ring.head;
	ring.head += (u32)(sizeof(header) + len);
	ring.next_seq++;
}

static void extend_record_locked(const char *text, size_t len)
	__must_hold(&log_lock)
{
	struct log_header header = header_at(ring.last);

	make_room_locked(len);
	ring_write(ring.head, text, len);
	header.len = (u16)(header.len + len);
	barrier();
	ring_write(ring.last, &header, sizeof(header));
	ring.head += (u32)len;
}

/* Who logs: an interrupt handler is not the task that it interrupted. */
static const void *this_context(void)
{
	const void *task = current;

	return in_hardirq() || !task ? &ring : task;
}

static void log_store(int level, const char *text, size_t len, bool cont, bool whole)
{
	const void *me = this_context();
	unsigned long flags = log_lock_irqsave();

	if (cont && ring.open == me && header_at(ring.last).len + len < LOG_TEXT_MAX)
		extend_record_locked(text, len);
	else
		append_record_locked((u8)level, text, len);
	ring.open = whole ? NULL : me;
	log_unlock_irqrestore(flags);
}

/* Takes KERN_* off the start of the text. */
static const char *parse_level(const char *text, int *level, bool *cont)
{
	while (text[0] == KERN_SOH[0] && text[1]) {
		if (text[1] >= '0' && text[1] <= '7')
			*level = text[1] - '0';
		else if (text[1] == KERN_CONT[1])
			*cont = true;
		text += 2;
	}
	return text;
}

int vprintk(const char *fmt, va_list args)
{
	char buf[LOG_TEXT_MAX];
	int needed = vsnprintf(buf, sizeof(buf), fmt, args);
	bool cut = needed >= (int)sizeof(buf);
	int level = LOGLEVEL_DEFAULT;
	bool cont = false, newline;
	const char *text = parse_level(buf, &level, &cont);
	size_t len = (size_t)(buf + (cut ? (int)sizeof(buf) - 1 : needed) - text);

	if (!len)
		return 0;
	newline = text[len - 1] == '\n';
	log_store(level, text, len - newline, cont, newline || cut);
	console_kick();
	return (int)len;
}

int printk(const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vprintk(fmt, args);
	va_end(args);
	return len;
}

static bool is_pending_locked(const struct log_cursor *cursor)
	__must_hold(&log_lock)
{
	return cursor->seq < ring.next_seq - (ring.open ? 1 : 0);
}

static void advance_locked(struct log_cursor *cursor)
	__must_hold(&log_lock)
{
	cursor->pos = record_end(cursor->pos);
	cursor->seq++;
	cursor->offset = 0;
}

/* A cursor whose record is gone moves to the oldest. Returns how many it missed. */
static u64 catch_up_locked(struct log_cursor *cursor)
	__must_hold(&log_lock)
{
	u64 missed = 0;

	if (cursor->seq < ring.first_seq) {
		missed = ring.first_seq - cursor->seq;
		*cursor = (struct log_cursor){ .seq = ring.first_seq, .pos = ring.tail };
	}
	return missed;
}

static bool printk_time = true;		/* READ_ONCE */

#undef MODULE_PARAM_PREFIX
#define MODULE_PARAM_PREFIX	"printk."
module_param_named(time, printk_time, bool, 0644);
MODULE_PARM_DESC(time, "lines of the log begin with the time since boot");

#define SECONDS_DIGITS		5	/* at least */
#define MICROSECONDS_DIGITS	6

/* At least `width` characters, filled up with `fill`. Returns how many. */
static size_t put_number(char *buf, u32 value, size_t width, char fill)
{
	char digits[10];
	size_t n = 0, len = 0;

	do {
		digits[n++] = (char)('0' + (value - 10 * div10(value)));
		value = div10(value);
	} while (value);
	while (len + n < width)
		buf[len++] = fill;
	while (n)
		buf[len++] = digits[--n];
	return len;
}

/* "[    1.000002] ", by hand: printf would take most of the time that a line takes. */
static size_t stamp(char *buf, u64 time_ns)
{
	u32 seconds, rest_ns;
	size_t len;

	if (!READ_ONCE(printk_time))
		return 0;
	seconds = (u32)div_u64_rem(time_ns, NSEC_PER_SEC, &rest_ns);
	buf[0] = '[';
	len = 1 + put_number(buf + 1, seconds, SECONDS_DIGITS, ' ');
	buf[len++] = '.';
	len += put_number(buf + len, div1000(rest_ns), MICROSECONDS_DIGITS, '0');
	buf[len++] = ']';
	buf[len++] = ' ';
	return len;
}

/* Formats the cursor's line and moves on to the next, in this record or behind it. */
static size_t take_line_locked(struct log_cursor *cursor, const struct log_header *header,
			       char *buf)
	__must_hold(&log_lock)
{
	size_t len = min_t(size_t, header->len - cursor->offset, LOG_TEXT_MAX - 1);
	size_t start = stamp(buf, header->time_ns);
	char *text = buf + start, *newline;

	ring_read(cursor->pos + (u32)sizeof(*header) + cursor->offset, text, len);
	newline = memchr(text, '\n', len);
	if (newline) {
		len = (size_t)(newline - text);
		cursor->offset = (u16)(cursor->offset + len + 1);
	}
	if (!newline || cursor->offset == header->len)
		advance_locked(cursor);
	text[len] = '\n';
	text[len + 1] = '\0';
	return start + len + 1;
}

size_t log_read_levels(struct log_cursor *cursor, int from, int limit,
		       char buf[static LOG_LINE_MAX])
{
	unsigned long flags = log_lock_irqsave();
	u64 missed = catch_up_locked(cursor);
	size_t len = 0;

	while (!missed && !len && is_pending_locked(cursor)) {
		struct log_header header = header_at(cursor->pos);

		if (header.level >= from && header.level < limit)
			len = take_line_locked(cursor, &header, buf);
		else
			advance_locked(cursor);
	}
	log_unlock_irqrestore(flags);
	if (missed)
		len = (size_t)scnprintf(buf, LOG_LINE_MAX, "** %llu messages lost **\n", missed);
	return len;
}

size_t log_read(struct log_cursor *cursor, int limit, char buf[static LOG_LINE_MAX])
{
	return log_read_levels(cursor, LOGLEVEL_EMERG, limit, buf);
}

bool log_is_pending(const struct log_cursor *cursor)
{
	unsigned long flags = log_lock_irqsave();
	bool pending = is_pending_locked(cursor);

	log_unlock_irqrestore(flags);
	return pending;
}

void log_seek_last(struct log_cursor *cursor, u64 n)
{
	unsigned long flags = log_lock_irqsave();

	/* What the cursor stands behind is of its final length. */
	if (n == 0)
		ring.open = NULL;
	*cursor = (struct log_cursor){ .seq = ring.first_seq, .pos = ring.tail };
	while (ring.next_seq - cursor->seq > n)
		advance_locked(cursor);
	log_unlock_irqrestore(flags);
}

u64 log_count(void)
{
	unsigned long flags = log_lock_irqsave();
	u64 count = ring.next_seq;

	log_unlock_irqrestore(flags);
	return count;
}
