/* SPDX-License-Identifier: MIT */
/*
 * tty: serial lines, their settings, what they have counted and lost, and how to try one.
 *
 *   nocla> tty
 *   ttyAMA0: 115200n8 ignbrk ignpar inpck rx:4 tx:1702 fe:0 oe:0 pe:0 brk:0 buf:0 RTS|DTR
 *   nocla> tty ttyAMA0 9600e7r ixon
 *   nocla> tty ttyAMA1 break
 *   nocla> tty sink 1048576
 *   send 1048576 bytes
 *   1048576 bytes, crc32 d1b9a3e2
 *
 * fe, oe, pe and brk are framing errors, overruns of the FIFO, parity errors and breaks;
 * buf is what found no room in memory. Settings have the words of stdout-path and of stty.
 */
#include <drivers/serial_core.h>
#include <kernel/delay.h>
#include <kernel/jiffies.h>
#include <kernel/sched.h>
#include <kernel/shell.h>
#include <lib/crc32.h>
#include <lib/errno.h>
#include <lib/kstrtox.h>
#include <lib/math.h>
#include <lib/minmax.h>
#include <lib/sprintf.h>
#include <lib/string.h>
#include <lib/xorshift.h>

#define BREAK_MS	250
#define SILENCE		(5 * HZ)	/* who is quiet that long sends no more */
#define CHUNK		128
#define COLUMNS		64		/* of `source`, with the line's end */
#define TRANSFER_MAX	(1u << 30)

static const struct {
	const char *name;
	unsigned int iflag, cflag;
} flags[] = {
	{ "ignbrk", IGNBRK, 0 }, { "ignpar", IGNPAR, 0 }, { "parmrk", PARMRK, 0 },
	{ "inpck", INPCK, 0 }, { "ixon", IXON, 0 }, { "ixoff", IXOFF, 0 },
	{ "cstopb", 0, CSTOPB }, { "cmspar", 0, CMSPAR }, { "crtscts", 0, CRTSCTS },
};

/* ---- what there is ---- */

static void print_settings(const struct ktermios *termios)
{
	unsigned int cflag = termios->c_cflag;

	shell_printf("%u%c%u%s", termios->c_ospeed,
		     !(cflag & PARENB) ? 'n' : cflag & PARODD ? 'o' : 'e',
		     5 + (cflag & CSIZE) / CS6, cflag & CRTSCTS ? "r" : "");
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		if (flags[i].cflag != CRTSCTS &&
		    (termios->c_iflag & flags[i].iflag || cflag & flags[i].cflag))
			shell_printf(" %s", flags[i].name);
}

static void print_modem(unsigned int mctrl)
{
	static const struct {
		const char *name;
		unsigned int bit;
	} lines[] = {
		{ "RTS", TIOCM_RTS }, { "CTS", TIOCM_CTS }, { "DTR", TIOCM_DTR },
		{ "DSR", TIOCM_DSR }, { "CD", TIOCM_CAR }, { "RI", TIOCM_RNG },
	};
	const char *between = " ";

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		if (!(mctrl & lines[i].bit))
			continue;
		shell_printf("%s%s", between, lines[i].name);
		between = "|";
	}
}

static void print_line(struct tty_port *tty)
{
	struct ktermios termios = tty_get_termios(tty);
	struct uart_icount count;
	unsigned int mctrl;

	if (tty_get_status(tty, &count, &mctrl))
		return;		/* it has gone meanwhile */
	shell_printf("%s: ", tty->name);
	print_settings(&termios);
	shell_printf(" rx:%u tx:%u fe:%u oe:%u pe:%u brk:%u buf:%u", count.rx, count.tx,
		     count.frame, count.overrun, count.parity, count.brk, count.buf_overrun);
	print_modem(mctrl);
	shell_puts("\n");
}

static int print_lines(void)
{
	for (struct tty_port *tty = tty_next(NULL); tty; tty = tty_next(tty))
		print_line(tty);
	return 0;
}

/* ---- settings ---- */

/* "9600", "9600n8", "9600n8r" and nothing that only looks like it. */
static bool take_speed(struct ktermios *termios, const char *word)
{
	const unsigned int ours = CSIZE | PARENB | PARODD | CRTSCTS;
	int baud = 0, parity = 'n', bits = 8, flow = 'n', len;
	char text[32];

	uart_parse_options(word, &baud, &parity, &bits, &flow);
	len = snprintf(text, sizeof(text), "%d", baud);
	if (strcmp(word, text) != 0)
		snprintf(text + len, sizeof(text) - (size_t)len, "%c%d%s", parity, bits,
			 flow == 'r' ? "r" : "");
	if (!baud || strcmp(word, text) != 0)
		return false;
	termios->c_cflag = (termios->c_cflag & ~ours) | uart_options_cflag(parity, bits, flow);
	termios->c_ispeed = termios->c_ospeed = (unsigned int)baud;
	return true;
}

