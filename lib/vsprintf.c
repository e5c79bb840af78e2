/* SPDX-License-Identifier: MIT */
/*
 * printf without floating point, with Linux's pointer extensions.
 *
 * Every piece of text goes through out_bytes() or out_fill(), which count it
 * whether or not it fits and write what does. Padding needs the length of a
 * piece beforehand: a number knows it, an extension is run once against no
 * buffer to learn it.
 *
 * Decimal digits come by multiplication: the processor has no divider, and
 * -Os would call the library's division for each of them.
 *
 * No state and no locking. Stack: 350 bytes at most on Arm, less what an upcall takes; %pV takes
 * it twice.
 */
#include <lib/sprintf.h>

#include <lib/ctype.h>
#include <lib/err.h>
#include <lib/math.h>
#include <lib/minmax.h>
#include <lib/string.h>
#include <limits.h>

struct out {
	char *buf;
	size_t size;
	size_t len;		/* of the text so far, in the buffer or not; <= INT_MAX */
};

/* The first five in the order of their characters, "-+ #0". */
enum {
	FLAG_LEFT	= 1 << 0,
	FLAG_PLUS	= 1 << 1,
	FLAG_SPACE	= 1 << 2,
	FLAG_ALT	= 1 << 3,
	FLAG_ZERO	= 1 << 4,
	FLAG_UPPER	= 1 << 5,	/* hexadecimal digits */
	FLAG_PREFIX	= 1 << 6,	/* 0x even before zero */
};

#define PRECISION_NONE	(-1)
#define SHORT_NUMBER_MAX 9999u

/* Between '%' and the conversion's letter. */
struct spec {
	unsigned int flags;
	int width;
	int precision;
	size_t arg_bytes;	/* of an integer argument */
};

/* Flags, width and precision are written in characters below all letters. */
#define FIRST_LETTER	'A'

/* So that helpers can take from one list: a va_list itself may be an array. */
struct args {
	va_list list;
};

#define POINTER_DIGITS	((int)(2 * sizeof(void *)))
#define ADDRESS_DIGITS	((int)(2 * sizeof(phys_addr_t)))
#define DIGITS_MAX	22	/* of 64 bits in octal */
#define NODE_DEPTH_MAX	64	/* a damaged tree may have a loop of parents */
#define LOWEST_OBJECT	4096ul	/* the first page is never mapped */

/* Inside the shortest call instruction there is (2 bytes), its Thumb bit kept. */
#define CALL_BYTES	2

/* Counts `n` more bytes of text and returns how many of them the buffer takes. */
static size_t out_claim(struct out *out, size_t n)
{
	size_t len = out->len, room = len < out->size ? out->size - len : 0;

	out->len = n < INT_MAX - len ? len + n : INT_MAX;
	return min(n, room);
}

static void out_bytes(struct out *out, const char *s, size_t n)
{
	size_t at = out->len, end;
	char *buf = out->buf;

	/* By hand: most pieces are a few bytes long. */
	for (end = at + out_claim(out, n); at != end; at++)
		buf[at] = *s++;
}

static void out_fill(struct out *out, char c, size_t n)
{
	size_t at = out->len, end;
	char *buf = out->buf;

	for (end = at + out_claim(out, n); at != end; at++)
		buf[at] = c;
}

static void out_string(struct out *out, const char *s)
{
	out_bytes(out, s, strlen(s));
}

static size_t spec_padding(const struct spec *spec, size_t len)
{
	return (size_t)spec->width > len ? (size_t)spec->width - len : 0;
}

static void out_padded(struct out *out, const struct spec *spec, const char *s, size_t n)
{
	size_t pad = spec_padding(spec, n);

	if (!(spec->flags & FLAG_LEFT))
		out_fill(out, ' ', pad);
	out_bytes(out, s, n);
	if (spec->flags & FLAG_LEFT)
		out_fill(out, ' ', pad);
}

/*
 * *value / 10 into *value; returns the remainder. With value = hi * 2^32 + lo and
 * 2^32 = 10 * 429496729 + 6, only numbers of 32 bits need dividing.
 */
