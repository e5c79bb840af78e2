/* SPDX-License-Identifier: MIT */
/*
 * The kernel's log: printk and its levels, as in Linux.
 *
 * Context: any, hard interrupts and the first instructions of main() included.
 * A message goes to the log's ring; the console takes it from there when it can.
 */
#ifndef KERNEL_PRINTK_H
#define KERNEL_PRINTK_H

#include <kernel/ratelimit.h>
#include <lib/compiler.h>
#include <lib/kconfig.h>
#include <lib/types.h>
#include <stdarg.h>

#define KERN_SOH	"\001"
#define KERN_EMERG	KERN_SOH "0"
#define KERN_ALERT	KERN_SOH "1"
#define KERN_CRIT	KERN_SOH "2"
#define KERN_ERR	KERN_SOH "3"
#define KERN_WARNING	KERN_SOH "4"
#define KERN_NOTICE	KERN_SOH "5"
#define KERN_INFO	KERN_SOH "6"
#define KERN_DEBUG	KERN_SOH "7"
#define KERN_DEFAULT	""
#define KERN_CONT	KERN_SOH "c"	/* goes on in the last line */

/* Both return the number of characters logged. A line ends with \n. */
int printk(const char *fmt, ...) __printf(1, 2);
int vprintk(const char *fmt, va_list args) __printf(1, 0);

#ifndef pr_fmt
#define pr_fmt(fmt)	fmt
#endif

/* Compiled, so that its format is checked, and never run. */
#define no_printk(fmt, ...) ({			\
	if (0)					\
		printk(fmt, ##__VA_ARGS__);	\
	0; })

#define pr_emerg(fmt, ...)	printk(KERN_EMERG pr_fmt(fmt), ##__VA_ARGS__)
#define pr_alert(fmt, ...)	printk(KERN_ALERT pr_fmt(fmt), ##__VA_ARGS__)
#define pr_crit(fmt, ...)	printk(KERN_CRIT pr_fmt(fmt), ##__VA_ARGS__)
#define pr_err(fmt, ...)	printk(KERN_ERR pr_fmt(fmt), ##__VA_ARGS__)
#define pr_warn(fmt, ...)	printk(KERN_WARNING pr_fmt(fmt), ##__VA_ARGS__)
#define pr_notice(fmt, ...)	printk(KERN_NOTICE pr_fmt(fmt), ##__VA_ARGS__)
#define pr_info(fmt, ...)	printk(KERN_INFO pr_fmt(fmt), ##__VA_ARGS__)
#define pr_cont(fmt, ...)	printk(KERN_CONT fmt, ##__VA_ARGS__)

/* For a debug build of the file: DEBUG defined before the first include. Else no code at all. */
#ifdef DEBUG
#define PRINTK_DEBUG	1
#else
#define PRINTK_DEBUG	0
#endif
#define pr_debug(fmt, ...) ({						\
	if (PRINTK_DEBUG)						\
		printk(KERN_DEBUG pr_fmt(fmt), ##__VA_ARGS__);		\
	0; })
#define pr_devel(fmt, ...)	pr_debug(fmt, ##__VA_ARGS__)

/* The first time that this line runs. */
#define printk_once(fmt, ...) ({					\
	static bool printed__ __section(".bss.once");			\
	if (!printed__) {						\
		printed__ = true;					\
		printk(fmt, ##__VA_ARGS__);				\
	}								\
	0; })
