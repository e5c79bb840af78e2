/* SPDX-License-Identifier: MIT */
/*
 * A physical address is kept in a word of the processor.
 *
 * gcc: conversion from 'phys_addr_t'.*may change value
 * clang: implicit conversion loses integer precision
 * clang-context: implicit conversion loses integer precision
 */
#include <lib/types.h>

#ifdef TWIN
u32 page_of(phys_addr_t addr)
{
	return (u32)(addr >> 12);
}
#else
u32 page_of(phys_addr_t addr)
{
	return addr >> 12;
}
#endif
