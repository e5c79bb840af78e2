/* SPDX-License-Identifier: MIT */
/*
 * Revoking (kernel/revocable.c): readers come and go while two tasks revoke.
 *
 * A reader is on a CPU of its own. The grace period looks at each CPU once after it began and
 * waits until that one is in no section. What is left out: the order of memory accesses.
 *
 * Holds: when a revoke returns, first or second, no reader is inside and none comes in, and the
 * destructor has run once; no reader is inside while it runs. Once readers stay away each revoke
 * returns.
 *
 * broken: BROKEN=1	no grace period
 * broken: BROKEN=2	who revokes second does not wait for the first
 * broken: BROKEN=3	the state is looked at and changed in two steps
 * broken: BROKEN=4	a reader looks at the state before its section begins
 */
#ifndef BROKEN
#define BROKEN		0
#endif

#define READERS		2
#define REVOKERS	2

mtype = { AVAILABLE, REVOKING, REVOKED };

mtype state = AVAILABLE;
bool section[READERS];		/* the CPU runs one */
bool inside[READERS];		/* and has the object */
byte destroyed = 0;

#define nobody_inside	(!inside[0] && !inside[1])

active [READERS] proctype reader()
{
	byte self = _pid;

	do
	:: true ->
#if BROKEN == 4
		if
		:: state == AVAILABLE ->
			section[self] = true;
			inside[self] = true
		:: else ->
			section[self] = true
		fi;
#else
		section[self] = true;
		if
		:: state == AVAILABLE -> inside[self] = true
		:: else
		fi;
#endif
		if
		:: inside[self] ->
			assert(destroyed == 0);
			inside[self] = false
		:: else
		fi;
		section[self] = false
	:: break
	od
}

active [REVOKERS] proctype revoker()
{
	bool first = false;
	byte cpu = 0;

#if BROKEN == 3
	if
	:: state == AVAILABLE -> state = REVOKING; first = true
	:: else
	fi;
#else
	atomic {
		if
		:: state == AVAILABLE -> state = REVOKING; first = true
		:: else
		fi
	}
#endif
	if
	:: first ->
#if BROKEN != 1
		do
		:: cpu < READERS -> !section[cpu]; cpu++
		:: else -> break
		od;
#endif
		assert(nobody_inside);
		destroyed++;
		state = REVOKED
	:: else ->
#if BROKEN != 2
		state == REVOKED
#endif
	fi;
	assert(nobody_inside && destroyed == 1)
}
