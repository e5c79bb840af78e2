/* SPDX-License-Identifier: MIT */
/*
 * The formatter against the host's own, and against golden lines where the
 * host has no such format. The formats are computed, and deliberately odd.
 */
#include <lib/sprintf.h>

#include <lib/err.h>
#include <lib/math.h>
#include <lib/minmax.h>
#include <limits.h>

#include "kunit_host.h"

#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-overflow"

/* The C library's. */
int host_snprintf(char *buf, size_t size, const char *fmt, ...) __asm__("snprintf")
	__printf(3, 4);

/* ---- what the formatter asks the layers above ---- */

struct device_node {
	const char *name;
	const struct device_node *parent;
};

struct resource {
	struct sprintf_resource desc;
};

#define SYMBOL_BASE	0x40100000ul
#define SYMBOL_SIZE	0x80ul

static const struct device_node root = { "", NULL };
static const struct device_node soc = { "soc", &root };
static const struct device_node uart = { "pl011@9000000", &soc };
static const struct device_node loop = { "loop", &loop };

const char *sprintf_node_name(const struct device_node *node, const struct device_node **parent)
{
	*parent = node->parent;
	return node->name;
}

void sprintf_describe_resource(const struct resource *res, struct sprintf_resource *desc)
{
	*desc = res->desc;
}

/* One function, gpio_probe, and a Thumb bit to be cleared. */
bool sprintf_find_symbol(unsigned long addr, struct sprintf_symbol *sym)
{
	addr &= ~1ul;
	if (addr - SYMBOL_BASE >= SYMBOL_SIZE)
		return false;
	*sym = (struct sprintf_symbol){ "gpio_probe", addr - SYMBOL_BASE, SYMBOL_SIZE };
	return true;
}

/* ---- against the host's printf ---- */

#define ROOM	256
#define UNTOUCHED	((char)0xa5)
#define ARGS_MAX	8

/*
 * Every argument here travels as 64 bits, which is how the ABIs of 64-bit hosts pass an
 * int, a long and a pointer alike.
 */
_Static_assert(sizeof(void *) == 8, "the host has 64-bit argument slots");

struct call {
	char fmt[ROOM];
	u64 arg[ARGS_MAX];
	size_t size;
};

#define CALL(function, buf, c)							\
	function(buf, (c)->size, (c)->fmt, (c)->arg[0], (c)->arg[1], (c)->arg[2],	\
		 (c)->arg[3], (c)->arg[4], (c)->arg[5], (c)->arg[6], (c)->arg[7])

/* Same text, same length, same bytes around it. */
static void expect_as_host(struct kunit *test, const struct call *c)
{
	char ours[ROOM], hosts[ROOM];
	int our_len, host_len;

	memset(ours, UNTOUCHED, sizeof(ours));
	memset(hosts, UNTOUCHED, sizeof(hosts));
	our_len = CALL(snprintf, ours, c);
	host_len = CALL(host_snprintf, hosts, c);
	if (our_len == host_len && memcmp(ours, hosts, sizeof(ours)) == 0)
		return;
	ours[ROOM - 1] = hosts[ROOM - 1] = '\0';
	KUNIT_FAIL(test, "\"%s\" 0x%llx 0x%llx 0x%llx size %zu: %d \"%s\", the host %d \"%s\"",
		   c->fmt, c->arg[0], c->arg[1], c->arg[2], c->size, our_len, ours, host_len,
		   hosts);
}

static const char *const widths[] = { "", "1", "5", "26", "*" };
static const char *const precisions[] = { "", ".", ".0", ".1", ".7", ".24", ".*" };
static const char *const lengths[] = { "", "hh", "h", "l", "ll", "z", "t" };
static const char conversions[] = "diuoxX";
static const int star_widths[] = { -12, 0, 12 };
static const int star_precisions[] = { -1, 0, 12 };
static const u64 integers[] = {
	0, 1, 9, 10, 99, 100, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000,
	0xffffffff, 0x100000000, 0x2540be400, 0x7fffffffffffffff, 0x8000000000000000,
	0xffffffffffffffff, 0xfffffffffffffff6, 0x123456789abcdef0,
};