#define pr_emerg_once(fmt, ...)		printk_once(KERN_EMERG pr_fmt(fmt), ##__VA_ARGS__)
#define pr_alert_once(fmt, ...)		printk_once(KERN_ALERT pr_fmt(fmt), ##__VA_ARGS__)
#define pr_crit_once(fmt, ...)		printk_once(KERN_CRIT pr_fmt(fmt), ##__VA_ARGS__)
#define pr_err_once(fmt, ...)		printk_once(KERN_ERR pr_fmt(fmt), ##__VA_ARGS__)
#define pr_warn_once(fmt, ...)		printk_once(KERN_WARNING pr_fmt(fmt), ##__VA_ARGS__)
#define pr_notice_once(fmt, ...)	printk_once(KERN_NOTICE pr_fmt(fmt), ##__VA_ARGS__)
#define pr_info_once(fmt, ...)		printk_once(KERN_INFO pr_fmt(fmt), ##__VA_ARGS__)
#define pr_debug_once(fmt, ...) ({					\
	if (PRINTK_DEBUG)						\
		printk_once(KERN_DEBUG pr_fmt(fmt), ##__VA_ARGS__);	\
	0; })

/* At most DEFAULT_RATELIMIT_BURST in DEFAULT_RATELIMIT_INTERVAL from this line. */
#define printk_ratelimited(fmt, ...) ({					\
	static DEFINE_RATELIMIT_STATE(ratelimit__, DEFAULT_RATELIMIT_INTERVAL, \
				      DEFAULT_RATELIMIT_BURST);		\
	if (__ratelimit(&ratelimit__))					\
		printk(fmt, ##__VA_ARGS__);				\
	0; })
#define pr_emerg_ratelimited(fmt, ...)	printk_ratelimited(KERN_EMERG pr_fmt(fmt), ##__VA_ARGS__)
#define pr_alert_ratelimited(fmt, ...)	printk_ratelimited(KERN_ALERT pr_fmt(fmt), ##__VA_ARGS__)
#define pr_crit_ratelimited(fmt, ...)	printk_ratelimited(KERN_CRIT pr_fmt(fmt), ##__VA_ARGS__)
#define pr_err_ratelimited(fmt, ...)	printk_ratelimited(KERN_ERR pr_fmt(fmt), ##__VA_ARGS__)
#define pr_warn_ratelimited(fmt, ...)	printk_ratelimited(KERN_WARNING pr_fmt(fmt), ##__VA_ARGS__)
#define pr_notice_ratelimited(fmt, ...)	printk_ratelimited(KERN_NOTICE pr_fmt(fmt), ##__VA_ARGS__)
#define pr_info_ratelimited(fmt, ...)	printk_ratelimited(KERN_INFO pr_fmt(fmt), ##__VA_ARGS__)
#define pr_debug_ratelimited(fmt, ...) ({				\
	if (PRINTK_DEBUG)						\
		printk_ratelimited(KERN_DEBUG pr_fmt(fmt), ##__VA_ARGS__); \
	0; })

/* One limit for all who ask: whether the caller may print now. Any context. */
int __printk_ratelimit(const char *func);
#define printk_ratelimit()	__printk_ratelimit(__func__)

enum {
	DUMP_PREFIX_NONE,
	DUMP_PREFIX_ADDRESS,
	DUMP_PREFIX_OFFSET,
};

/*
 * Bytes, a record for each `rowsize` of them, as hex_dump_to_buffer() of <lib/hexdump.h> shows
 * them, with the prefix and, as its type says, the address or the offset in front:
 *
 *	print_hex_dump(KERN_ERR, "frame ", DUMP_PREFIX_OFFSET, 16, 1, frame, len, true);
 *	frame 00000000: 48 65 6c 6c 6f 0a                                Hello.
 *
 * Any context.
 */
void print_hex_dump(const char *level, const char *prefix_str, int prefix_type, int rowsize,
		    int groupsize, const void *buf, size_t len, bool ascii);
#define print_hex_dump_bytes(prefix_str, prefix_type, buf, len) \
	print_hex_dump(KERN_DEBUG, prefix_str, prefix_type, 16, 1, buf, len, true)
/* As print_hex_dump() where DEBUG is defined. Any context. */
#define print_hex_dump_debug(prefix_str, prefix_type, rowsize, groupsize, buf, len, ascii) ({ \
	if (PRINTK_DEBUG)						\
		print_hex_dump(KERN_DEBUG, prefix_str, prefix_type, rowsize, groupsize, buf, \
			       len, ascii);				\
	0; })

#endif