static u32 divide_u64_by_10(u64 *value)
{
	u32 hi = (u32)(*value >> 32), lo = (u32)*value;
	u32 hi_quot = div10(hi), hi_rem = hi - 10 * hi_quot;
	u32 lo_quot = div10(lo), lo_rem = lo - 10 * lo_quot;
	u32 rest = 6 * hi_rem + lo_rem;

	*value = ((u64)hi_quot << 32) + (u64)hi_rem * 429496729u + lo_quot + div10(rest);
	return rest - 10 * div10(rest);
}

/* Both write digits downwards from `end` and return the first; none at all for zero. */
static char *put_decimal(char *end, u64 value)
{
	u32 low;

	while (value > UINT32_MAX)
		*--end = (char)('0' + divide_u64_by_10(&value));

	for (low = (u32)value; low; ) {
		u32 quot = div10(low);

		*--end = (char)('0' + (low - 10 * quot));
		low = quot;
	}
	return end;
}

static char *put_power_of_2(char *end, u64 value, unsigned int shift, bool upper)
{
	const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";

	for (; value; value >>= shift)
		*--end = digits[value & ((1u << shift) - 1)];
	return end;
}

/*
 * [spaces] [sign or 0x] [zeros] [digits] [spaces]: the zeros bring the digits to the
 * precision, which is 1 unless given, or with the flag 0 the whole to the width.
 */
static void out_number(struct out *out, const struct spec *spec, u64 value, unsigned int base,
		       const char *prefix)
{
	char buf[DIGITS_MAX], *end = buf + sizeof(buf), *first;
	size_t prefix_len = !*prefix ? 0 : !prefix[1] ? 1 : 2, len, digits, pad;

	if (base == 10)
		first = put_decimal(end, value);
	else
		first = put_power_of_2(end, value, base == 16 ? 4 : 3, spec->flags & FLAG_UPPER);
	len = (size_t)(end - first);

	digits = max(len, (size_t)(spec->precision < 0 ? 1 : spec->precision));
	if (base == 8 && (spec->flags & FLAG_ALT) && digits == len)
		digits++;
	pad = spec_padding(spec, prefix_len + digits);
	if ((spec->flags & (FLAG_ZERO | FLAG_LEFT)) == FLAG_ZERO && spec->precision < 0) {
		digits += pad;
		pad = 0;
	}

	if (!(spec->flags & FLAG_LEFT))
		out_fill(out, ' ', pad);
	out_bytes(out, prefix, prefix_len);
	out_fill(out, '0', digits - len);
	out_bytes(out, first, len);
	if (spec->flags & FLAG_LEFT)
		out_fill(out, ' ', pad);
}

static void out_signed(struct out *out, const struct spec *spec, u64 value)
{
	const char *sign = "";

	if ((s64)value < 0) {
		sign = "-";
		value = -value;
	} else if (spec->flags & FLAG_PLUS) {
		sign = "+";
	} else if (spec->flags & FLAG_SPACE) {
		sign = " ";
	}
	out_number(out, spec, value, 10, sign);
}

static void out_hex(struct out *out, const struct spec *spec, u64 value)
{
	const char *prefix = "";

	if ((spec->flags & FLAG_PREFIX) || ((spec->flags & FLAG_ALT) && value))
		prefix = spec->flags & FLAG_UPPER ? "0X" : "0x";
	out_number(out, spec, value, 16, prefix);
}

/* 0x and at least so many digits. */
static void out_0x(struct out *out, u64 value, int digits)
{
	const struct spec spec = { .flags = FLAG_PREFIX, .precision = digits };

	out_hex(out, &spec, value);
}

/* What to print in place of a pointer that cannot be followed, or NULL. */
static const char *bad_pointer(const void *ptr)
{
	if (!ptr)
		return "(null)";
	if ((unsigned long)ptr < LOWEST_OBJECT || IS_ERR(ptr))
		return "(efault)";
	return NULL;
}

/*
 * The extensions: each writes its text without padding, and may be run twice. `ext`
 * begins with the letter after %p.
 */
static void out_error(struct out *out, const void *ptr)
{
	const struct spec plain = { .precision = PRECISION_NONE };
	const char *name;

	if (!IS_ERR(ptr)) {
		out_0x(out, (unsigned long)ptr, POINTER_DIGITS);
		return;
	}
	name = errno_name((int)PTR_ERR(ptr));
	if (name)
		out_string(out, name);
	else
		out_signed(out, &plain, (u64)PTR_ERR(ptr));
}

