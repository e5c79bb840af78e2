/* SPDX-License-Identifier: MIT */
/*
 * Reports of undefined behaviour.
 *
 * With -fsanitize=undefined the compiler puts a check before each operation
 * that could be undefined, and a call of one of these functions where the
 * check fails. Their names and arguments are an interface that gcc and clang
 * share: clang's documentation "UndefinedBehaviorSanitizer" names the checks,
 * the structs below are what each call passes first.
 *
 * A place is reported once: its column, a word that the compiler leaves to us,
 * says in its upper half in which round that was. This also ends a recursion
 * through a report that behaves undefined itself, so this file is the only one
 * that is not checked.
 *
 * Locking: none; who changes the column's word first reports.
 */
#include <kernel/ubsan.h>

#include <kernel/bug.h>
#include <kernel/printk.h>
#include <lib/atomic.h>
#include <lib/bits.h>
#include <lib/math.h>
#include <lib/sprintf.h>
#include <lib/types.h>

#define COLUMN_MASK	0xffffu
#define ROUND_SHIFT	16
#define TEXT_MAX	128	/* a report may come in an interrupt, on a small stack */
#define VALUE_MAX	24

/* What the compiler passes. All [I], but for `column`. */
struct location {
	const char *file;	/* NULL: not known */
	u32 line;
	u32 column;		/* [a] the upper half is ours */
};

enum type_kind {
	TYPE_INTEGER,
	TYPE_FLOAT,
};

struct type {
	u16 kind;
	u16 info;		/* of an integer: is it signed, then the log2 of its bits */
	char name[];		/* in quotes */
};

struct overflow_data {
	struct location where;
	const struct type *type;
};

struct shift_data {
	struct location where;
	const struct type *left, *right;
};

struct bounds_data {
	struct location where;
	const struct type *array, *index;
};

struct pointer_data {
	struct location where;
};

struct mismatch_data {
	struct location where;
	const struct type *type;
	u8 log_alignment;
	u8 access;
};

struct value_data {
	struct location where;
	const struct type *type;
};

struct argument_data {
	struct location where, attribute;
	int number;
};

struct alignment_data {
	struct location where, assumption;
	const struct type *type;
};

struct builtin_data {
	struct location where;
	u8 kind;
};

static u32 reporting_round = 1;		/* [a] */

void ubsan_report_again(void)
{
	WRITE_ONCE(reporting_round, (reporting_round + 1) & COLUMN_MASK);
}

/* True for one caller in each round. */
static bool is_news(struct location *where)
{
	u32 round = READ_ONCE(reporting_round);
	u32 column = READ_ONCE(where->column);

	return column >> ROUND_SHIFT != round &&
	       cmpxchg(&where->column, column,
		       (column & COLUMN_MASK) | round << ROUND_SHIFT) == column;
}

static void __printf(3, 4) report(struct location *where, const char *kind, const char *fmt, ...)
{
	char text[TEXT_MAX];
	va_list args;

	if (!is_news(where))
		return;
	if (report_begin("UBSAN: %s at %s:%u:%u", kind, where->file ? where->file : "?",
			 where->line, where->column & COLUMN_MASK)) {
		va_start(args, fmt);
		vsnprintf(text, sizeof(text), fmt, args);
		va_end(args);
		pr_warn("  %s\n", text);
	}
	report_end();
}

static bool is_signed(const struct type *type)
{
	return type->kind == TYPE_INTEGER && type->info & 1;
}

static unsigned int bits_of(const struct type *type)
{
	return 1u << (type->info >> 1);
}

/* What is wider than a register is passed by its address. */
static u64 value_of(const struct type *type, unsigned long passed)
{
	unsigned int bits = bits_of(type);
	/* SAFETY: the compiler passes the address of what has more bits than a long. */
	u64 value = bits <= BITS_PER_LONG ? passed : *(const u64 *)passed;

	if (bits >= 64)
		return value;
	value &= BIT_ULL(bits) - 1;
	if (is_signed(type) && value & BIT_ULL(bits - 1))
		value |= ~(BIT_ULL(bits) - 1);
	return value;
}

struct value_text {
	char text[VALUE_MAX];
};

static const char *show(struct value_text *out, const struct type *type, unsigned long passed)
{
	if (type->kind != TYPE_INTEGER)
		snprintf(out->text, sizeof(out->text), "(0x%lx)", passed);
	else if (is_signed(type))
		snprintf(out->text, sizeof(out->text), "%lld", (s64)value_of(type, passed));
	else
		snprintf(out->text, sizeof(out->text), "%llu", value_of(type, passed));
	return out->text;
}

static void report_overflow(struct overflow_data *data, const char *operation, unsigned long left,
			    unsigned long right)
{
	struct value_text l, r;

	report(&data->where, is_signed(data->type) ? "signed-integer-overflow"
						   : "unsigned-integer-overflow",
	       "%s %s %s does not fit the type %s", show(&l, data->type, left), operation,
	       show(&r, data->type, right), data->type->name);
}

/*
 * From here on what the compiler calls. It knows them as taking untyped
 * pointers; nothing else calls them, so no header declares them.
 */
#define HANDLER(name, ...)						\
	void __ubsan_handle_##name(__VA_ARGS__);			\
	void __ubsan_handle_##name(__VA_ARGS__)

/* Behind the call is no code that could go on. */
#define FATAL_HANDLER(name, ...)					\
	void __noreturn __ubsan_handle_##name(__VA_ARGS__);		\
	void __ubsan_handle_##name(__VA_ARGS__)

HANDLER(add_overflow, void *data, unsigned long left, unsigned long right)
{
	report_overflow(data, "+", left, right);
}

HANDLER(sub_overflow, void *data, unsigned long left, unsigned long right)
{
	report_overflow(data, "-", left, right);
}

