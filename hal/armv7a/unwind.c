/* SPDX-License-Identifier: MIT */
/*
 * A small unwinder over the exception index tables (Arm IHI 0038, sections 6,
 * 7 and 10).
 *
 * For each function the compiler left a few bytes that say how to undo its
 * prologue: add to sp, pop these registers. The index, sorted by address, is
 * searched for the pc; the bytes are run on a copy of the registers. Nothing
 * is trusted: stacks are read by a load that may fail, and sp must rise.
 *
 * The C library's assembly has no tables. It calls nobody, so lr leads out of
 * it; how much it has pushed is then found by trying: the first sp from which
 * its caller and all others lead to the start of the stack.
 */
#include <hal/unwind.h>
#include <hal/irqflags.h>
#include <hal/memory.h>
#include <hal/traps.h>
#include <lib/bits.h>
#include "hal_priv.h"

#define SP	13
#define LR	14
#define PC	15

#define LEAF_PUSHES_MAX	9	/* r4-r11, lr */
#define TRY_DEPTH_MAX	64

#define EXIDX_CANTUNWIND	1u
#define EXIDX_INLINE		BIT(31)

struct exidx {
	u32 function;	/* prel31 */
	u32 data;	/* the bytes themselves, prel31 to them, or CANTUNWIND */
};

extern const struct exidx __exidx_start[], __exidx_end[];

/* The bytes of one function, most significant first in each word. */
struct instructions {
	const u32 *word;
	unsigned int byte;	/* of *word, counted from the top */
	unsigned int left;	/* bytes, this one included */
};

/* The tables name these; without C++ nobody calls them. */
void __aeabi_unwind_cpp_pr0(void);
void __aeabi_unwind_cpp_pr1(void);
void __aeabi_unwind_cpp_pr2(void);
void __aeabi_unwind_cpp_pr0(void) { }
void __aeabi_unwind_cpp_pr1(void) { }
void __aeabi_unwind_cpp_pr2(void) { }

static unsigned long prel31(const u32 *p)
{
	return (unsigned long)p + (unsigned long)((s32)(*p << 1) >> 1);
}

static bool is_text(unsigned long pc)
{
	return pc >= (unsigned long)_image_start && pc < (unsigned long)_text_end;
}

static const struct exidx *find_entry(unsigned long pc)
{
	const struct exidx *low = __exidx_start, *high = __exidx_end;

	if (!is_text(pc) || low == high || pc < prel31(&low->function))
		return NULL;
	while (high - low > 1) {
		const struct exidx *mid = low + (high - low) / 2;

		if (pc < prel31(&mid->function))
			high = mid;
		else
			low = mid;
	}
	return low;
}

/* Finds the bytes of an entry; false for a function that says nothing. */
static bool read_header(const struct exidx *entry, struct instructions *in)
{
	unsigned int model;

	if (entry->data == EXIDX_CANTUNWIND)
		return false;
	in->word = entry->data & EXIDX_INLINE ? &entry->data : (const u32 *)prel31(&entry->data);
	if (!(*in->word & EXIDX_INLINE))
		return false;		/* a personality routine of its own: not C */
	model = *in->word >> 24 & 0xf;
	in->byte = model == 0 ? 1 : 2;
	in->left = model == 0 ? 3 : 2 + 4 * (*in->word >> 16 & 0xff);
	return model <= 2;
}

/* The next byte; past the end there are only "finish". */
static u8 next_byte(struct instructions *in)
{
	u8 byte;

	if (!in->left)
		return 0xb0;
	byte = (u8)(*in->word >> (24 - 8 * in->byte));
	in->left--;
	if (++in->byte == 4) {
		in->byte = 0;
		in->word++;
	}
	return byte;
}

/* Pops the registers of `mask` (bit n: r<n>), lowest first. */
static bool pop(struct hal_unwind *u, unsigned int mask)
{
	unsigned long sp = u->r[SP];

	for (unsigned int i = 0; i < 16; i++) {
		if (!(mask & BIT(i)))
			continue;
		if (hal_probe_read((const void *)sp, &u->r[i]))
			return false;
		sp += 4;
	}
	if (!(mask & BIT(SP)))
		u->r[SP] = sp;
	return true;
}

static unsigned long next_uleb128(struct instructions *in)
{
	unsigned long value = 0;
	unsigned int shift = 0;
	u8 byte;

	do {
		byte = next_byte(in);
		value |= (unsigned long)(byte & 0x7f) << shift;
		shift += 7;
	} while (byte & 0x80 && shift < 28);
	return value;
}