/* "ixon", "-ixon" */
static bool take_flag(struct ktermios *termios, const char *word)
{
	bool off = *word == '-';

	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		if (strcmp(word + off, flags[i].name) != 0)
			continue;
		termios->c_iflag = (termios->c_iflag & ~flags[i].iflag) |
				   (off ? 0 : flags[i].iflag);
		termios->c_cflag = (termios->c_cflag & ~flags[i].cflag) |
				   (off ? 0 : flags[i].cflag);
		return true;
	}
	return false;
}

static int change(struct tty_port *tty, char **words)
{
	struct ktermios termios = tty_get_termios(tty);

	for (; *words; words++)
		if (!take_speed(&termios, *words) && !take_flag(&termios, *words))
			return shell_fail(-EINVAL, "no setting %.32s", *words);
	return tty_set_termios(tty, &termios);
}

static int send_break(struct tty_port *tty)
{
	int err = tty_break_ctl(tty, true);

	if (err)
		return err;
	msleep(BREAK_MS);
	return tty_break_ctl(tty, false);
}

/* ---- trying a line ---- */

static int sink(struct tty_port *tty, size_t n)
{
	unsigned char bytes[CHUNK];
	u32 crc = ~0u;
	size_t got = 0;
	ssize_t len = 0;

	shell_printf("send %zu bytes\n", n);
	while (got < n) {
		len = tty_read_timeout(tty, bytes, min(sizeof(bytes), n - got), SILENCE);
		if (len < 0)
			break;
		crc = crc32_le(crc, bytes, (size_t)len);
		got += (size_t)len;
		cond_resched();
	}
	shell_printf("%zu bytes, crc32 %08x\n", got, ~crc);
	return len < 0 ? shell_fail((int)len, "%zu bytes have not come", n - got) : 0;
}

/* Lines of characters that a terminal can show. */
static int source(struct tty_port *tty, size_t n)
{
	unsigned char line[COLUMNS];
	u32 random = 1, crc = ~0u;
	int err = 0;

	for (size_t sent = 0; sent < n && !err; ) {
		size_t len = min(sizeof(line), n - sent);

		for (size_t i = 0; i < len; i++)
			line[i] = (unsigned char)('0' + (xorshift32(&random) & 63));
		line[len - 1] = '\n';
		if (len > 1)
			line[len - 2] = '\r';
		err = tty_write(tty, line, len);
		crc = crc32_le(crc, line, len);
		sent += len;
		cond_resched();
	}
	if (!err)
		shell_printf("%zu bytes, crc32 %08x\n", n, ~crc);
	return err;
}

static int try_line(struct tty_port *tty, const char *direction, const char *number)
{
	unsigned int n;

	if (kstrtouint(number, 10, &n) || !n || n > TRANSFER_MAX)
		return shell_fail(-EINVAL, "1 to %u bytes", TRANSFER_MAX);
	return strcmp(direction, "sink") == 0 ? sink(tty, n) : source(tty, n);
}

static int on_line(struct tty_port *tty, int argc, char **argv)
{
	if (argc == 2) {
		print_line(tty);
		return 0;
	}
	if (argc == 3 && strcmp(argv[2], "break") == 0)
		return send_break(tty);
	return change(tty, argv + 2);
}

static int cmd_tty(int argc, char **argv)
{
	const char *direction = NULL, *name;
	struct tty_port *tty;
	int err;

	if (argc == 1)
		return print_lines();
	if (strcmp(argv[1], "sink") == 0 || strcmp(argv[1], "source") == 0)
		direction = argv[1];
	if (direction && (argc < 3 || argc > 4))
		return -EINVAL;
	name = direction ? argv[3] : argv[1];
	tty = name ? tty_find(name) : tty_wait_for_console();
	if (!tty)
		return shell_fail(-ENODEV, "no line %.32s", name);
	err = direction ? try_line(tty, direction, argv[2]) : on_line(tty, argc, argv);
	tty_port_put(tty);
	return err;
}
SHELL_COMMAND(tty, cmd_tty, "[<line> [<settings>|break] | sink|source <bytes> [<line>]]",
	      "serial lines: settings, counts; sink, source: tries one");
