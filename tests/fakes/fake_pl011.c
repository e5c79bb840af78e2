/* SPDX-License-Identifier: MIT */
/*
 * The registers of a PL011 (Arm DDI 0183G, chapters 2 and 3): see <test/fake_pl011.h>.
 */
#include <test/fake_pl011.h>

#include <lib/container_of.h>
#include <lib/minmax.h>
#include <lib/string.h>

enum { DR = 0x00, RSR = 0x04, FR = 0x18, ILPR = 0x20, IBRD = 0x24, FBRD = 0x28, LCR_H = 0x2c,
       CR = 0x30, IFLS = 0x34, IMSC = 0x38, RIS = 0x3c, MIS = 0x40, ICR = 0x44, DMACR = 0x48,
       PERIPHID = 0xfe0 };

#define OE		0x800u
#define FR_BUSY		0x08u
#define FR_RXFE		0x10u
#define FR_TXFF		0x20u
#define FR_RXFF		0x40u
#define FR_TXFE		0x80u
#define FEN		0x10u
#define UARTEN		0x0001u
#define LBE		0x0080u
#define TXE		0x0100u
#define RXE		0x0200u
#define RTS		0x0800u
#define RTSEN		0x4000u
#define CTSEN		0x8000u
#define BRK		0x01u
#define RI_INT		0x001u
#define CTS_INT		0x002u
#define DCD_INT		0x004u
#define DSR_INT		0x008u
#define RX_INT		0x010u
#define TX_INT		0x020u
#define RT_INT		0x040u
#define FE_INT		0x080u	/* and PE, BE, OE above it, in the order of DR */
#define OE_INT		0x400u

#define CR_RESET	(TXE | RXE)
#define IFLS_RESET	0x12	/* both at half */
#define IFLS_LEVEL_MAX	4

static struct fake_pl011 *to_pl011(struct reg_fake *reg)
{
	return container_of(reg, struct fake_pl011, reg);
}

static unsigned int depth_now(const struct fake_pl011 *f)
{
	return f->lcr_h & FEN ? f->depth : 1;
}

static unsigned int level(const struct fake_pl011 *f, u32 field)
{
	static const unsigned int eighths[] = { 1, 2, 4, 6, 7 };

	return f->depth * eighths[min(field & 7, IFLS_LEVEL_MAX + 0u)] / 8;
}

/* The fill that INT_TX tells of when it falls to that, INT_RX when it rises to that. */
static unsigned int tx_mark(const struct fake_pl011 *f)
{
	return f->lcr_h & FEN ? level(f, f->ifls) : 0;
}

static unsigned int rx_mark(const struct fake_pl011 *f)
{
	return f->lcr_h & FEN ? level(f, f->ifls >> 3) : 1;
}

/* ---- receiving ---- */

bool fake_pl011_receive(struct fake_pl011 *f, u16 data)
{
	if ((f->cr & (UARTEN | RXE)) != (UARTEN | RXE))
		return false;
	f->timeout_due = true;
	if (f->rx_fill == depth_now(f)) {
		f->overrun = true;
		f->ris |= OE_INT;
		return false;
	}
	f->ris |= (u32)(data >> 8) * FE_INT;
	f->rx[f->rx_fill++] = (u16)(data | (f->overrun ? OE : 0));
	f->overrun = false;
	if (f->rx_fill == rx_mark(f))
		f->ris |= RX_INT;
	return true;
}

void fake_pl011_quiet(struct fake_pl011 *f)
{
	if (f->rx_fill && f->timeout_due)
		f->ris |= RT_INT;
	f->timeout_due = false;
}

static u32 pop(struct fake_pl011 *f)
{
	u32 data = f->rx[0];

	if (!f->rx_fill) {
		reg_fake_complain(&f->reg, "DR was read and the FIFO is empty");
		return 0;
	}
	memmove(f->rx, f->rx + 1, --f->rx_fill * sizeof(f->rx[0]));
	if (f->rx_fill < rx_mark(f))
		f->ris &= ~RX_INT;
	if (!f->rx_fill)
		f->ris &= ~RT_INT;
	f->rsr = data >> 8;
	return data;
}