#define FLAGS	"-+ #0"

static char *put_flags(char *p, unsigned int set)
{
	for (const char *flag = FLAGS; *flag; flag++, set >>= 1) {
		if (set & 1)
			*p++ = *flag;
	}
	return p;
}

static char *put_string(char *p, const char *s)
{
	return (char *)memcpy(p, s, strlen(s)) + strlen(s);
}

static bool has_star(const char *count)
{
	return strchr(count, '*');
}

/* One format with every integer; `*` takes its few values too. */
static void expect_integers(struct kunit *test, struct call *c, const char *width,
			    const char *precision)
{
	size_t rounds_w = has_star(width) ? ARRAY_SIZE(star_widths) : 1;
	size_t rounds_p = has_star(precision) ? ARRAY_SIZE(star_precisions) : 1;

	for (size_t w = 0; w < rounds_w; w++)
	for (size_t p = 0; p < rounds_p; p++)
	for (size_t i = 0; i < ARRAY_SIZE(integers) && test->status != KUNIT_FAILURE; i++) {
		u64 *arg = c->arg;

		if (has_star(width))
			*arg++ = (u64)star_widths[w];
		if (has_star(precision))
			*arg++ = (u64)star_precisions[p];
		*arg = integers[i];
		expect_as_host(test, c);
	}
}

static void every_integer_format_is_as_the_hosts(struct kunit *test)
{
	struct call c = { .size = ROOM };

	for (unsigned int flags = 0; flags < 1u << strlen(FLAGS); flags++)
	for (size_t w = 0; w < ARRAY_SIZE(widths); w++)
	for (size_t p = 0; p < ARRAY_SIZE(precisions); p++)
	for (size_t l = 0; l < ARRAY_SIZE(lengths); l++)
	for (const char *conversion = conversions; *conversion; conversion++) {
		char *end = c.fmt;

		*end++ = '%';
		end = put_flags(end, flags);
		end = put_string(end, widths[w]);
		end = put_string(end, precisions[p]);
		end = put_string(end, lengths[l]);
		*end++ = *conversion;
		*end = '\0';
		expect_integers(test, &c, widths[w], precisions[p]);
	}
}

static void every_text_format_is_as_the_hosts(struct kunit *test)
{
	static const char *const strings[] = { "", "a", "crab", "a string of some length" };
	struct call c = { .size = ROOM };

	for (int left = 0; left < 2; left++)
	for (int width = 0; width < 30; width++)
	for (int precision = -1; precision < 30; precision++)
	for (size_t i = 0; i < ARRAY_SIZE(strings); i++) {
		char dot[8] = "";

		if (precision >= 0)
			host_snprintf(dot, sizeof(dot), ".%d", precision);
		host_snprintf(c.fmt, sizeof(c.fmt), width ? "<%%%s%d%ss>" : "<%%%s%.0d%ss>",
			      left ? "-" : "", width, dot);
		c.arg[0] = (u64)strings[i];
		expect_as_host(test, &c);
		host_snprintf(c.fmt, sizeof(c.fmt), width ? "<%%%s%dc%%%%>" : "<%%%s%.0dc%%%%>",
			      left ? "-" : "", width);
		c.arg[0] = 'q';
		expect_as_host(test, &c);
		if (test->status == KUNIT_FAILURE)
			return;
	}
}

