/* SPDX-License-Identifier: MIT */
/*
 * The registers of a PL061 (Arm DDI 0190B, chapter 3): see <test/fake_pl061.h>.
 */
#include <test/fake_pl061.h>

#include <lib/bits.h>
#include <lib/container_of.h>
#include <lib/string.h>

enum { DATA = 0x000, DIR = 0x400, IS = 0x404, IBE = 0x408, IEV = 0x40c, IE = 0x410, RIS = 0x414,
       MIS = 0x418, IC = 0x41c, AFSEL = 0x420, PERIPHID = 0xfe0, CELLID = 0xff0 };

static struct fake_pl061 *to_pl061(struct reg_fake *reg)
{
	return container_of(reg, struct fake_pl061, reg);
}

/* What the wires show, and what of it is the level of a line. */
static u8 pins(const struct fake_pl061 *f)
{
	return (u8)((f->dir & f->data) | (~f->dir & f->wires));
}

static u8 levels(const struct fake_pl061 *f)
{
	return (u8)(f->is & ~(pins(f) ^ f->iev));
}

static void latch_levels(struct fake_pl061 *f)
{
	if (f->as_qemu)
		f->latched |= levels(f);
}

u8 fake_pl061_ris(struct fake_pl061 *f)
{
	latch_levels(f);
	return f->latched | levels(f);
}

static void latch_edges(struct fake_pl061 *f, u8 before)
{
	u8 changed = before ^ pins(f), rising = changed & pins(f);

	f->latched |= (u8)(~f->is & changed &
			   (f->ibe | (f->iev & rising) | (~f->iev & ~rising)));
	latch_levels(f);
}

void fake_pl061_drive(struct fake_pl061 *f, unsigned int line, bool high)
{
	u8 before = pins(f);

	latch_levels(f);
	f->wires = (u8)(high ? f->wires | BIT(line) : f->wires & ~BIT(line));
	latch_edges(f, before);
}

/* One of IS, IBE, IEV is written. */
static void set_sense(struct fake_pl061 *f, u8 *reg, u8 value)
{
	u8 changed = *reg ^ value;

	if (changed & f->ie)
		reg_fake_complain(&f->reg, "the sense of lines %02x changed while they were on",
				  changed & f->ie);
	*reg = value;
	f->latched |= (u8)(changed & ~f->is);
}

static u32 pl061_read(struct reg_fake *reg, unsigned long offset)
{
	static const u8 ids[] = { 0x61, 0x10, 0x04, 0x00, 0x0d, 0xf0, 0x05, 0xb1 };
	struct fake_pl061 *f = to_pl061(reg);

	switch (offset) {
	case DIR:
		return f->dir;
	case IS:
		return f->is;
	case IBE:
		return f->ibe;
	case IEV:
		return f->iev;
	case IE:
		return f->ie;
	case RIS:
		return fake_pl061_ris(f);
	case MIS:
		return fake_pl061_ris(f) & f->ie;
	case AFSEL:
		return f->afsel;
	default:
		if (offset < DIR)
			return pins(f) & (u8)(offset >> 2);
		return offset >= PERIPHID ? ids[(offset - PERIPHID) / 4] : 0;
	}
}

static void pl061_write(struct reg_fake *reg, unsigned long offset, u32 value)
{
	struct fake_pl061 *f = to_pl061(reg);
	u8 mask = (u8)(offset >> 2) & f->dir, byte = (u8)value, before = pins(f);

	latch_levels(f);
	switch (offset) {
	case DIR:
		f->dir = byte;
		break;
	case IS:
		set_sense(f, &f->is, byte);
		break;
	case IBE:
		set_sense(f, &f->ibe, byte);
		break;
	case IEV:
		set_sense(f, &f->iev, byte);
		break;
	case IE:
		f->ie = byte;
		break;
	case IC:
		f->latched &= (u8)~byte;
		break;
	case AFSEL:
		f->afsel = byte;
		break;
	default:
		if (offset < DIR)
			f->data = (u8)((f->data & ~mask) | (byte & mask));
	}
	latch_edges(f, before);
}

static bool pl061_line(struct reg_fake *reg)
{
	struct fake_pl061 *f = to_pl061(reg);

	return fake_pl061_ris(f) & f->ie;
}

static const struct reg_fake_reg pl061_regs[] = {
	{ "DATA", DATA, 0x3fc, 'b', 0xff },
	{ "DIR", DIR, DIR, 'b', 0xff },
	{ "IS", IS, IS, 'b', 0xff },
	{ "IBE", IBE, IBE, 'b', 0xff },
	{ "IEV", IEV, IEV, 'b', 0xff },
	{ "IE", IE, IE, 'b', 0xff },
	{ "RIS", RIS, RIS, 'r', 0xff },
	{ "MIS", MIS, MIS, 'r', 0xff },
	{ "IC", IC, IC, 'w', 0xff },
	{ "AFSEL", AFSEL, AFSEL, 'b', 0xff },
	{ "ID", PERIPHID, 0xffc, 'r', 0xff },
	{ 0 },
};

static const struct reg_fake_model pl061_model = {
	.name = "PL061",
	.regs = pl061_regs,
	.read = pl061_read,
	.write = pl061_write,
	.line = pl061_line,
};

void fake_pl061_init(struct fake_pl061 *f)
{
	memset(f, 0, sizeof(*f));
	f->reg.model = &pl061_model;
}
