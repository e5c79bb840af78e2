/* SPDX-License-Identifier: MIT */
/*
 * A step of an initialisation is one of another type.
 *
 * gcc: initialization of 'int \(\*\)\(struct radio \*\)' from incompatible pointer type
 * clang: incompatible function pointer types initializing
 */
#include <lib/init_chain.h>

struct radio {
	int frequency;
};

struct lamp {
	int brightness;
};

#ifdef TWIN
static int set(struct radio *radio)
{
	radio->frequency = 1;
	return 0;
}
#else
static int set(struct lamp *lamp)
{
	lamp->brightness = 1;
	return 0;
}
#endif

DEFINE_INIT_CHAIN(radio, struct radio, { set, NULL });

int start(struct radio *radio)
{
	return radio_init(radio);
}