static void out_symbol(struct out *out, const void *ptr, const char *ext)
{
	unsigned long addr = (unsigned long)ptr;
	unsigned long back = *ext == 'B' ? CALL_BYTES : 0;
	struct sprintf_symbol sym;

	if (addr < LOWEST_OBJECT || !sprintf_find_symbol(addr - back, &sym)) {
		out_0x(out, addr, POINTER_DIGITS);
		return;
	}
	out_string(out, sym.name);
	if (*ext == 's')
		return;
	out_string(out, "+");
	out_0x(out, sym.offset + back, 1);
	out_string(out, "/");
	out_0x(out, sym.size, 1);
}

static void out_resource_end(struct out *out, const struct sprintf_resource *desc, u64 value)
{
	const struct spec plain = { .precision = PRECISION_NONE };

	if (desc->hex_digits)
		out_0x(out, value, (int)desc->hex_digits);
	else
		out_number(out, &plain, value, 10, "");
}

static void out_resource(struct out *out, const struct resource *res)
{
	struct sprintf_resource desc = { .kind = NULL };

	sprintf_describe_resource(res, &desc);
	out_string(out, "[");
	out_string(out, desc.kind ? desc.kind : "???");
	out_string(out, " ");
	out_resource_end(out, &desc, desc.start);
	if (desc.end != desc.start) {
		out_string(out, "-");
		out_resource_end(out, &desc, desc.end);
	}
	if (!desc.kind) {
		out_string(out, " flags ");
		out_0x(out, desc.flags, 1);
	}
	out_string(out, "]");
}

static const char *node_name_above(const struct device_node *node, unsigned int levels)
{
	const struct device_node *parent;
	const char *name = sprintf_node_name(node, &parent);

	for (; levels && parent; levels--)
		name = sprintf_node_name(parent, &parent);
	return name;
}

/* Names come from the node upwards but are printed downwards, with no memory to keep them in. */
static void out_node_path(struct out *out, const struct device_node *node)
{
	const struct device_node *parent;
	unsigned int depth = 0;

	for (sprintf_node_name(node, &parent); parent && depth < NODE_DEPTH_MAX; depth++)
		sprintf_node_name(parent, &parent);

	if (depth == 0)
		out_string(out, "/");
	if (depth == NODE_DEPTH_MAX)
		out_string(out, "...");
	while (depth--) {
		out_string(out, "/");
		out_string(out, node_name_above(node, depth));
	}
}

static void out_node(struct out *out, const struct device_node *node, const char *ext)
{
	const char *name;

	switch (ext[0] == 'F' ? ext[1] : 'f') {
	case 'n':
		name = node_name_above(node, 0);
		out_bytes(out, name, strcspn(name, "@"));
		break;
	case 'P':
		out_string(out, node_name_above(node, 0));
		break;
	default:
		out_node_path(out, node);
	}
}

/* The compiler has seen the format where the structure was made. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void out_va_format(struct out *out, const struct va_format *text)
{
	size_t at = min(out->len, out->size);
	va_list args;

	va_copy(args, *text->va);
	(void)out_claim(out, (size_t)vsnprintf(out->buf + at, out->size - at, text->fmt, args));
	va_end(args);
}
#pragma GCC diagnostic pop

static void out_extension(struct out *out, const void *ptr, const char *ext)
{
	const char *bad = bad_pointer(ptr);

	if (*ext == 'e') {
		out_error(out, ptr);
	} else if (*ext == 'S' || *ext == 's' || *ext == 'B') {
		out_symbol(out, ptr, ext);
	} else if (bad) {
		out_string(out, bad);
	} else if (*ext == 'a') {
		out_0x(out, *(const phys_addr_t *)ptr, ADDRESS_DIGITS);
	} else if (*ext == 'O') {
		out_node(out, ptr, ext + 1);
	} else if (*ext == 'V') {
		out_va_format(out, ptr);
	} else {
		out_resource(out, ptr);
	}
}

/* Returns what follows the extension's letters. */
static const char *out_pointer(struct out *out, struct spec *spec, const void *ptr, const char *ext)
{
	struct out measure = { .buf = NULL };
	size_t pad;

	if (*ext && strchr("eSsBaORV", *ext)) {
		if (spec->width)
			out_extension(&measure, ptr, ext);
		pad = spec_padding(spec, measure.len);
		if (!(spec->flags & FLAG_LEFT))
			out_fill(out, ' ', pad);
		out_extension(out, ptr, ext);
		if (spec->flags & FLAG_LEFT)
			out_fill(out, ' ', pad);
	} else {
		spec->flags |= FLAG_PREFIX;
		spec->precision = POINTER_DIGITS;
		out_hex(out, spec, (unsigned long)ptr);
	}

	while (isalnum(*ext))
		ext++;
	return ext;
}

