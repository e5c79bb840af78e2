/* SPDX-License-Identifier: MIT */
/*
 * A part that is played: a register block that answers a driver's accesses as the
 * part's manual says, in place of the part, and the interrupt line it drives.
 *
 *	reg_fake_attach(&fake->reg, ADDRESS);		accesses there are the model's from now on
 *	irq = reg_fake_add_irq(&fake->reg, NULL);	a line of a controller of its own
 *	... bind the driver, move the part's pins, reg_fake_deliver(&fake->reg) ...
 *	reg_fake_detach(test, &fake->reg);		fails the case if a rule was broken
 *
 * It watches what a manual forbids and an emulator lets pass: a register that is not there,
 * a write of what can only be read, a read of what can only be written, a bit without a
 * meaning, and the rules that the model adds. The first broken rule is kept as a sentence.
 *
 * Accesses are written down, "IE=00" for a write and "MIS" for a read where reads are asked
 * for; or they follow a script, and any other is a broken rule:
 *
 *	reg_fake_script(&fake->reg, "FR:08 FR:00 CR:301 CR=300");
 *
 * where "FR:08" is a read that is answered with 0x08, "FR" one that the model answers and
 * "CR=300" a write.
 *
 * The same source plays in the kernel and on the host. Locking: none. All accesses are the
 * test's own, in its task or in the interrupts that it delivers; one fake at a time.
 * Context: the test's task, for all of this header.
 */
#ifndef TEST_REG_FAKE_H
#define TEST_REG_FAKE_H

#include <kernel/fwnode.h>
#include <kernel/io.h>
#include <kernel/irqdomain.h>
#include <lib/types.h>
#include <test/kunit.h>

struct reg_fake;

/* A register, or a run of them that have one meaning. */
struct reg_fake_reg {
	const char *name;
	u16 first, last;	/* offsets */
	char access;		/* 'b' both, 'r' read only, 'w' write only */
	u32 bits;		/* those that have a meaning */
};

struct reg_fake_model {
	const char *name;
	const struct reg_fake_reg *regs;	/* ends with an empty one */
	u32 (*read)(struct reg_fake *fake, unsigned long offset);
	void (*write)(struct reg_fake *fake, unsigned long offset, u32 value);
	bool (*line)(struct reg_fake *fake);	/* whether the interrupt is asserted */
};

/* Clear before use; `model` is set by the model's own init. [o]: the test */
struct reg_fake {
	const struct reg_fake_model *model;	/* [I] */
	struct io_hook hook;
	unsigned int reads, writes;		/* [o] */

	struct irq_domain *domain;
	unsigned int irq;			/* [I] */
	bool line_open;				/* [o] the controller listens */
	unsigned int opened_asserted;		/* [o] how often it began while asserted */
	unsigned int ends;			/* [o] interrupts that were ended */

	const char *script;			/* [o] what is still to come; NULL: none */
	bool note_reads;			/* [o] */
	unsigned int broken;			/* [o] rules */
	char complaint[128];			/* [o] the first of them */
	char log[400];				/* [o] */
};

/*
 * The fake answers at the place where the next ioremap() of a page at `addr` will be, which
 * has no device. Context: the test's task.
 * Return: 0; -ENOMEM; -ENOSYS without CONFIG_IO_HOOK.
 */
int reg_fake_attach(struct reg_fake *fake, phys_addr_t addr) __must_check;

/* Fails the case for a broken rule. Context: as above; nobody uses the part any more. */
void reg_fake_detach(struct kunit *test, struct reg_fake *fake);

/*
 * A controller with one line, the fake's: `fwnode` is its node in the tree or NULL. Goes
 * with reg_fake_remove_irq(), when nobody has the interrupt any more.
 * Return: the interrupt, or 0 without memory.
 */
unsigned int reg_fake_add_irq(struct reg_fake *fake, struct fwnode_handle *fwnode) __must_check;
void reg_fake_remove_irq(struct reg_fake *fake);

/*
 * Does what the controller's level input does: interrupts until the part is quiet, or the
 * line is closed, or REG_FAKE_MANY times. Return: how often.
 */
#define REG_FAKE_MANY	20
unsigned int reg_fake_deliver(struct reg_fake *fake);

/* What was accessed since the last time. Valid until the next call. */
const char *reg_fake_noted(struct reg_fake *fake);

/* The accesses that come from now on. `script` is the caller's. */
void reg_fake_script(struct reg_fake *fake, const char *script);
/* What of it did not come: "" if all did. Any access is welcome again. */
const char *reg_fake_script_end(struct reg_fake *fake);

/* For models: a rule of the manual is broken. */
void reg_fake_complain(struct reg_fake *fake, const char *fmt, ...) __printf(2, 3);

/* The first complaint, "" if there was none; it is forgotten. */
const char *reg_fake_forgive(struct reg_fake *fake);

#endif
