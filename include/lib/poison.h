/* SPDX-License-Identifier: MIT */
/*
 * What memory is filled with that holds nothing, in builds that check: who writes it and who
 * knows it again have it from here. Values of the fills and all names as in Linux.
 *
 * An access through any of them faults where nothing is mapped there: always for a list's links
 * and for pages, for objects where RAM is less than 900 MiB (<hal/memory.h>).
 *
 * Context: none; these are numbers.
 */
#ifndef LIB_POISON_H
#define LIB_POISON_H

#define POISON_INUSE	0x5au	/* an object that is fresh */
#define POISON_FREE	0x6bu	/* one that was freed, */
#define POISON_END	0xa5u	/* and its last byte */
#define PAGE_POISON	0xaau	/* a page that was freed */

/* A whole word of that byte. */
#define POISON_WORD(byte)	(~0ul / 0xff * (byte))

/*
 * The links of an entry that was taken off its list.
 * SAFETY: in the unmapped first half GiB, an access through either faults.
 */
#define LIST_POISON1	((void *)0x0badb100)
#define LIST_POISON2	((void *)0x0badb200)

#endif
