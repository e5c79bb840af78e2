/* SPDX-License-Identifier: MIT */
/*
 * A work item that two CPUs queue, that queues itself, and that others cancel and flush: every
 * order of the steps of kernel/workqueue*.c in which another CPU can come between.
 *
 * A step is what happens under a pool's lock, or one access to the item's word without it. Each
 * CPU has a pool with one worker. The word is `state` and `where`: the pool where the item is
 * queued, or where it ran last. Each successful queueing is a round and has a number; what is
 * known of rounds is for the assertions alone.
 *
 *	never two at once	a worker that begins finds the other outside of the function
 *	none is lost		each round runs or is cancelled, in the end and (ltl) at some time
 *	cancel_sync		when it returns the function does not run and nobody queues
 *	flush			when it returns the rounds that it found are over
 *	no deadlock		all who wait go on (spin's invalid end states; ltl)
 *
 * broken: BROKEN=1	queueing does not look where the item still runs
 * broken: BROKEN=2	cancel_sync gives the item back before it waits for the function
 * broken: BROKEN=3	a canceller looks whether another is done before it says that it waits
 * broken: BROKEN=4	a flush notes who runs the item without the pool's lock
 * broken: BROKEN=5	who waits for a round that is cancelled forgets the one before, which runs
 */
#ifndef BROKEN
#define BROKEN		0
#endif

#define CPUS		2
#define CANCELLERS	2
#define FLUSHER		2	/* a waiter as the cancellers, behind them */
#define WAITERS		3
#define AGAIN		1	/* times that it queues itself, at most */
#define ROUNDS		(CPUS + AGAIN)
#define NONE		ROUNDS

mtype = { IDLE, OWNED, QUEUED, CANCELING };

mtype state = IDLE;
byte where = 0;
bool noted;			/* WORK_FLUSHED */

bool running[CPUS];		/* worker->work is the item */
bool worker_noted[CPUS];	/* worker->flushed */

/* A waiter's note: for whom it waits. */
#define NOBODY		0
#define NEXT_ROUND	1
#define ROUND_OF(cpu)	(2 + (cpu))
byte note[WAITERS];

bool waits[CANCELLERS];		/* in cancel_waiters */

/* ---- for the assertions ---- */
byte inserted, queued_round = NONE, over_count, again;
byte round_of[CPUS] = NONE;
bool over[ROUNDS];
byte ended;			/* processes that have */

/* What waits for `who` waits for `next`, or for NOBODY. */
inline pass_notes(who, next, i)
{
	i = 0;
	do
	:: i < WAITERS ->
		if
		:: note[i] == who -> note[i] = next
		:: else
		fi;
		i++
	:: else -> break
	od;
	i = 0
}

/* flushers_follow() */
inline follow(cpu, i)
{
	worker_noted[cpu] = true;
	pass_notes(NEXT_ROUND, ROUND_OF(cpu), i)
}

inline finish(round)
{
	assert(!over[round]);
	over[round] = true;
	over_count++
}

/* insert_item(): the pool is locked, the pending bit the caller's. */
inline insert(pool)
{
	assert(state == OWNED);
	state = QUEUED;
	where = pool;
	noted = false;
	queued_round = inserted;
	inserted++
}

/* queue_work() on `cpu`. `last` is the caller's variable. */
inline queue(cpu, last)
{
	if
	:: atomic { state == IDLE -> state = OWNED; last = where };
		/* queue_claimed() */
		if
		:: atomic { BROKEN != 1 && last != cpu && running[last] -> insert(last) }
		:: atomic { BROKEN != 1 && last != cpu && !running[last] -> skip };
			insert_here: atomic { insert(cpu) }
		:: BROKEN == 1 || last == cpu ->
			atomic { insert(cpu) }
		fi
	:: state != IDLE		/* pending already: false */
	fi
}

proctype Queuer(byte cpu)
{
	byte last;

	queue(cpu, last);
	ended++
}