static u64 next_integer(struct args *args, const struct spec *spec, bool is_signed)
{
	unsigned int word;

	_Static_assert(sizeof(long) == sizeof(int) || sizeof(long) == sizeof(u64),
		       "an integer argument is passed as an int or as 64 bits");
	if (spec->arg_bytes == sizeof(u64))
		return va_arg(args->list, u64);

	word = va_arg(args->list, unsigned int);
	if (spec->arg_bytes == sizeof(char))
		word = is_signed ? (unsigned int)(signed char)word : (unsigned char)word;
	else if (spec->arg_bytes == sizeof(short))
		word = is_signed ? (unsigned int)(short)word : (unsigned short)word;
	return is_signed ? (u64)(int)word : word;
}

static const char *parse_flags(const char *fmt, unsigned int *flags)
{
	static const char letters[] = "-+ #0";
	const char *letter;

	for (; *fmt && (letter = strchr(letters, *fmt)); fmt++)
		*flags |= 1u << (letter - letters);
	return fmt;
}

/* A number, or * for an argument; no more than INT_MAX. */
static const char *parse_count(const char *fmt, struct args *args, int *count)
{
	int n = 0, digit;

	if (*fmt == '*') {
		*count = va_arg(args->list, int);
		return fmt + 1;
	}
	for (; isdigit(*fmt); fmt++) {
		digit = *fmt - '0';
		n = n < INT_MAX / 10 ? 10 * n + digit : INT_MAX;
	}
	*count = n;
	return fmt;
}

static const char *parse_length(const char *fmt, size_t *arg_bytes)
{
	switch (*fmt) {
	case 'h':
		*arg_bytes = fmt[1] == 'h' ? sizeof(char) : sizeof(short);
		return fmt[1] == 'h' ? fmt + 2 : fmt + 1;
	case 'l':
		*arg_bytes = fmt[1] == 'l' ? sizeof(long long) : sizeof(long);
		return fmt[1] == 'l' ? fmt + 2 : fmt + 1;
	case 'z':
		*arg_bytes = sizeof(size_t);
		return fmt + 1;
	case 't':
		*arg_bytes = sizeof(ptrdiff_t);
		return fmt + 1;
	default:
		*arg_bytes = sizeof(int);
		return fmt;
	}
}

/* From after '%' to the conversion's letter. */
static const char *parse_spec(const char *fmt, struct args *args, struct spec *spec)
{
	spec->flags = 0;
	spec->width = 0;
	spec->precision = PRECISION_NONE;
	if (*fmt >= FIRST_LETTER)
		return parse_length(fmt, &spec->arg_bytes);

	fmt = parse_flags(fmt, &spec->flags);
	fmt = parse_count(fmt, args, &spec->width);
	if (spec->width < 0) {
		spec->flags |= FLAG_LEFT;
		spec->width = spec->width == INT_MIN ? INT_MAX : -spec->width;
	}
	if (*fmt == '.')
		fmt = parse_count(fmt + 1, args, &spec->precision);
	return parse_length(fmt, &spec->arg_bytes);
}

static void out_text(struct out *out, const struct spec *spec, const char *s)
{
	const char *bad = bad_pointer(s);

	if (bad)
		s = bad;
	out_padded(out, spec, s,
		   spec->precision < 0 ? strlen(s) : strnlen(s, (size_t)spec->precision));
}

