/* SPDX-License-Identifier: MIT */
/*
 * Formatted text into a caller's buffer: C's printf without floating point,
 * plus the pointer formats that Linux drivers use.
 *
 *   %d %i %u %x %X %o %c %s %%   flags "-+ #0", width and precision (also *),
 *                                lengths hh h l ll z t
 *   %p %px %pK   the address, 0x and all its digits
 *   %pe          an ERR_PTR as its name (-ENOMEM), another pointer as %p
 *   %pa          phys_addr_t *, dma_addr_t *: 0x and 16 digits (also %pap, %pad)
 *   %pR          struct resource *: [mem 0x09030000-0x09030fff], [irq 34]
 *   %pS %ps %pB  an address in code: name+0x1c/0x80; the name alone; a return
 *                address, which belongs to the call before it
 *   %pOF         struct device_node *: full path; %pOFn name, %pOFP name@unit
 *   %pV          struct va_format *: a text of its own, for who passes a message on
 *
 * As in Linux, letters and digits right after %p belong to the format; an
 * extension not named above prints as %p. NULL prints as (null), an impossible
 * pointer as (efault).
 * A conversion that does not exist, and all that follows it, is copied as it
 * stands: what its argument would have been is not known.
 *
 * Any context, panic included: no lock, no allocation, no recursion but for %pV. Pure
 * functions of their arguments, but for the upcalls at the end.
 */
#ifndef LIB_SPRINTF_H
#define LIB_SPRINTF_H

#include <lib/compiler.h>
#include <lib/types.h>
#include <stdarg.h>

struct device_node;
struct resource;

/* What %pV prints. The arguments are still there when it has. */
struct va_format {
	const char *fmt;
	va_list *va;
};

/*
 * Writes at most `size` bytes, the terminator included (size 0: nothing, `buf`
 * may be NULL). Returns the length of the whole text, which was cut short if
 * that is `size` or more; INT_MAX stands for anything longer.
 */
int vsnprintf(char *buf, size_t size, const char *fmt, va_list args) __printf(3, 0);
int snprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);

/* The same, but returns the length of what is in `buf`: 0 .. size - 1. */
int vscnprintf(char *buf, size_t size, const char *fmt, va_list args) __printf(3, 0);
int scnprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);

/*
 * Upcalls: what the formatter must know of objects that belong to the layers
 * above, each defined there once (by a test on the host). They run in any
 * context, so they neither lock nor print.
 */
struct sprintf_symbol {
	const char *name;
	unsigned long offset;		/* of the address, in the symbol */
	unsigned long size;
};

struct sprintf_resource {
	const char *kind;		/* "mem", "irq"; NULL: none known, flags are shown */
	u64 start, end;			/* both included */
	unsigned long flags;
	unsigned int hex_digits;	/* at least so many; 0: decimal */
};

/* Fills `sym` and returns true if `addr` is in code. Clears a Thumb bit itself. */
bool sprintf_find_symbol(unsigned long addr, struct sprintf_symbol *sym);

/* Fills `desc` from `res`. */
void sprintf_describe_resource(const struct resource *res, struct sprintf_resource *desc);

/* The node's own name ("pl011@9000000"; of the root: any); *parent is NULL for the root. */
const char *sprintf_node_name(const struct device_node *node, const struct device_node **parent);

#endif
