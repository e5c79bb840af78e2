/* SPDX-License-Identifier: MIT */
/*
 * Settings of a terminal's line, with the names of POSIX and the numbers of Linux.
 */
#ifndef DRIVERS_TERMIOS_H
#define DRIVERS_TERMIOS_H

/* c_iflag: what becomes of damaged characters and breaks, and flow control by characters. */
#define IGNBRK	0000001	/* a break is no input; else it is a '\0', or see PARMRK */
#define IGNPAR	0000004	/* a character with an error is no input */
#define PARMRK	0000010	/* "\377\0c" for a damaged c, "\377\0\0" for a break, "\377\377" for \377 */
#define INPCK	0000020	/* look at parity and framing at all; off: all are taken as good */
#define IXON	0002000	/* ^S from the other side stops what is sent, ^Q lets it go on */
#define IXOFF	0010000	/* ^S and ^Q are sent to it */

/* c_cflag */
#define CSIZE	0000060
#define   CS5	0000000
#define   CS6	0000020
#define   CS7	0000040
#define   CS8	0000060
#define CSTOPB	0000100		/* two stop bits */
#define PARENB	0000400
#define PARODD	0001000
#define CMSPAR	010000000000	/* the parity bit is always 0, with PARODD always 1 */
#define CRTSCTS	020000000000	/* flow control by RTS and CTS */

#define START_CHAR	'\x11'	/* ^Q */
#define STOP_CHAR	'\x13'	/* ^S */

/* Lines of the modem. */
#define TIOCM_DTR	0x002
#define TIOCM_RTS	0x004
#define TIOCM_CTS	0x020
#define TIOCM_CAR	0x040
#define TIOCM_RNG	0x080
#define TIOCM_DSR	0x100
#define TIOCM_OUT1	0x2000
#define TIOCM_OUT2	0x4000
#define TIOCM_LOOP	0x8000

struct ktermios {
	unsigned int c_iflag;
	unsigned int c_cflag;
	unsigned int c_ispeed;	/* baud; the same as c_ospeed */
	unsigned int c_ospeed;
};

#endif
