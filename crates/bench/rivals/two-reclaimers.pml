/* The policy of two-reclaimers.scenario on the percpu-ref core, for SPIN: a root with three children, two reclaimers of
   three calls each in one slot, the second child removed, the kernel's worker; no preemption. A step is one access to
   what threads share with the local work behind it; what a thread cannot read any more is 0. */
#define ROOT 1
#define DEAD 3
#define CALLS 3

byte last_visited, generation, in_rcu, in_sched, refs[5];
bit killed, unlinked, freed;
/* Whom the confirmation of the kill waits for, and whom freeing does. */
byte confirm_rcu, confirm_sched, free_rcu;
bit queued;

mtype = { RCU_LOCK, SCHED_LOCK, LATE, SPOIL, LOAD, TRYGET_LAST, CHILD, SIBLING, PARENT, TRYGET, PUT_LAST, STORE,
	ROUND_LOAD, ROUND_STORE, BEGIN, SCHED_UNLOCK, RCU_UNLOCK, PUT_PREV, LEAVE, DONE };

inline touch(css) { assert(css != DEAD || !freed) }

inline put(css) {
	touch(css);
	refs[css]--;
	if
	:: css == DEAD && refs[css] == 0 -> queued = 1
	:: else
	fi
}

inline tryget(css) {
	touch(css);
	ok = refs[css] > 0 && !(css == DEAD && killed);
	refs[css] = refs[css] + ok
}

/* A group was found behind `last`, or 0. */
inline came(css) {
	found = css;
	at = 0;
	if
	:: last > ROOT -> pc = PUT_LAST
	:: else -> pc = STORE
	fi
}

inline look() {
	if
	:: last == 0 -> came(ROOT)
	:: else -> at = last; pc = CHILD
	fi
}

inline returns() {
	calls++;
	prev = found;
	found = 0;
	if
	:: calls < CALLS -> pc = RCU_LOCK
	:: calls == CALLS && prev -> pc = LEAVE
	:: else -> pc = DONE
	fi
}

proctype reclaimer(byte bits) {
	mtype pc = RCU_LOCK;
	byte prev, last, at, found, calls, began, seen;
	bit ok;

	do
	:: atomic { pc == RCU_LOCK -> in_rcu = in_rcu | bits; pc = SCHED_LOCK }
	:: atomic { pc == SCHED_LOCK -> in_sched = in_sched | bits; pc = (prev -> LATE : LOAD) }
	:: atomic { pc == LATE -> pc = (began != generation -> SPOIL : LOAD) }
	:: atomic { pc == SPOIL -> last_visited = 0; pc = SCHED_UNLOCK }
	:: atomic { pc == LOAD -> last = last_visited;
		if
		:: last > ROOT -> pc = TRYGET_LAST
		:: else -> look()
		fi }
	:: atomic { pc == TRYGET_LAST -> tryget(last); last = (ok -> last : 0); ok = 0; look() }
	:: atomic { pc == CHILD -> touch(at);
		if
		:: at == ROOT -> at = 2; pc = TRYGET
		:: else -> pc = SIBLING
		fi }
	:: atomic { pc == SIBLING -> touch(at);
		if
		:: at == 2 -> at = (unlinked -> 4 : DEAD); pc = TRYGET
		:: at == DEAD -> at = 4; pc = TRYGET
		:: at == 4 -> pc = PARENT
		fi }
	:: atomic { pc == PARENT -> touch(at); came(0) }
	:: atomic { pc == TRYGET -> tryget(at);
		if
		:: ok -> ok = 0; came(at)
		:: else -> pc = CHILD
		fi }
	:: atomic { pc == PUT_LAST -> put(last); pc = STORE }
	:: atomic { pc == STORE -> last_visited = found;
		if
		:: found == 0 -> pc = ROUND_LOAD
		:: found && prev == 0 -> pc = BEGIN
		:: else -> last = 0; pc = SCHED_UNLOCK
		fi }
	:: atomic { pc == ROUND_LOAD -> seen = generation; pc = ROUND_STORE }
	:: atomic { pc == ROUND_STORE -> generation = seen + 1; seen = 0; last = 0; pc = (prev -> SCHED_UNLOCK : LOAD) }
	:: atomic { pc == BEGIN -> began = generation; last = 0; pc = SCHED_UNLOCK }
	:: atomic { pc == SCHED_UNLOCK -> in_sched = in_sched & ~bits; confirm_sched = confirm_sched & ~bits;
		pc = RCU_UNLOCK }
	:: atomic { pc == RCU_UNLOCK -> in_rcu = in_rcu & ~bits; confirm_rcu = confirm_rcu & ~bits;
		free_rcu = free_rcu & ~bits;
		if
		:: prev > ROOT -> pc = PUT_PREV
		:: else -> returns()
		fi }
	:: atomic { pc == PUT_PREV -> put(prev); returns() }
	:: atomic { pc == LEAVE ->
		if
		:: prev > ROOT -> put(prev)
		:: else
		fi;
		prev = 0; pc = DONE }
	:: atomic { pc == DONE -> began = 0; calls = 0; prev = 0; break }
	od
}

proctype rmdir() {
	killed = 1;
	skip; /* css->gone */
	atomic { confirm_rcu = in_rcu; confirm_sched = in_sched };
	atomic { confirm_rcu == 0 && confirm_sched == 0 -> skip }; /* css->online */
	skip; /* the only ancestor */
	if
	:: last_visited == DEAD -> last_visited = 0
	:: else
	fi;
	skip; /* none above it */
	unlinked = 1;
	atomic { put(DEAD) }
}

proctype kworker() {
	atomic { queued -> free_rcu = in_rcu };
	atomic { free_rcu == 0 -> touch(DEAD) };
	freed = 1;
	atomic { put(ROOT) }
}

init {
	atomic {
		refs[1] = 6;
		refs[2] = 1;
		refs[3] = 1;
		refs[4] = 1;
		run reclaimer(1);
		run reclaimer(2);
		run rmdir();
		run kworker()
	}
}
