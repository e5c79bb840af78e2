/* SPDX-License-Identifier: MIT */
/*
 * Comes before everything in a host test, as build/config.h does in the kernel.
 *
 * The host's C library has functions of the same names as some of ours. Its
 * headers are read first; from then on those names mean ours, under a symbol of
 * its own, so that a test can call both and compare.
 */
#ifndef HOST_CONFIG_H
#define HOST_CONFIG_H

#define CONFIG_SMP 1
#define CONFIG_NR_CPUS 8
#define CONFIG_HZ 1000
#define CONFIG_SYMBOLIC_ERRNAME 1

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* glibc's; <lib/compiler.h> has one too. */
#undef __always_inline

#define snprintf	lib_snprintf
#define vsnprintf	lib_vsnprintf

#endif