/* Appends one random conversion and its arguments, `*` included. */
static void add_random_conversion(struct call *c, struct random *random, unsigned int *args)
{
	static const char *const texts[] = { "", "PL061", "nine lives" };
	const char *width = widths[random_below(random, ARRAY_SIZE(widths))];
	const char *precision = precisions[random_below(random, ARRAY_SIZE(precisions))];
	char *end = c->fmt + strlen(c->fmt);
	bool is_text = random_below(random, 4) == 0;

	end = put_string(end, " x=%");
	end = put_flags(end, random_below(random, is_text ? 2 : 32));
	end = put_string(end, width);
	end = put_string(end, precision);
	if (has_star(width))
		c->arg[(*args)++] = (u64)(int)(random_below(random, 40) - 20);
	if (has_star(precision))
		c->arg[(*args)++] = (u64)(int)(random_below(random, 20) - 5);
	if (is_text) {
		*end++ = 's';
		c->arg[(*args)++] = (u64)texts[random_below(random, ARRAY_SIZE(texts))];
	} else {
		end = put_string(end, lengths[random_below(random, ARRAY_SIZE(lengths))]);
		*end++ = conversions[random_below(random, sizeof(conversions) - 1)];
		c->arg[(*args)++] = random_next(random) >> random_below(random, 64);
	}
	*end = '\0';
}

static void random_lines_cut_anywhere_are_as_the_hosts(struct kunit *test)
{
	struct random random = { 20221 };

	for (int round = 0; round < 100000 && test->status != KUNIT_FAILURE; round++) {
		struct call c = { .fmt = "" };
		unsigned int args = 0;

		while (args + 3 <= ARGS_MAX)
			add_random_conversion(&c, &random, &args);
		c.size = random_below(&random, ROOM);
		expect_as_host(test, &c);
	}
}

static void random_integers_of_every_size_are_as_the_hosts(struct kunit *test)
{
	struct random random = { 6 };

	for (int round = 0; round < 300000 && test->status != KUNIT_FAILURE; round++) {
		u64 value = random_next(&random) >> random_below(&random, 64);
		struct call c = { .fmt = "%llu %lld %llx %llo %d", .size = ROOM };

		for (int i = 0; i < 5; i++)
			c.arg[i] = value;
		expect_as_host(test, &c);
	}
}

/* ---- what C leaves open, or what is ours alone ---- */

/* The whole text, with a width's worth of checks that a cut buffer does not change it. */
#define EXPECT_TEXT(test, wanted, fmt...) do {					\
	char text__[ROOM];							\
	int len__ = snprintf(text__, sizeof(text__), fmt);			\
										\
	KUNIT_EXPECT_STREQ(test, text__, wanted);				\
	KUNIT_EXPECT_EQ(test, len__, strlen(wanted));				\
	KUNIT_EXPECT_EQ(test, snprintf(NULL, 0, fmt), len__);			\
} while (0)

static void pointers_show_all_their_digits(struct kunit *test)
{
	EXPECT_TEXT(test, "0x0000000009030000", "%p", (void *)0x09030000);
	EXPECT_TEXT(test, "0x0000000009030000", "%px", (void *)0x09030000);
	EXPECT_TEXT(test, "0x0000000000000000", "%p", NULL);
	EXPECT_TEXT(test, "  0xffffffffffffffff|", "%20p|", (void *)-1L);
	EXPECT_TEXT(test, "0xffffffffffffffff  |", "%-20p|", (void *)-1L);
}

static void letters_after_a_pointer_belong_to_it(struct kunit *test)
{
	EXPECT_TEXT(test, "0x0000000000001234, end", "%pZz9, end", (void *)0x1234);
	EXPECT_TEXT(test, "0x0000000000001234", "%pK", (void *)0x1234);
}

static void error_pointers_have_names(struct kunit *test)
{
	EXPECT_TEXT(test, "-ENOMEM", "%pe", ERR_PTR(-ENOMEM));
	EXPECT_TEXT(test, "-EPROBE_DEFER.", "%pe.", ERR_PTR(-EPROBE_DEFER));
	EXPECT_TEXT(test, "-4000", "%pe", ERR_PTR(-4000));
	EXPECT_TEXT(test, "0x0000000000001000", "%pe", (void *)0x1000);
	EXPECT_TEXT(test, "0x0000000000000000", "%pe", NULL);
	EXPECT_TEXT(test, "   -EIO|-EIO   |", "%7pe|%-7pe|", ERR_PTR(-EIO), ERR_PTR(-EIO));
}