/* One instruction (IHI 0038, table 4). False: refused or not for a core without VFP. */
static bool run_one(struct hal_unwind *u, u8 op, struct instructions *in)
{
	unsigned int mask;

	if (op < 0x40) {
		u->r[SP] += ((op & 0x3fu) << 2) + 4;
	} else if (op < 0x80) {
		u->r[SP] -= ((op & 0x3fu) << 2) + 4;
	} else if (op < 0x90) {
		mask = (unsigned int)(op & 0xf) << 12 | (unsigned int)next_byte(in) << 4;
		return mask && pop(u, mask);
	} else if (op < 0xa0) {
		u->r[SP] = u->r[op & 0xf];
	} else if (op < 0xb0) {
		mask = (unsigned int)GENMASK(4 + (op & 7), 4);
		return pop(u, op & 8 ? mask | BIT(LR) : mask);
	} else if (op == 0xb1) {
		mask = next_byte(in);
		return mask && mask < 0x10 && pop(u, mask);
	} else if (op == 0xb2) {
		u->r[SP] += 0x204 + (next_uleb128(in) << 2);
	} else {
		return false;
	}
	return true;
}

/* The registers r8-r12 are shared by all modes in use; sp and lr are SVC's own. */
static void read_banked_svc(unsigned long *sp, unsigned long *lr)
{
	unsigned long cpsr = hal_read_cpsr(), svc = (cpsr & ~PSR_MODE_MASK) | PSR_MODE_SVC;

	__asm__ volatile("msr cpsr_c, %2\n\tmov %0, sp\n\tmov %1, lr\n\tmsr cpsr_c, %3"
			 : "=&r" (*sp), "=&r" (*lr) : "r" (svc | PSR_I | PSR_F), "r" (cpsr)
			 : "lr");	/* banked: must not be one of the operands */
}

/* From the interrupt's entry to the code it stopped: sp is at r0-r3, r12, pc, by entry.S. */
static bool leave_irq(struct hal_unwind *u)
{
	if (!pop(u, GENMASK(3, 0) | BIT(12) | BIT(PC)))
		return false;
	read_banked_svc(&u->r[SP], &u->r[LR]);
	u->exact = true;
	u->in_irq = false;
	return is_text(u->r[PC]);
}

/* The C library's assembly says nothing of itself, but it calls nobody: lr is its caller. */
static bool leave_leaf(struct hal_unwind *u)
{
	if (!u->exact || u->r[LR] == u->r[PC])
		return false;
	u->r[PC] = u->r[LR] & ~1UL;
	u->exact = false;
	u->sp_unsure = true;
	return is_text(u->r[PC]);
}

/* Whether a call comes back to `pc`: BL or BLX in either state, also by a register. */
static bool is_behind_call(unsigned long pc)
{
	const u16 *half = (const u16 *)pc;
	u32 arm;

	if (!is_text(pc - 4))
		return false;
	if ((half[-2] & 0xf800) == 0xf000 && (half[-1] & 0xc000) == 0xc000)
		return true;
	if ((half[-1] & 0xff87) == 0x4780)
		return true;
	arm = (u32)half[-1] << 16 | half[-2];
	return !(pc & 2) && ((arm & 0x0f000000) == 0x0b000000 || arm >> 25 == 0x7d ||
			     (arm & 0x0ffffff0) == 0x012fff30);
}

/* Of a BL in Thumb state (ARM DDI 0406C, A8.8.25) that comes back to `pc`. */
static unsigned long bl_target(unsigned long pc)
{
	/* SAFETY: is_behind_call() has looked at the same bytes. */
	const u16 *half = (const u16 *)pc;
	u32 h1 = half[-2], h2 = half[-1], s = h1 >> 10 & 1;
	u32 i1 = ~(h2 >> 13 ^ s) & 1, i2 = ~(h2 >> 11 ^ s) & 1;
	u32 offset = s << 24 | i1 << 23 | i2 << 22 | (h1 & 0x3ff) << 12 | (h2 & 0x7ff) << 1;

	return pc + offset - (s << 25);
}

/* Whether the call before `pc` can have led to `callee`: where a register was called, it can. */
static bool may_have_called(unsigned long pc, unsigned long callee)
{
	/* SAFETY: as above. */
	const u16 *half = (const u16 *)pc;
	const struct exidx *entry = find_entry(callee - 1);
	unsigned long target;

	if (!entry || (half[-2] & 0xf800) != 0xf000 || (half[-1] & 0xd000) != 0xd000)
		return true;
	target = bl_target(pc);
	return target >= (prel31(&entry->function) & ~1UL) && target < callee;
}