static u32 read_data(struct fake_pl011 *f)
{
	u32 data = pop(f);

	if (f->breaks) {
		f->breaks--;
		fake_pl011_receive(f, FAKE_PL011_BE);
	}
	return data;
}

/* ---- sending ---- */

static bool may_send(const struct fake_pl011 *f)
{
	return f->cr & UARTEN && f->cr & TXE && !f->stuck &&
	       (f->modem & FAKE_PL011_CTS || !(f->cr & CTSEN));
}

static void feed(struct fake_pl011 *f)
{
	if (f->shifting || !f->tx_fill || !may_send(f))
		return;
	f->shift = f->tx[0];
	f->shifting = true;
	memmove(f->tx, f->tx + 1, --f->tx_fill);
	if (f->tx_fill == tx_mark(f))
		f->ris |= TX_INT;
}

static void push(struct fake_pl011 *f, u32 value)
{
	if ((f->cr & (UARTEN | TXE)) != (UARTEN | TXE))
		reg_fake_complain(&f->reg, "DR was written and CR is %x", f->cr);
	if (f->tx_fill == depth_now(f) || f->stuck) {
		reg_fake_complain(&f->reg, "DR was written and the FIFO is full");
		return;
	}
	f->tx[f->tx_fill++] = (char)value;
	if (f->tx_fill > tx_mark(f))
		f->ris &= ~TX_INT;
	feed(f);
}

/* What has been sent comes back in with CR.LBE. */
static void end_of_character(struct fake_pl011 *f)
{
	if (f->cr & LBE)
		fake_pl011_receive(f, (u8)f->shift);
	else if (f->nr_wire < sizeof(f->wire) - 1)
		f->wire[f->nr_wire++] = f->shift;
	f->shifting = false;
}

unsigned int fake_pl011_send(struct fake_pl011 *f, unsigned int n)
{
	unsigned int sent = 0;

	feed(f);
	for (; n && f->shifting; n--, sent++) {
		end_of_character(f);
		feed(f);
	}
	return sent;
}

static u32 flags(struct fake_pl011 *f)
{
	bool empty, full;

	if (f->polls_per_char && ++f->polls >= f->polls_per_char) {
		f->polls = 0;
		fake_pl011_send(f, 1);
	}
	empty = !f->tx_fill && !f->stuck;
	full = f->tx_fill == depth_now(f) || f->stuck;
	return (f->shifting || !empty ? FR_BUSY : 0) | (empty ? FR_TXFE : 0) |
	       (full ? FR_TXFF : 0) | (f->rx_fill ? 0 : FR_RXFE) |
	       (f->rx_fill == depth_now(f) ? FR_RXFF : 0) | f->modem;
}

/* ---- lines of the modem ---- */

void fake_pl011_set_modem(struct fake_pl011 *f, u32 lines)
{
	u32 changed = f->modem ^ lines;

	f->modem = lines;
	f->ris |= (changed & FAKE_PL011_CTS ? CTS_INT : 0) |
		  (changed & FAKE_PL011_DSR ? DSR_INT : 0) |
		  (changed & FAKE_PL011_DCD ? DCD_INT : 0) |
		  (changed & FAKE_PL011_RI ? RI_INT : 0);
	feed(f);
}

bool fake_pl011_rts(const struct fake_pl011 *f)
{
	return f->cr & RTSEN ? f->rx_fill < rx_mark(f) : f->cr & RTS;
}

/* ---- settings ---- */

static void check_settings(struct fake_pl011 *f, const char *name)
{
	if (f->cr & UARTEN)
		reg_fake_complain(&f->reg, "%s was written while the UART is enabled", name);
	else if (f->shifting)
		reg_fake_complain(&f->reg, "%s was written in the middle of a character", name);
}

static void set_lcr_h(struct fake_pl011 *f, u32 value)
{
	if ((value ^ f->lcr_h) != BRK)
		check_settings(f, "LCR_H");
	if (f->lcr_h & FEN && !(value & FEN)) {
		if (f->tx_fill)
			reg_fake_complain(&f->reg, "FEN was cleared with %u characters to send",
					  f->tx_fill);
		f->tx_fill = 0;
		f->rx_fill = min(f->rx_fill, 1u);
	}
	f->lcr_h = value;
	f->divisor = f->ibrd * 64 + f->fbrd;
}