static void physical_addresses_are_64_bits_wide(struct kunit *test)
{
	phys_addr_t high = 0x8800000000, low = 0x09000000;

	EXPECT_TEXT(test, "0x0000008800000000", "%pa", &high);
	EXPECT_TEXT(test, "0x0000000009000000", "%pap", &low);
	EXPECT_TEXT(test, "[0x0000000009000000]", "[%pad]", &low);
	EXPECT_TEXT(test, "(null)", "%pa", NULL);
}

static void nodes_show_their_path(struct kunit *test)
{
	EXPECT_TEXT(test, "/", "%pOF", &root);
	EXPECT_TEXT(test, "/soc/pl011@9000000", "%pOF", &uart);
	EXPECT_TEXT(test, "/soc/pl011@9000000: on", "%pOFf: %s", &uart, "on");
	EXPECT_TEXT(test, "pl011", "%pOFn", &uart);
	EXPECT_TEXT(test, "soc", "%pOFn", &soc);
	EXPECT_TEXT(test, "pl011@9000000", "%pOFP", &uart);
	EXPECT_TEXT(test, "  /soc|/soc  |", "%6pOF|%-6pOF|", &soc, &soc);
	EXPECT_TEXT(test, "(null)", "%pOF", NULL);
	EXPECT_TEXT(test, "(efault)", "%pOF", (void *)8);
	EXPECT_TEXT(test, "(efault)", "%pOF", ERR_PTR(-ENODEV));
}

static void a_loop_of_parents_ends(struct kunit *test)
{
	char text[1024];

	KUNIT_EXPECT_EQ(test, snprintf(text, sizeof(text), "%pOF", &loop), 3 + 64 * 5);
	text[14] = '\0';
	KUNIT_EXPECT_STREQ(test, text, ".../loop/loop/");
}

static int __printf(3, 4) pass_on(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = snprintf(buf, size, "<%pV|%14pV>", &(struct va_format){ .fmt = fmt, .va = &args },
		       &(struct va_format){ .fmt = fmt, .va = &args });
	va_end(args);
	return len;
}

static void a_text_of_its_own_is_put_in_place(struct kunit *test)
{
	static const char want[] = "<5 of %: -EIO|  5 of %: -EIO>";
	char buf[64];

	KUNIT_EXPECT_EQ(test, pass_on(buf, sizeof(buf), "%d of %%: %pe", 5, ERR_PTR(-EIO)),
			(int)strlen(want));
	KUNIT_EXPECT_STREQ(test, buf, want);
	for (size_t size = 1; size < sizeof(want); size++) {
		memset(buf, '#', sizeof(buf));
		KUNIT_EXPECT_EQ(test, pass_on(buf, size, "%d of %%: %pe", 5, ERR_PTR(-EIO)),
				(int)strlen(want));
		KUNIT_EXPECT_EQ(test, strncmp(buf, want, size - 1), 0);
		KUNIT_EXPECT_EQ(test, buf[size - 1], '\0');
		KUNIT_EXPECT_EQ(test, buf[size], '#');
	}
}