static bool is_stack_start(unsigned long pc)
{
	return pc >= (unsigned long)hal_context_begin && pc <= (unsigned long)hal_context_begin_end;
}

static bool leave_by_table(struct hal_unwind *u, struct instructions *in)
{
	unsigned long pc = u->r[PC], sp = u->r[SP];
	u8 op;

	u->r[PC] = 0;
	while ((op = next_byte(in)) != 0xb0)
		if (!run_one(u, op, in))
			return false;
	if (!u->r[PC])
		u->r[PC] = u->r[LR];
	u->r[PC] &= ~1UL;
	/* A leaf may leave sp where it was, but then it must lead somewhere else. */
	if (u->r[SP] < sp || (u->r[SP] == sp && u->r[PC] == (pc & ~1UL)))
		return false;
	u->exact = false;
	return is_text(u->r[PC]) && !is_stack_start(u->r[PC]);
}

static bool is_irq_entry(unsigned long pc)
{
	return pc >= (unsigned long)vector_irq && pc < (unsigned long)vector_irq_end;
}

/* A task's stack began in hal_context_begin, the first one in hal_boot(). */
static bool is_first_frame(const struct hal_unwind *u, unsigned long caller)
{
	const struct exidx *entry = find_entry(u->r[PC] - 1);

	return is_stack_start(caller) ||
	       (caller == 0 && entry &&
		prel31(&entry->function) == ((unsigned long)hal_boot & ~1UL));
}

/*
 * Whether the stack can be followed to where it began. `strict`: each call on the way leads to
 * the function above it, which a function that ended in a jump to another one is not.
 */
static bool leads_to_start(struct hal_unwind u, unsigned long callee, bool strict)
{
	for (unsigned int depth = 0; depth < TRY_DEPTH_MAX; depth++) {
		struct hal_unwind caller = u;

		if (is_irq_entry(u.r[PC]))
			return u.in_irq;
		if (!is_behind_call(u.r[PC]) || (strict && !may_have_called(u.r[PC], callee)))
			return false;
		callee = u.r[PC];
		if (!hal_unwind_next(&caller))
			return is_first_frame(&u, caller.r[PC]);
		u = caller;
	}
	return false;
}

static bool try_callers(struct hal_unwind *u, const struct instructions *in, bool strict)
{
	for (unsigned int pushed = 0; pushed <= LEAF_PUSHES_MAX; pushed++) {
		struct hal_unwind try = *u;
		struct instructions bytes = *in;

		try.r[SP] += 4 * pushed;
		try.sp_unsure = false;
		if (leave_by_table(&try, &bytes) && leads_to_start(try, u->r[PC], strict)) {
			*u = try;
			return true;
		}
	}
	return false;
}

/* What the assembly has left on the stack may itself look like callers: those that fit first. */
static bool leave_caller_of_leaf(struct hal_unwind *u, const struct instructions *in)
{
	return try_callers(u, in, true) || try_callers(u, in, false);
}

bool hal_unwind_next(struct hal_unwind *u)
{
	unsigned long pc = u->r[PC];
	const struct exidx *entry;
	struct instructions in;

	if (is_irq_entry(pc))
		return u->in_irq && leave_irq(u);
	entry = find_entry(u->exact ? pc : pc - 1);
	if (!entry || !read_header(entry, &in))
		return leave_leaf(u);
	return u->sp_unsure ? leave_caller_of_leaf(u, &in) : leave_by_table(u, &in);
}

/* As hal_context_switch() would take them off the stack. */
bool hal_unwind_start_context(struct hal_unwind *u, const struct hal_context *c)
{
	*u = (struct hal_unwind){ .r[SP] = c->sp };
	if (!pop(u, GENMASK(11, 4) | BIT(PC)))
		return false;
	u->r[PC] &= ~1UL;
	return is_text(u->r[PC]);
}

void hal_unwind_start(struct hal_unwind *u, const struct pt_regs *regs)
{
	u->sp_unsure = false;
	if (regs) {
		for (unsigned int i = 0; i < 13; i++)
			u->r[i] = regs->r[i];
		u->r[SP] = regs->sp;
		u->r[LR] = regs->lr;
		u->r[PC] = regs->pc;
		u->exact = true;
		u->in_irq = (regs->cpsr & PSR_MODE_MASK) == PSR_MODE_IRQ;
		return;
	}
	hal_unwind_here(u);
	u->exact = false;
	u->in_irq = in_hardirq();
	hal_unwind_next(u);	/* to the caller, while this frame still stands */
}
