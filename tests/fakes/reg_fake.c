/* SPDX-License-Identifier: MIT */
/*
 * What all played parts share: see <test/reg_fake.h>.
 */
#include <test/reg_fake.h>

#include <hal/irqflags.h>
#include <kernel/irq.h>
#include <kernel/irqdesc.h>
#include <lib/container_of.h>
#include <lib/errno.h>
#include <lib/kconfig.h>
#include <lib/sprintf.h>
#include <lib/string.h>

#define BLOCK_SIZE	0x1000
#define LINE		0

static struct reg_fake *to_fake(struct io_hook *hook)
{
	return container_of(hook, struct reg_fake, hook);
}

/* ---- rules ---- */

void reg_fake_complain(struct reg_fake *fake, const char *fmt, ...)
{
	va_list args;

	if (fake->broken++)
		return;
	va_start(args, fmt);
	vsnprintf(fake->complaint, sizeof(fake->complaint), fmt, args);
	va_end(args);
}

const char *reg_fake_forgive(struct reg_fake *fake)
{
	static char copy[sizeof(fake->complaint)];

	memcpy(copy, fake->complaint, sizeof(copy));
	fake->complaint[0] = '\0';
	fake->broken = 0;
	return copy;
}

/* NULL, and a complaint, if there is none. */
static const struct reg_fake_reg *find_reg(struct reg_fake *fake, unsigned long offset)
{
	for (const struct reg_fake_reg *reg = fake->model->regs; reg->name; reg++)
		if (offset >= reg->first && offset <= reg->last)
			return offset % 4 ? NULL : reg;
	return NULL;
}

static void name_of(struct reg_fake *fake, unsigned long offset, char *buf, size_t size)
{
	const struct reg_fake_reg *reg = find_reg(fake, offset);

	if (!reg)
		snprintf(buf, size, "[%03lx]", offset);
	else if (reg->last > reg->first)
		snprintf(buf, size, "%s[%02lx]", reg->name, (offset - reg->first) / 4);
	else
		snprintf(buf, size, "%s", reg->name);
}

static void judge(struct reg_fake *fake, unsigned long offset, char wrong, u32 value)
{
	const struct reg_fake_reg *reg = find_reg(fake, offset);
	const char *verb = wrong == 'r' ? "written" : "read";

	if (!reg)
		reg_fake_complain(fake, "offset %03lx is reserved and was %s", offset, verb);
	else if (reg->access == wrong)
		reg_fake_complain(fake, "%s was %s", reg->name, verb);
	else if (value & ~reg->bits)
		reg_fake_complain(fake, "%s has no bits %x and they were written", reg->name,
				  value & ~reg->bits);
}

/* ---- notes and scripts ---- */

static void note(struct reg_fake *fake, const char *word)
{
	size_t len = strlen(fake->log);

	snprintf(fake->log + len, sizeof(fake->log) - len, "%s%s", len ? " " : "", word);
}

const char *reg_fake_noted(struct reg_fake *fake)
{
	static char copy[sizeof(fake->log)];

	memcpy(copy, fake->log, sizeof(copy));
	fake->log[0] = '\0';
	return copy;
}

void reg_fake_script(struct reg_fake *fake, const char *script)
{
	fake->script = script;
}

const char *reg_fake_script_end(struct reg_fake *fake)
{
	const char *rest = fake->script ? fake->script : "";

	fake->script = NULL;
	return rest;
}

/*
 * Whether the script goes on with `word`, and then past it. What follows the word's ':' is
 * the answer to a read.
 */
static bool script_has(struct reg_fake *fake, const char *word, bool *answered, u32 *answer)
{
	size_t len = strlen(word);
	const char *at = fake->script;
	unsigned int value = 0;

	if (strncmp(at, word, len) != 0)
		return false;
	at += len;
	*answered = *at == ':';
	for (at += *answered; *at && *at != ' '; at++) {
		if (!*answered)
			return false;
		value = value * 16 + (unsigned int)(*at <= '9' ? *at - '0' : *at - 'a' + 10);
	}
	*answer = value;
	fake->script = *at ? at + 1 : at;
	return true;
}