HANDLER(mul_overflow, void *data, unsigned long left, unsigned long right)
{
	report_overflow(data, "*", left, right);
}

HANDLER(negate_overflow, void *p, unsigned long passed)
{
	struct overflow_data *data = p;
	struct value_text value;

	report(&data->where, "negation-overflow", "-(%s) does not fit the type %s",
	       show(&value, data->type, passed), data->type->name);
}

HANDLER(divrem_overflow, void *p, unsigned long left, unsigned long right)
{
	struct overflow_data *data = p;
	struct value_text l;

	if (data->type->kind == TYPE_INTEGER && value_of(data->type, right) != 0)
		report_overflow(data, "/", left, right);
	else
		report(&data->where, "division-by-zero", "%s / 0", show(&l, data->type, left));
}

HANDLER(shift_out_of_bounds, void *p, unsigned long left, unsigned long right)
{
	struct shift_data *data = p;
	unsigned int bits = bits_of(data->left);
	s64 exponent = (s64)value_of(data->right, right);
	struct value_text l, r;

	show(&l, data->left, left);
	show(&r, data->right, right);
	if (is_signed(data->right) && exponent < 0)
		report(&data->where, "shift-out-of-bounds", "the exponent %s is negative", r.text);
	else if ((u64)exponent >= bits)
		report(&data->where, "shift-out-of-bounds",
		       "the exponent %s is too large for the %u bits of %s", r.text, bits,
		       data->left->name);
	else
		report(&data->where, "shift-out-of-bounds", "%s << %s does not fit the type %s",
		       l.text, r.text, data->left->name);
}

HANDLER(out_of_bounds, void *p, unsigned long passed)
{
	struct bounds_data *data = p;
	struct value_text index;

	report(&data->where, "array-index-out-of-bounds", "index %s is out of range for type %s",
	       show(&index, data->index, passed), data->array->name);
}

static const char *access_name(u8 access)
{
	static const char *const names[] = {
		"load of", "store to", "reference to", "member access within", "member call on",
		"constructor call on", "downcast of", "downcast of", "upcast of",
		"cast to virtual base of", "binding of", "dynamic operation on",
	};

	return access < ARRAY_SIZE(names) ? names[access] : "access to";
}

HANDLER(type_mismatch_v1, void *p, unsigned long address)
{
	struct mismatch_data *data = p;
	unsigned long alignment = 1ul << data->log_alignment;
	const char *access = access_name(data->access);

	if (!address)
		report(&data->where, "null-pointer", "%s a null pointer of type %s", access,
		       data->type->name);
	else if (address & (alignment - 1))
		report(&data->where, "misaligned-pointer",
		       "%s the address 0x%08lx, which type %s wants aligned to %lu bytes", access,
		       address, data->type->name, alignment);
	else
		report(&data->where, "object-size",
		       "%s the address 0x%08lx, where no object of type %s has room", access,
		       address, data->type->name);
}

HANDLER(pointer_overflow, void *p, unsigned long base, unsigned long result)
{
	struct pointer_data *data = p;

	if (!base || !result)
		report(&data->where, "pointer-overflow",
		       "from 0x%08lx to 0x%08lx, of which one is null", base, result);
	else
		report(&data->where, "pointer-overflow", "0x%08lx went around to 0x%08lx", base,
		       result);
}

HANDLER(load_invalid_value, void *p, unsigned long passed)
{
	struct value_data *data = p;
	struct value_text value;

	report(&data->where, "invalid-value", "%s is no value of the type %s",
	       show(&value, data->type, passed), data->type->name);
}

HANDLER(vla_bound_not_positive, void *p, unsigned long passed)
{
	struct value_data *data = p;
	struct value_text value;

	report(&data->where, "array-bound", "an array of %s elements",
	       show(&value, data->type, passed));
}

HANDLER(nonnull_arg, void *p)
{
	struct argument_data *data = p;

	report(&data->where, "null-argument", "argument %d is declared to be never null",
	       data->number);
}

HANDLER(nullability_arg, void *data)
{
	__ubsan_handle_nonnull_arg(data);
}

HANDLER(nonnull_return_v1, void *attribute, void *where)
{
	(void)attribute;
	report(where, "null-return", "the function is declared to return never null");
}

HANDLER(nullability_return_v1, void *attribute, void *where)
{
	__ubsan_handle_nonnull_return_v1(attribute, where);
}

HANDLER(alignment_assumption, void *p, unsigned long address, unsigned long alignment,
	unsigned long offset)
{
	struct alignment_data *data = p;

	report(&data->where, "alignment-assumption",
	       "0x%08lx is assumed to be aligned to %lu bytes, with an offset of %lu", address,
	       alignment, offset);
}

HANDLER(function_type_mismatch, void *p, unsigned long function)
{
	struct value_data *data = p;

	/* SAFETY: printed, not followed. */
	report(&data->where, "function-type", "%ps is called as if it were of type %s",
	       (void *)function, data->type->name);
}

HANDLER(invalid_builtin, void *p)
{
	static const char *const names[] = { "ctz of 0", "clz of 0", "a false assumption" };
	struct builtin_data *data = p;

	report(&data->where, "invalid-builtin", "%s",
	       data->kind < ARRAY_SIZE(names) ? names[data->kind] : "of an unknown kind");
}

FATAL_HANDLER(builtin_unreachable, void *p)
{
	struct pointer_data *data = p;

	report(&data->where, "unreachable", "execution came where it was said it could not");
	__builtin_trap();
}

FATAL_HANDLER(missing_return, void *p)
{
	struct pointer_data *data = p;

	report(&data->where, "missing-return", "a function came to its end without a value");
	__builtin_trap();
}
