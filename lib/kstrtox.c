/* SPDX-License-Identifier: MIT */
/*
 * Numbers from whole strings. One parser yields sign and magnitude; two checks
 * of range, one for unsigned types and one for signed, serve every width, and
 * each public function is one line over its own limits.
 */
#include <lib/kstrtox.h>

#include <lib/ctype.h>
#include <lib/errno.h>
#include <limits.h>

static unsigned int digit_value(char c)
{
	if (isdigit(c))
		return (unsigned int)(c - '0');
	if (isxdigit(c))
		return (unsigned int)(tolower(c) - 'a' + 10);
	return UINT_MAX;
}

/* Steps over a 0x that belongs to a number of base 16, and settles base 0. */
static const char *parse_base(const char *s, unsigned int *base)
{
	bool prefix = s[0] == '0' && tolower(s[1]) == 'x';

	if (*base == 0)
		*base = prefix ? 16 : s[0] == '0' ? 8 : 10;
	return *base == 16 && prefix ? s + 2 : s;
}

static int parse_magnitude(const char *s, unsigned int base, u64 *res)
{
	bool overflow = false;
	const char *first;
	u64 value = 0;

	s = parse_base(s, &base);
	for (first = s; digit_value(*s) < base; s++) {
		overflow |= __builtin_mul_overflow(value, base, &value);
		overflow |= __builtin_add_overflow(value, digit_value(*s), &value);
	}
	if (overflow)
		return -ERANGE;
	if (s == first)
		return -EINVAL;
	if (*s == '\n')
		s++;
	if (*s)
		return -EINVAL;
	*res = value;
	return 0;
}

static int parse_unsigned(const char *s, unsigned int base, u64 highest, u64 *res)
{
	int err = parse_magnitude(*s == '+' ? s + 1 : s, base, res);

	if (err)
		return err;
	return *res > highest ? -ERANGE : 0;
}

static int parse_signed(const char *s, unsigned int base, s64 highest, s64 *res)
{
	bool negative = *s == '-';
	u64 magnitude;
	int err;

	err = parse_magnitude(negative || *s == '+' ? s + 1 : s, base, &magnitude);
	if (err)
		return err;
	if (magnitude > (u64)highest + negative)
		return -ERANGE;
	*res = (s64)(negative ? -magnitude : magnitude);
	return 0;
}

#define DEFINE_KSTRTOX(name, type, parse, wide, highest)		\
	int name(const char *s, unsigned int base, type *res)		\
	{								\
		wide value;						\
		int err = parse(s, base, highest, &value);		\
									\
		if (!err)						\
			*res = (type)value;				\
		return err;						\
	}

DEFINE_KSTRTOX(kstrtoull, unsigned long long, parse_unsigned, u64, ULLONG_MAX)
DEFINE_KSTRTOX(kstrtoul, unsigned long, parse_unsigned, u64, ULONG_MAX)
DEFINE_KSTRTOX(kstrtouint, unsigned int, parse_unsigned, u64, UINT_MAX)
DEFINE_KSTRTOX(kstrtou32, u32, parse_unsigned, u64, UINT32_MAX)
DEFINE_KSTRTOX(kstrtou16, u16, parse_unsigned, u64, UINT16_MAX)
DEFINE_KSTRTOX(kstrtou8, u8, parse_unsigned, u64, UINT8_MAX)

DEFINE_KSTRTOX(kstrtoll, long long, parse_signed, s64, LLONG_MAX)
DEFINE_KSTRTOX(kstrtol, long, parse_signed, s64, LONG_MAX)
DEFINE_KSTRTOX(kstrtoint, int, parse_signed, s64, INT_MAX)
DEFINE_KSTRTOX(kstrtos32, s32, parse_signed, s64, INT32_MAX)
DEFINE_KSTRTOX(kstrtos16, s16, parse_signed, s64, INT16_MAX)
DEFINE_KSTRTOX(kstrtos8, s8, parse_signed, s64, INT8_MAX)

int kstrtobool(const char *s, bool *res)
{
	int c = s ? tolower(s[0]) : '\0';

	if (c == 'o')
		c = tolower(s[1]) == 'n' ? 'y' : tolower(s[1]) == 'f' ? 'n' : '\0';

	switch (c) {
	case 'y':
	case 't':
	case '1':
		*res = true;
		return 0;
	case 'n':
	case 'f':
	case '0':
		*res = false;
		return 0;
	default:
		return -EINVAL;
	}
}
