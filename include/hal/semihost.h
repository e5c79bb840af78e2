/* SPDX-License-Identifier: MIT */
/*
 * Arm semihosting (Arm IHI 0080): the debugger, or QEMU, as the last outlet.
 *
 * Where nobody answers the trap, it lands in this kernel's own SVC vector,
 * which answers "not there"; nothing here is needed for the kernel to work.
 */
#ifndef HAL_SEMIHOST_H
#define HAL_SEMIHOST_H

#include <lib/types.h>

/*
 * Ends the emulator with `status`, 0..255. Returns if nobody answers; in a hard
 * interrupt the task below is lost then. Context: task, or the end of the machine.
 */
void hal_semihost_exit(int status);

/* Writes a character on the debugger's console; nothing where nobody answers. As above. */
void hal_semihost_putc(char c);

#endif
