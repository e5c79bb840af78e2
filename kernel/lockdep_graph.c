/* SPDX-License-Identifier: MIT */
/*
 * Lock classes and the order in which they have been taken: a directed graph in two fixed
 * tables. An edge is looked up in a bitmap, as every acquisition under another lock does;
 * ways through the graph are searched, breadth first, only when an edge or a use is new.
 *
 * Locking: the checker's own lock, taken by the callers in lockdep.c.
 */
#include <kernel/printk.h>
#include <kernel/stacktrace.h>
#include <lib/string.h>

#include "lockdep_priv.h"

/* Entry 0 of both is not used: 0 says "none". */
struct lock_class lock_classes[CLASSES_MAX];
static struct lock_edge lock_edges[EDGES_MAX];
static u32 has_edge[CLASSES_MAX][CLASSES_MAX / 32];

/* Of the last search: by which edge a class was reached, and the classes in that order. */
static u16 reached_by[CLASSES_MAX];
static u16 order[CLASSES_MAX];

static u32 edge_bit(u16 to)
{
	return 1u << to % 32;
}

u16 lock_class_get(struct lockdep_map *map, unsigned int subclass)
{
	struct lock_class_key *key = map->key ? map->key : &map->own;

	if (key->class_nr[subclass])
		return key->class_nr[subclass];
	for (u16 nr = 1; nr < CLASSES_MAX; nr++) {
		struct lock_class *class = &lock_classes[nr];

		if (class->key)
			continue;
		*class = (struct lock_class){
			.key = key,
			.name = map->name,
			.subclass = (u8)subclass,
			.kind = map->kind,
			.edges_from = NO_EDGE,
			.edges_to = NO_EDGE,
		};
		key->class_nr[subclass] = nr;
		return nr;
	}
	lock_checker_full("classes");
	return 0;
}

struct lock_edge *lock_edge_find(u16 from, u16 to)
{
	if (!(has_edge[from][to / 32] & edge_bit(to)))
		return NULL;
	for (u16 e = lock_classes[from].edges_from; e != NO_EDGE; e = lock_edges[e].next_from)
		if (lock_edges[e].to == to)
			return &lock_edges[e];
	return NULL;
}

struct lock_edge *lock_edge_add(u16 from, u16 to)
{
	for (u16 nr = 1; nr < EDGES_MAX; nr++) {
		struct lock_edge *edge = &lock_edges[nr];

		if (edge->from)
			continue;
		edge->from = from;
		edge->to = to;
		edge->bad = false;
		edge->next_from = lock_classes[from].edges_from;
		edge->next_to = lock_classes[to].edges_to;
		lock_classes[from].edges_from = nr;
		lock_classes[to].edges_to = nr;
		has_edge[from][to / 32] |= edge_bit(to);
		return edge;
	}
	lock_checker_full("orders of classes");
	return NULL;
}

u16 lock_way_find(u16 from, bool back, bool (*wanted)(u16 nr, u16 arg), u16 arg)
{
	unsigned int done = 0, found = 1;

	memset(reached_by, 0, sizeof(reached_by));
	order[0] = from;
	reached_by[from] = NO_EDGE;
	for (; done < found; done++) {
		struct lock_class *class = &lock_classes[order[done]];
		u16 e = back ? class->edges_to : class->edges_from;

		if (wanted(order[done], arg))
			return order[done];
		while (e != NO_EDGE) {
			const struct lock_edge *edge = &lock_edges[e];
			u16 next = back ? edge->from : edge->to;

			if (!edge->bad && !reached_by[next]) {
				reached_by[next] = e;
				order[found++] = next;
			}
			e = back ? edge->next_to : edge->next_from;
		}
	}
	return 0;
}

static void print_edge(const struct lock_edge *edge)
{
	printk(KERN_WARNING "%s was taken at\n", lock_classes[edge->to].name);
	stack_trace_print(edge->to_trace, LOCKDEP_TRACE, 2);
	printk(KERN_WARNING "with %s held, taken at\n", lock_classes[edge->from].name);
	stack_trace_print(edge->from_trace, LOCKDEP_TRACE, 2);
}

/* From the end of the way to its beginning. */
void lock_way_print(u16 to, bool back)
{
	while (reached_by[to] != NO_EDGE) {
		const struct lock_edge *edge = &lock_edges[reached_by[to]];

		print_edge(edge);
		to = back ? edge->to : edge->from;
	}
}

static void unlink_edge(u16 nr)
{
	struct lock_edge *edge = &lock_edges[nr];
	u16 *link = &lock_classes[edge->from].edges_from;

	while (*link != nr)
		link = &lock_edges[*link].next_from;
	*link = edge->next_from;
	link = &lock_classes[edge->to].edges_to;
	while (*link != nr)
		link = &lock_edges[*link].next_to;
	*link = edge->next_to;
	has_edge[edge->from][edge->to / 32] &= ~edge_bit(edge->to);
	edge->from = 0;
}

void lock_class_forget(u16 nr)
{
	struct lock_class *class = &lock_classes[nr];

	while (class->edges_from != NO_EDGE)
		unlink_edge(class->edges_from);
	while (class->edges_to != NO_EDGE)
		unlink_edge(class->edges_to);
	class->key = NULL;
}
