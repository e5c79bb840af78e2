/* SPDX-License-Identifier: MIT */
/*
 * The configuration that is built, as far as it is not the machine's.
 */
#ifndef HOST_KERNEL_CONFIG_H
#define HOST_KERNEL_CONFIG_H

/* What instrumented code and the C library put on a stack is many times the kernel's. */
#undef CONFIG_THREAD_SIZE_PAGES
#define CONFIG_THREAD_SIZE_PAGES 32

/* The host's compiler has its own sanitizer. */
#undef CONFIG_UBSAN

/* A task here cannot be diverted: what would be killed ends the process. */
#undef CONFIG_FAULT_ISOLATION

/* host_config.h has its own, and comes next. */
#undef CONFIG_SMP
#undef CONFIG_NR_CPUS
#undef CONFIG_HZ

#endif