static void resources_show_kind_and_range(struct kunit *test)
{
	const struct resource mem = { { "mem", 0x09030000, 0x09030fff, 0x200, 8 } };
	const struct resource high = { { "mem", 0x8000000000, 0xffffffffff, 0x200, 8 } };
	const struct resource irq = { { "irq", 34, 34, 0x400, 0 } };
	const struct resource irqs = { { "irq", 32, 39, 0x400, 0 } };
	const struct resource odd = { { NULL, 0, 0xf, 0x1234, 4 } };

	EXPECT_TEXT(test, "[mem 0x09030000-0x09030fff]", "%pR", &mem);
	EXPECT_TEXT(test, "[mem 0x8000000000-0xffffffffff]", "%pR", &high);
	EXPECT_TEXT(test, "[irq 34]", "%pR", &irq);
	EXPECT_TEXT(test, "[irq 32-39]", "%pR", &irqs);
	EXPECT_TEXT(test, "[??? 0x0000-0x000f flags 0x1234]", "%pR", &odd);
	EXPECT_TEXT(test, "  [irq 34]|", "%10pR|", &irq);
	EXPECT_TEXT(test, "(null)", "%pR", NULL);
}

static void code_addresses_have_names(struct kunit *test)
{
	void *start = (void *)SYMBOL_BASE, *end = (void *)(SYMBOL_BASE + SYMBOL_SIZE);
	void *thumb = (void *)(SYMBOL_BASE + 0x1d), *thumb_end = (void *)(SYMBOL_BASE + 0x81);

	EXPECT_TEXT(test, "gpio_probe+0x0/0x80", "%pS", start);
	EXPECT_TEXT(test, "gpio_probe+0x1c/0x80", "%pS", thumb);
	EXPECT_TEXT(test, "gpio_probe", "%ps", thumb);
	EXPECT_TEXT(test, "0x0000000040100080", "%pS", end);
	EXPECT_TEXT(test, "0x0000000000000000", "%ps", NULL);

	/* After a call that does not return, and is a function's last, there is no more of it. */
	EXPECT_TEXT(test, "gpio_probe+0x80/0x80", "%pB", end);
	EXPECT_TEXT(test, "gpio_probe+0x80/0x80", "%pB", thumb_end);
	EXPECT_TEXT(test, "gpio_probe+0x1c/0x80", "%pB", thumb);
}

static void a_bad_string_is_named_not_followed(struct kunit *test)
{
	EXPECT_TEXT(test, "(null)", "%s", (char *)NULL);
	EXPECT_TEXT(test, "  (nu", "%5.3s", (char *)NULL);
	EXPECT_TEXT(test, "(efault)", "%s", (char *)16);
	EXPECT_TEXT(test, "(efault)", "%s", (char *)ERR_PTR(-EINVAL));
}

/* Not terminated, and ASan watches its end. */
static void a_precision_bounds_what_is_read(struct kunit *test)
{
	char *bytes = memcpy(malloc(3), "abc", 3);

	EXPECT_TEXT(test, "abc|ab", "%.3s|%.*s", bytes, 2, bytes);
	free(bytes);
}

static void an_unknown_conversion_stops_the_line(struct kunit *test)
{
	const char *fmt;

	EXPECT_TEXT(test, "1 %f %d", "%d %f %d", 1, 2.0, 3);
	fmt = "%d %-5.2y %s";
	EXPECT_TEXT(test, "1 %-5.2y %s", fmt, 1, 2, "3");
	fmt = "end %";
	EXPECT_TEXT(test, "end %", fmt, 0);
	fmt = "end %-08l";
	EXPECT_TEXT(test, "end %-08l", fmt, 0);
}

static void a_text_longer_than_int_saturates(struct kunit *test)
{
	char text[8];

	KUNIT_EXPECT_EQ(test, snprintf(text, sizeof(text), "%*d", INT_MAX, 1), INT_MAX);
	KUNIT_EXPECT_STREQ(test, text, "       ");
	KUNIT_EXPECT_EQ(test, snprintf(NULL, 0, "%*d%*d", INT_MAX, 1, INT_MIN, 1), INT_MAX);
	KUNIT_EXPECT_EQ(test, snprintf(text, sizeof(text), "ab%.*d", INT_MAX, 1), INT_MAX);
	KUNIT_EXPECT_STREQ(test, text, "ab00000");
	KUNIT_EXPECT_EQ(test, snprintf(NULL, 0, "%99999999999d", 1), INT_MAX);
}

