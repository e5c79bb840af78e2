/* SPDX-License-Identifier: MIT */
/*
 * Names of functions by address, for backtraces and %pS.
 *
 * tools/mksyms makes the table from a first link of the kernel: ksyms_count functions, function
 * i starts at ksyms_base + ksyms_offset[i], ends where the next one starts (ksyms_offset has one
 * entry more, the end of the last) and is called
 * &ksyms_strings[ksyms_name[i] * KSYMS_NAME_UNIT]. A kernel without CONFIG_KALLSYMS, and the first
 * link itself, have no table: the weak symbols are at address 0.
 * Constant data, no lock, usable in any context.
 */
#ifndef KERNEL_KSYMS_H
#define KERNEL_KSYMS_H

#include <lib/compiler.h>
#include <lib/types.h>

/* Names begin at multiples of it, so that 16 bits reach all of them. */
#define KSYMS_NAME_UNIT	2u

extern const u32 ksyms_count __weak;
extern const uintptr_t ksyms_base __weak;
extern const u32 ksyms_offset[] __weak;
extern const u16 ksyms_name[] __weak;
extern const char ksyms_strings[] __weak;

/*
 * The name of the function that addr lies in.
 *
 * Context: any.
 * Return: the name, with the distance from the function's start in *offset and the function's
 * length, padding included, in *size (bytes; either may be NULL). NULL, with neither written, if
 * there is no table or addr lies outside all functions.
 */
const char *ksyms_lookup(uintptr_t addr, size_t *offset, size_t *size);

#endif
