/* SPDX-License-Identifier: MIT */
/*
 * From a fault's registers to what happened (ARM DDI 0406C, B3.13), and the
 * one access that may fail: hal_probe_read().
 */
#include <hal/traps.h>
#include <hal/barrier.h>
#include <hal/cpu.h>
#include <hal/irqflags.h>
#include <hal/memory.h>
#include <hal/semihost.h>
#include <hal/smp.h>
#include <lib/bits.h>
#include <lib/compiler.h>
#include "hal_priv.h"

#define DFSR_WNR	BIT(11)
#define FSR_STATUS(fsr)	(((fsr) & 0xf) | ((fsr) >> 6 & 0x10))

/* Short-descriptor encodings of FSR_STATUS. */
static const char *const status_names[32] = {
	[0x01] = "alignment fault",
	[0x02] = "debug event",
	[0x03] = "access flag fault (section)",
	[0x04] = "cache maintenance fault",
	[0x05] = "translation fault (section)",
	[0x06] = "access flag fault (page)",
	[0x07] = "translation fault (page)",
	[0x08] = "external abort",
	[0x09] = "domain fault (section)",
	[0x0b] = "domain fault (page)",
	[0x0c] = "external abort on a table walk (first level)",
	[0x0d] = "permission fault (section)",
	[0x0e] = "external abort on a table walk (second level)",
	[0x0f] = "permission fault (page)",
	[0x10] = "TLB conflict",
	[0x16] = "asynchronous external abort",
	[0x18] = "asynchronous parity error",
	[0x19] = "parity error",
};

#define FAULTS_MAX	6	/* that are handled at a time */
#define EXIT_STATUS	1

#define PSR_IT		0x0600fc00UL

#define STATUS_ASYNC_EXTERNAL	0x16
#define STATUS_ASYNC_PARITY	0x18

extern char _irq_stack_guard[], _abt_stack_guard[], _und_stack_guard[];

struct hal_stacks hal_stacks[CONFIG_NR_CPUS] = {
	[0] = {
		.irq = _irq_stack_guard + PAGE_SIZE,
		.abt = _abt_stack_guard + PAGE_SIZE,
		.und = _und_stack_guard + PAGE_SIZE,
	},
};

static void read_data_fault(struct hal_fault *fault)
{
	unsigned int status;
	u32 dfar;

	__asm__ volatile("mrc p15, 0, %0, c5, c0, 0" : "=r" (fault->status));
	__asm__ volatile("mrc p15, 0, %0, c6, c0, 0" : "=r" (dfar));
	status = FSR_STATUS(fault->status);
	fault->address = dfar;
	fault->has_address = status != STATUS_ASYNC_EXTERNAL && status != STATUS_ASYNC_PARITY;
	fault->write = fault->status & DFSR_WNR;
}

static void read_prefetch_fault(struct hal_fault *fault)
{
	u32 ifar;

	__asm__ volatile("mrc p15, 0, %0, c5, c0, 1" : "=r" (fault->status));
	__asm__ volatile("mrc p15, 0, %0, c6, c0, 2" : "=r" (ifar));
	fault->address = ifar;
	fault->has_address = true;
}

/*
 * What the kernel does of a fault may fault. It is told how deep that is; when it does not make
 * an end of it, there is one here, before the stack is used up.
 */
static void handle_nested(struct pt_regs *regs, struct hal_fault *fault)
{
	static struct {
		unsigned int depth;
		unsigned long outer_pc;
	} nested[CONFIG_NR_CPUS];		/* [c] */
	__typeof__(nested[0]) *mine = &nested[hal_cpu_index()];

	if (++mine->depth == 1)
		mine->outer_pc = regs->pc;
	if (mine->depth > FAULTS_MAX) {
		hal_semihost_exit(EXIT_STATUS);
		hal_halt();
	}
	fault->depth = mine->depth;
	fault->outer_pc = mine->outer_pc;
	handle_fault(regs, fault);
	mine->depth--;
}

void hal_fault(struct pt_regs *regs, unsigned int kind)
{
	struct hal_fault fault = { .kind = (enum hal_fault_kind)kind };

	if (fault.kind == HAL_FAULT_DATA)
		read_data_fault(&fault);
	else if (fault.kind == HAL_FAULT_PREFETCH)
		read_prefetch_fault(&fault);
	else if (fault.kind == HAL_FAULT_UNDEFINED)
		regs->pc -= regs->cpsr & PSR_T ? 2 : 4;

	if (fault.kind == HAL_FAULT_DATA && regs->pc == ((unsigned long)probe_access & ~1UL)) {
		regs->pc = (unsigned long)probe_failed & ~1UL;
		return;
	}
	if (fault.kind == HAL_FAULT_UNDEFINED) {
		fault.address = regs->pc;
		fault.has_address = true;
	}
	handle_nested(regs, &fault);
}

/* Not within an IT block, ARM state, as entry.S has hal_diverted. */
static unsigned long diverted_psr(unsigned long psr)
{
	return (psr & ~(PSR_T | PSR_IT)) | PSR_I;
}

void hal_fault_divert(struct pt_regs *regs, void *stack_top, void (*fn)(void))
{
	regs->r[0] = (unsigned long)stack_top;
	regs->r[1] = (unsigned long)fn;
	regs->pc = (unsigned long)hal_diverted;
	regs->cpsr = diverted_psr(regs->cpsr);
}

/* The frame is entry.S's: r0-r3, r12, pc at the top of the stack, the rest is where it was. */
bool hal_irq_divert(void (*fn)(void))
{
	char *top = hal_stacks[hal_cpu_index()].irq + IRQ_STACK_SIZE;
	unsigned long *frame = (unsigned long *)(void *)top - 6;
	unsigned long psr;

	__asm__ volatile("mrs %0, spsr" : "=r" (psr));
	if ((psr & PSR_MODE_MASK) != PSR_MODE_SVC)
		return false;
	frame[0] = 0;
	frame[1] = (unsigned long)fn;
	frame[5] = (unsigned long)hal_diverted;
	__asm__ volatile("msr spsr_cxsf, %0" :: "r" (diverted_psr(psr)) : "memory");
	return true;
}

const char *hal_fault_name(const struct hal_fault *fault)
{
	const char *name;

	if (fault->kind == HAL_FAULT_UNDEFINED)
		return "undefined instruction";
	if (fault->kind == HAL_FAULT_FIQ)
		return "unexpected FIQ";
	name = status_names[FSR_STATUS(fault->status)];
	return name ? name : "fault of unknown status";
}
