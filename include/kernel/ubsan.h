/* SPDX-License-Identifier: MIT */
/*
 * Undefined behaviour, seen by the compiler's own checks (CONFIG_UBSAN, which
 * `make test SAN=undefined` sets) and reported as warnings:
 *
 *   UBSAN: KIND at FILE:LINE:COLUMN
 *     what was wrong, with the values
 *
 * Each place in the source is reported once. Signed overflow is among them:
 * nothing here is compiled with -fwrapv. Arithmetic that is to wrap is unsigned,
 * or an operation of <lib/atomic.h>, or __builtin_*_overflow.
 */
#ifndef KERNEL_UBSAN_H
#define KERNEL_UBSAN_H

/* Places that were reported are reported once more, for a test that is run twice. Any context. */
void ubsan_report_again(void);

#endif
