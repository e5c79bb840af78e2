/* SPDX-License-Identifier: MIT */
/*
 * A spin lock's word, as <kernel/spinlock.h> has it, and CPUs that take the lock in the short way
 * or wait for their turn: every order of the accesses to the word in kernel/spinlock.c and
 * <hal/spinlock.h>.
 *
 * Tickets are counted modulo TICKETS, which is one more than there can be waiters, so that they
 * wrap around here.
 *
 *	one at a time		who takes the lock finds nobody inside
 *	in turn			nobody who draws a ticket is overtaken by who comes later
 *	as if nobody had	the word is 0 in the end
 *	no deadlock		all who wait go on (spin's invalid end states; ltl)
 *
 * broken: BROKEN=1	unlock clears the whole word, and with it those who wait
 * broken: BROKEN=2	the short way looks at nothing but whether somebody is inside
 * broken: BROKEN=3	who takes the lock in its turn forgets those behind it
 * broken: BROKEN=4	a waiter writes what it has seen, whatever the word is by then
 */
#ifndef BROKEN
#define BROKEN		0
#endif

#define CPUS		3
#define TIMES		2	/* that each takes it */
#define TICKETS		3

bool held;			/* the lower half */
byte turn, next;		/* the upper one */

byte inside, ended;
byte arrivals, served;

inline enter()
{
	inside++;
	assert(inside == 1)
}

proctype Cpu()
{
	byte ticket, arrival, i;
	bool seen_held;
	byte seen_turn, seen_next;

	do
	:: i < TIMES ->
		if
		/* hal_spin_take() */
		:: atomic { !held && ((turn == 0 && next == 0) || BROKEN == 2) ->
			assert(served == arrivals);
			held = true;
			enter() }
		:: atomic { held || turn != 0 || next != 0 ->
			skip };
			/* spin_wait() */
			atomic {
				ticket = next;
				next = (next + 1) % TICKETS;
				arrival = arrivals;
				arrivals++
			};
wait:			atomic {
				!held && turn == ticket ->
				seen_held = held;
				seen_turn = turn;
				seen_next = next
			};
			atomic {
				if
				:: BROKEN == 4 || (held == seen_held && turn == seen_turn &&
						   next == seen_next) ->
					held = true;
					if
					:: BROKEN == 3 || seen_next == (seen_turn + 1) % TICKETS ->
						turn = 0;
						next = 0
					:: else ->
						turn = (seen_turn + 1) % TICKETS;
						next = seen_next
					fi;
					assert(served == arrival);
					served++;
					enter()
				:: else -> goto wait
				fi
			}
		fi;
		inside--;
		/* arch_spin_unlock() */
		atomic {
			held = false;
			if
			:: BROKEN == 1 -> turn = 0; next = 0
			:: else
			fi
		};
		i++
	:: else -> break
	od;
	ended++
}

init
{
	byte n;

	atomic {
		do
		:: n < CPUS -> run Cpu(); n++
		:: else -> break
		od
	};
	ended == CPUS;
	assert(!held && turn == 0 && next == 0 && served == arrivals)
}

ltl all_end { <> (ended == CPUS) }