static void nothing_is_written_outside_the_buffer(struct kunit *test)
{
	for (size_t size = 0; size < 40; size++) {
		char *buf = malloc(size ? size : 1);

		*buf = UNTOUCHED;
		KUNIT_EXPECT_EQ(test, snprintf(buf, size, "%-9d%9s%pOF", 5, "x", &uart), 36);
		if (size)
			KUNIT_EXPECT_EQ(test, strlen(buf), min(size - 1, (size_t)36));
		else
			KUNIT_EXPECT_EQ(test, *buf, UNTOUCHED);
		free(buf);
	}
}

/* A short number is put into the buffer at once if it fits: to the last byte, and not past it. */
static void a_number_is_cut_where_the_buffer_ends(struct kunit *test)
{
	static const int values[] = { 0, 9, 10, 99, 100, 999, 1000, 9999, 10000, -1, INT_MIN };
	char ours[16], hosts[16];

	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		for (size_t size = 0; size < 12; size++) {
			memset(ours, UNTOUCHED, sizeof(ours));
			memset(hosts, UNTOUCHED, sizeof(hosts));
			KUNIT_EXPECT_EQ(test, snprintf(ours, size, "%d%u", values[i], 7u),
					host_snprintf(hosts, size, "%d%u", values[i], 7u));
			KUNIT_EXPECT_TRUE(test, memcmp(ours, hosts, sizeof(ours)) == 0);
		}
	}
}

static void scnprintf_returns_what_is_there(struct kunit *test)
{
	char text[5];

	KUNIT_EXPECT_EQ(test, scnprintf(text, sizeof(text), "%d", 1234), 4);
	KUNIT_EXPECT_EQ(test, scnprintf(text, sizeof(text), "%d", 12345), 4);
	KUNIT_EXPECT_STREQ(test, text, "1234");
	KUNIT_EXPECT_EQ(test, scnprintf(text, 1, "%d", 12345), 0);
	KUNIT_EXPECT_STREQ(test, text, "");
	KUNIT_EXPECT_EQ(test, scnprintf(NULL, 0, "%d", 12345), 0);
	KUNIT_EXPECT_EQ(test, scnprintf(text, sizeof(text), "%s", ""), 0);
}

static struct kunit_case sprintf_cases[] = {
	KUNIT_CASE(every_integer_format_is_as_the_hosts),
	KUNIT_CASE(every_text_format_is_as_the_hosts),
	KUNIT_CASE(random_lines_cut_anywhere_are_as_the_hosts),
	KUNIT_CASE(random_integers_of_every_size_are_as_the_hosts),
	KUNIT_CASE(pointers_show_all_their_digits),
	KUNIT_CASE(letters_after_a_pointer_belong_to_it),
	KUNIT_CASE(error_pointers_have_names),
	KUNIT_CASE(physical_addresses_are_64_bits_wide),
	KUNIT_CASE(nodes_show_their_path),
	KUNIT_CASE(a_loop_of_parents_ends),
	KUNIT_CASE(a_text_of_its_own_is_put_in_place),
	KUNIT_CASE(resources_show_kind_and_range),
	KUNIT_CASE(code_addresses_have_names),
	KUNIT_CASE(a_bad_string_is_named_not_followed),
	KUNIT_CASE(a_precision_bounds_what_is_read),
	KUNIT_CASE(an_unknown_conversion_stops_the_line),
	KUNIT_CASE(a_text_longer_than_int_saturates),
	KUNIT_CASE(nothing_is_written_outside_the_buffer),
	KUNIT_CASE(a_number_is_cut_where_the_buffer_ends),
	KUNIT_CASE(scnprintf_returns_what_is_there),
	{},
};

static struct kunit_suite sprintf_suite = {
	.name = "sprintf",
	.test_cases = sprintf_cases,
};

kunit_test_suite(sprintf_suite);
