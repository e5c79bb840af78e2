/* SPDX-License-Identifier: MIT */
/*
 * Semihosting by `svc 0xab` in Thumb state (Arm IHI 0080). The trap clobbers
 * the SVC mode's lr and spsr.
 */
#include <hal/semihost.h>
#include <lib/compiler.h>
#include <lib/kconfig.h>

#define SYS_WRITEC			0x03
#define SYS_EXIT_EXTENDED		0x20
#define ADP_STOPPED_APPLICATION_EXIT	0x20026

static void semihost(unsigned long operation, const void *argument)
{
	register unsigned long r0 __asm__("r0") = operation;
	register const void *r1 __asm__("r1") = argument;

	if (IS_ENABLED(CONFIG_SEMIHOSTING))
		__asm__ volatile("svc #0xab" : "+r" (r0) : "r" (r1) : "lr", "memory");
}

void hal_semihost_exit(int status)
{
	const unsigned long block[] = { ADP_STOPPED_APPLICATION_EXIT, (unsigned long)status };

	semihost(SYS_EXIT_EXTENDED, block);
}

void hal_semihost_putc(char c)
{
	semihost(SYS_WRITEC, &c);
}