/* Returns whether the script has the answer to a read. */
static bool follow_script(struct reg_fake *fake, const char *word, u32 *answer)
{
	bool answered = false;

	if (fake->script && !script_has(fake, word, &answered, answer))
		reg_fake_complain(fake, "the script has \"%.24s\" where %s came", fake->script,
				  word);
	return answered;
}

/* ---- accesses ---- */

static u32 fake_read(struct io_hook *hook, unsigned long offset, unsigned int width)
{
	struct reg_fake *fake = to_fake(hook);
	char word[16];
	u32 answer;

	(void)width;
	fake->reads++;
	judge(fake, offset, 'w', 0);
	name_of(fake, offset, word, sizeof(word));
	if (fake->note_reads)
		note(fake, word);
	return follow_script(fake, word, &answer) ? answer : fake->model->read(fake, offset);
}

static void fake_write(struct io_hook *hook, unsigned long offset, u32 value, unsigned int width)
{
	struct reg_fake *fake = to_fake(hook);
	char name[16], word[28];
	u32 unused;

	(void)width;
	fake->writes++;
	judge(fake, offset, 'r', value);
	name_of(fake, offset, name, sizeof(name));
	snprintf(word, sizeof(word), "%s=%02x", name, value);
	note(fake, word);
	follow_script(fake, word, &unused);
	fake->model->write(fake, offset, value);
}

int reg_fake_attach(struct reg_fake *fake, phys_addr_t addr)
{
	void __iomem *where;

	if (!IS_ENABLED(CONFIG_IO_HOOK))
		return -ENOSYS;
	where = ioremap(addr, BLOCK_SIZE);
	if (!where)
		return -ENOMEM;
	iounmap(where);
	fake->hook = (struct io_hook){
		.base = where,
		.size = BLOCK_SIZE,
		.read = fake_read,
		.write = fake_write,
	};
	io_hook_install(&fake->hook);
	return 0;
}

void reg_fake_detach(struct kunit *test, struct reg_fake *fake)
{
	io_hook_remove();
	KUNIT_EXPECT_STREQ(test, fake->complaint, "");
}

/* ---- the interrupt ---- */

static void line_mask(struct irq_data *d)
{
	struct reg_fake *fake = irq_data_get_irq_chip_data(d);

	fake->line_open = false;
}

static void line_unmask(struct irq_data *d)
{
	struct reg_fake *fake = irq_data_get_irq_chip_data(d);

	fake->opened_asserted += fake->model->line(fake);
	fake->line_open = true;
}

static void line_eoi(struct irq_data *d)
{
	struct reg_fake *fake = irq_data_get_irq_chip_data(d);

	fake->ends++;
}

static const struct irq_chip line_chip = {
	.name = "reg-fake",
	.irq_mask = line_mask,
	.irq_unmask = line_unmask,
	.irq_eoi = line_eoi,
	.flags = IRQCHIP_IMMUTABLE | IRQCHIP_SKIP_SET_WAKE,
};

static int line_map(struct irq_domain *d, unsigned int irq, irq_hw_number_t hwirq)
{
	(void)hwirq;
	irq_set_chip_data(irq, d->host_data);
	irq_set_chip_and_handler(irq, &line_chip, handle_fasteoi_irq);
	return 0;
}

static const struct irq_domain_ops line_ops = {
	.map = line_map,
	.xlate = irq_domain_xlate_onecell,
};

unsigned int reg_fake_add_irq(struct reg_fake *fake, struct fwnode_handle *fwnode)
{
	fake->domain = irq_domain_create_linear(fwnode, 1, &line_ops, fake);
	if (!fake->domain)
		return 0;
	fake->irq = irq_create_mapping(fake->domain, LINE);
	if (!fake->irq)
		reg_fake_remove_irq(fake);
	return fake->irq;
}

void reg_fake_remove_irq(struct reg_fake *fake)
{
	if (fake->domain)
		irq_domain_remove(fake->domain);
	fake->domain = NULL;
}

unsigned int reg_fake_deliver(struct reg_fake *fake)
{
	unsigned int rounds = 0;
	unsigned long flags;

	while (rounds < REG_FAKE_MANY && fake->line_open && fake->model->line(fake)) {
		local_irq_save(flags);
		generic_handle_domain_irq(fake->domain, LINE);
		local_irq_restore(flags);
		rounds++;
	}
	return rounds;
}