proctype Worker(byte cpu)
{
	byte last, i;

end:	do
	:: atomic {
		state == QUEUED && where == cpu ->
		assert(!running[0] && !running[1]);
		running[cpu] = true;
		round_of[cpu] = queued_round;
		queued_round = NONE;
		if
		:: noted -> follow(cpu, i)
		:: else
		fi;
		state = IDLE
	   };
	   /* the function: it may queue itself */
	   if
	   :: atomic { again < AGAIN -> again++ };
		queue(cpu, last)
	   :: skip
	   fi;
	   atomic {
		running[cpu] = false;
		finish(round_of[cpu]);
		round_of[cpu] = NONE;
		if
		:: worker_noted[cpu] ->
			worker_noted[cpu] = false;
			pass_notes(ROUND_OF(cpu), NOBODY, i)
		:: else
		fi;
		last = 0
	   }
	od
}

inline wait_while_running(me)
{
	atomic {
		if
		:: running[where] ->
			note[me] = ROUND_OF(where);
			worker_noted[where] = true
		:: else
		fi
	};
	note[me] == NOBODY
}

proctype Canceller(byte me)
{
	byte i;

grab:	if
	:: atomic { state == IDLE -> state = OWNED }
	:: atomic {
		state == QUEUED ->
		state = OWNED;
		finish(queued_round);
		queued_round = NONE;
		if
		:: BROKEN != 5 && running[where] -> follow(where, i)
		:: else -> pass_notes(NEXT_ROUND, NOBODY, i)
		fi
	   }
	:: BROKEN != 3 && state == CANCELING ->
		waits[me] = true;
		if
		:: state != CANCELING -> waits[me] = false
		:: !waits[me]
		fi;
		goto grab
	:: BROKEN == 3 && state == CANCELING ->
		if
		:: state != CANCELING
		:: state == CANCELING -> waits[me] = true; !waits[me]
		fi;
		goto grab
	/* state == OWNED: somebody is about to queue it, and this one tries again */
	fi;
	if
	:: BROKEN == 2 ->
		state = IDLE;
		wait_while_running(me);
		assert(!running[0] && !running[1])
	:: else ->
		state = CANCELING;
		wait_while_running(me);
		atomic {
			assert(state == CANCELING && !running[0] && !running[1]);
			state = IDLE
		}
	fi;
	/* wq_has_sleeper() and wake_up_all() */
	atomic { waits[0] = false; waits[1] = false };
	ended++
}

proctype Flusher()
{
	byte due = NONE, due_too = NONE, last;

look:	if
	:: atomic {
		state == QUEUED ->
		due = queued_round;
		due_too = (running[where] -> round_of[where] : NONE)
	   };
		/* lock_queued_pool(): it may have begun */
		if
		:: atomic { state == QUEUED -> note[FLUSHER] = NEXT_ROUND; noted = true }
		:: state != QUEUED -> goto look
		fi
	:: atomic {
		state != QUEUED ->
		last = where;
		due = (running[last] -> round_of[last] : NONE)
	   };
		/* lock_running_pool() */
		if
		:: BROKEN != 4 ->
			atomic {
				if
				:: running[last] ->
					note[FLUSHER] = ROUND_OF(last);
					worker_noted[last] = true
				:: else
				fi
			}
		:: BROKEN == 4 ->
			if
			:: running[last] ->
				note[FLUSHER] = ROUND_OF(last);
				worker_noted[last] = true
			:: !running[last]
			fi
		fi
	fi;
	note[FLUSHER] == NOBODY;
	assert(due == NONE || over[due]);
	assert(due_too == NONE || over[due_too]);
	due = NONE; due_too = NONE; last = 0;
	ended++
}

/* Of the ltl properties one CPU's queueing, and its item's, has to do. */
#ifdef LTL
#define QUEUERS		1
#else
#define QUEUERS		CPUS
#endif

#define ALL	(QUEUERS + CANCELLERS + 1)

init {
	atomic {
		run Worker(0); run Worker(1);
		run Queuer(0);
		if
		:: QUEUERS > 1 -> run Queuer(1)
		:: else
		fi;
		run Canceller(0); run Canceller(1);
		run Flusher()
	};
	ended == ALL && state == IDLE && !running[0] && !running[1];
	assert(over_count == inserted)
}

ltl all_return { <> (ended == ALL) }
ltl none_waits_for_ever { [] (state == QUEUED -> <> (state != QUEUED)) }