static void clear_interrupts(struct fake_pl011 *f, u32 value)
{
	if (value & f->imsc & (RX_INT | RT_INT) && f->rx_fill)
		reg_fake_complain(&f->reg, "INT_RX or INT_RT was cleared with %u characters left",
				  f->rx_fill);
	f->icr_written |= value;
	f->ris &= ~value;
}

static u32 pl011_read(struct reg_fake *reg, unsigned long offset)
{
	static const u8 ids[] = { 0x11, 0x10, 0x14, 0x00, 0x0d, 0xf0, 0x05, 0xb1 };
	struct fake_pl011 *f = to_pl011(reg);

	switch (offset) {
	case DR:
		return read_data(f);
	case RSR:
		return f->rsr;
	case FR:
		return flags(f);
	case IBRD:
		return f->ibrd;
	case FBRD:
		return f->fbrd;
	case LCR_H:
		return f->lcr_h;
	case CR:
		return f->cr;
	case IFLS:
		return f->ifls;
	case IMSC:
		return f->imsc;
	case RIS:
		return f->ris;
	case MIS:
		return f->ris & f->imsc;
	default:
		return offset >= PERIPHID ? ids[(offset - PERIPHID) / 4 % sizeof(ids)] : 0;
	}
}

static void pl011_write(struct reg_fake *reg, unsigned long offset, u32 value)
{
	struct fake_pl011 *f = to_pl011(reg);

	switch (offset) {
	case DR:
		push(f, value);
		break;
	case RSR:
		f->rsr = 0;
		break;
	case IBRD:
		check_settings(f, "IBRD");
		f->ibrd = value & 0xffff;
		break;
	case FBRD:
		check_settings(f, "FBRD");
		f->fbrd = value & 0x3f;
		break;
	case LCR_H:
		set_lcr_h(f, value & 0xff);
		break;
	case CR:
		f->cr = value;
		feed(f);
		break;
	case IFLS:
		if ((value & 7) > IFLS_LEVEL_MAX || (value >> 3 & 7) > IFLS_LEVEL_MAX)
			reg_fake_complain(reg, "IFLS has no level %x", value);
		f->ifls = value;
		break;
	case IMSC:
		f->imsc = value;
		break;
	case ICR:
		clear_interrupts(f, value);
		break;
	}
}

static bool pl011_line(struct reg_fake *reg)
{
	struct fake_pl011 *f = to_pl011(reg);

	return f->ris & f->imsc;
}

static const struct reg_fake_reg pl011_regs[] = {
	{ "DR", DR, DR, 'b', 0xff },
	{ "RSR", RSR, RSR, 'b', 0xff },
	{ "FR", FR, FR, 'r', 0x1ff },
	{ "ILPR", ILPR, ILPR, 'b', 0xff },
	{ "IBRD", IBRD, IBRD, 'b', 0xffff },
	{ "FBRD", FBRD, FBRD, 'b', 0x3f },
	{ "LCR_H", LCR_H, LCR_H, 'b', 0xff },
	{ "CR", CR, CR, 'b', 0xff87 },
	{ "IFLS", IFLS, IFLS, 'b', 0x3f },
	{ "IMSC", IMSC, IMSC, 'b', 0x7ff },
	{ "RIS", RIS, RIS, 'r', 0x7ff },
	{ "MIS", MIS, MIS, 'r', 0x7ff },
	{ "ICR", ICR, ICR, 'w', 0x7ff },
	{ "DMACR", DMACR, DMACR, 'b', 0x7 },
	{ "ID", PERIPHID, 0xffc, 'r', 0xff },
	{ 0 },
};

static const struct reg_fake_model pl011_model = {
	.name = "PL011",
	.regs = pl011_regs,
	.read = pl011_read,
	.write = pl011_write,
	.line = pl011_line,
};

void fake_pl011_init(struct fake_pl011 *f, unsigned int depth)
{
	memset(f, 0, sizeof(*f));
	f->reg.model = &pl011_model;
	f->depth = depth;
	f->cr = CR_RESET;
	f->ifls = IFLS_RESET;
	f->modem = FAKE_PL011_CTS;
}