/* By the conversion's letter. Returns whether it is one of an integer. */
static bool out_integer(struct out *out, struct spec *spec, char letter, struct args *args)
{
	bool is_signed = letter == 'd' || letter == 'i';
	u64 value;

	if (!letter || !strchr("diuoxX", letter))
		return false;
	value = next_integer(args, spec, is_signed);
	if (letter == 'X')
		spec->flags |= FLAG_UPPER;
	if (is_signed)
		out_signed(out, spec, value);
	else if (letter == 'x' || letter == 'X')
		out_hex(out, spec, value);
	else
		out_number(out, spec, value, letter == 'u' ? 10 : 8, "");
	return true;
}

/* One conversion, `fmt` at its letter. Returns what follows it, or NULL if it does not exist. */
static const char *convert(struct out *out, struct spec *spec, const char *fmt, struct args *args)
{
	char c = *fmt++;

	switch (c) {
	case 's':
		out_text(out, spec, va_arg(args->list, const char *));
		return fmt;
	case 'c':
		c = (char)va_arg(args->list, int);
		out_padded(out, spec, &c, 1);
		return fmt;
	case 'p':
		return out_pointer(out, spec, va_arg(args->list, const void *), fmt);
	case '%':
		out_bytes(out, "%", 1);
		return fmt;
	default:
		return out_integer(out, spec, c, args) ? fmt : NULL;
	}
}

/* One from 0 to SHORT_NUMBER_MAX into the buffer, if it has room. Returns its digits, or 0. */
static size_t put_short_number(char *at, size_t room, u32 value)
{
	size_t digits = value < 10 ? 1 : value < 100 ? 2 : value < 1000 ? 3 : 4;
	char *first = at + digits;

	if (value > SHORT_NUMBER_MAX || digits > room)
		return 0;
	do {
		u32 quot = div10(value);

		*--first = (char)('0' + (value - 10 * quot));
		value = quot;
	} while (first != at);
	return digits;
}

/*
 * From '%' on, `*len` bytes having come before. Returns what follows the conversion, or NULL if it
 * does not exist.
 */
static noinline const char *out_conversion(char *buf, size_t size, size_t *len,
					   const char *percent, struct args *args)
{
	struct out out = { .buf = buf, .size = size, .len = min(*len, (size_t)INT_MAX) };
	struct spec spec;
	const char *fmt = parse_spec(percent + 1, args, &spec);

	fmt = convert(&out, &spec, fmt, args);
	if (!fmt)
		out_string(&out, percent);
	*len = out.len;
	return fmt;
}

static bool is_decimal(char letter)
{
	return letter == 'u' || letter == 'd';
}

/* A text, `len` bytes having come before. Returns how many there are with it. */
static noinline size_t put_text(char *buf, size_t size, size_t len, const char *s)
{
	const char *bad = bad_pointer(s);

	for (s = bad ? bad : s; *s; s++, len++)
		if (len < size)
			buf[len] = *s;
	return len;
}

/* Text and short numbers are most of what there is: they are put into the buffer here. */
int vsnprintf(char *buf, size_t size, const char *fmt, va_list list)
{
	struct args args;
	size_t len = 0;

	va_copy(args.list, list);
	while (fmt) {
		size_t at = len;
		char c = *fmt;

		while (c && c != '%') {
			if (at < size)
				buf[at] = c;
			at++;
			c = *++fmt;
		}
		len = at;
		if (!c)
			break;
		if (fmt[1] == 's') {
			len = put_text(buf, size, len, va_arg(args.list, const char *));
			fmt += 2;
			continue;
		}
		if (is_decimal(fmt[1]) && len < size) {
			struct args before;
			size_t digits;

			va_copy(before.list, args.list);
			digits = put_short_number(buf + at, size - at, va_arg(args.list, u32));
			if (digits) {
				va_end(before.list);
				len += digits;
				fmt += 2;
				continue;
			}
			/* A longer one is taken again. */
			va_end(args.list);
			va_copy(args.list, before.list);
			va_end(before.list);
		}
		fmt = out_conversion(buf, size, &len, fmt, &args);
	}
	va_end(args.list);

	if (size)
		buf[min(len, size - 1)] = '\0';
	return (int)min(len, (size_t)INT_MAX);
}

int snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return len;
}

int vscnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	int len = vsnprintf(buf, size, fmt, args);

	if (size == 0)
		return 0;
	return (size_t)len < size ? len : (int)(size - 1);
}

int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vscnprintf(buf, size, fmt, args);
	va_end(args);
	return len;
}
