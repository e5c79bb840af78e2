/* SPDX-License-Identifier: MIT */
/*
 * The device tree as drivers see it: Linux's functions over the nodes that
 * <lib/fdt.h> made.
 *
 *   if (of_property_read_u32(np, "clock-frequency", &rate))
 *           rate = DEFAULT_RATE;
 *   for_each_available_child_of_node(np, child) ...
 *
 * Nodes are static: they live as long as the kernel and nothing counts them, so
 * of_node_get() and of_node_put() do nothing and are there for code that moves.
 * The tree does not change once it is attached, so nothing here locks or
 * sleeps and all of it may be called in any context. A NULL node has no
 * properties, no children and is not available.
 *
 * Unlike Linux, names and compatible strings are compared with their case, and
 * a string that does not end inside its property is never read.
 */
#ifndef DRIVERS_OF_H
#define DRIVERS_OF_H

#include <drivers/mod_devicetable.h>
#include <lib/bitops.h>
#include <lib/errno.h>
#include <lib/fdt.h>

#define MAX_PHANDLE_ARGS	16

/* Bits of _flags, by Linux's numbers. */
#define OF_DYNAMIC		1
#define OF_DETACHED		2
#define OF_POPULATED		3	/* a device was made for it */
#define OF_POPULATED_BUS	4	/* and for its children */

struct of_phandle_args {
	struct device_node *np;
	int args_count;
	u32 args[MAX_PHANDLE_ARGS];
};

extern struct device_node *of_root;		/* NULL: no tree */
extern struct device_node *of_chosen;		/* /chosen */
extern struct device_node *of_aliases;		/* /aliases */
extern struct device_node *of_stdout;		/* what chosen's stdout-path names */
extern const char *of_stdout_options;		/* behind its ':', e.g. "115200n8"; or NULL */
extern const struct fdt_tree *of_tree;		/* NULL: no tree */

/* Makes `tree`, which stays, the one that all of this reads. Once, before any driver. */
void of_attach_tree(const struct fdt_tree *tree);

static inline struct device_node *of_node_get(struct device_node *node)
{
	return node;
}

static inline void of_node_put(struct device_node *node)
{
	(void)node;
}

static inline bool of_have_populated_dt(void)
{
	return of_root != NULL;
}

static inline bool of_node_is_root(const struct device_node *node)
{
	return node && !node->parent;
}

static inline const char *of_node_full_name(const struct device_node *node)
{
	return node ? node->full_name : "<no-node>";
}

static inline bool of_node_check_flag(const struct device_node *node, unsigned int flag)
{
	return test_bit(flag, &node->_flags);
}

/* True if the flag was set before. */
static inline bool of_node_test_and_set_flag(struct device_node *node, unsigned int flag)
{
	return test_and_set_bit(flag, &node->_flags);
}

static inline void of_node_set_flag(struct device_node *node, unsigned int flag)
{
	set_bit(flag, &node->_flags);
}

static inline void of_node_clear_flag(struct device_node *node, unsigned int flag)
{
	clear_bit(flag, &node->_flags);
}

/* A number of `size` cells; its highest bits are lost if they are more than 64. */
static inline u64 of_read_number(const __be32 *cell, int size)
{
	u64 number = 0;

	for (; size > 0; size--, cell++)
		number = number << 32 | be32_to_cpup(cell);
	return number;
}

/* ---- moving about: each returns NULL at the end, or if there is none ---- */

struct device_node *of_get_parent(const struct device_node *node);
struct device_node *of_get_next_parent(struct device_node *node);
struct device_node *of_get_next_child(const struct device_node *node, struct device_node *prev);
struct device_node *of_get_next_available_child(const struct device_node *node,
						struct device_node *prev);
/* By the name without unit address. */
struct device_node *of_get_child_by_name(const struct device_node *node, const char *name);
struct device_node *of_get_compatible_child(const struct device_node *node,
					    const char *compatible);
int of_get_child_count(const struct device_node *node);
int of_get_available_child_count(const struct device_node *node);

/* The node after `prev`, parents before children; the root for NULL. */
struct device_node *of_find_all_nodes(struct device_node *prev);

#define for_each_of_allnodes(np) \
	for (np = of_find_all_nodes(NULL); np; np = of_find_all_nodes(np))
#define for_each_child_of_node(parent, child) \
	for (child = of_get_next_child(parent, NULL); child; \
	     child = of_get_next_child(parent, child))
#define for_each_available_child_of_node(parent, child) \
	for (child = of_get_next_available_child(parent, NULL); child; \
	     child = of_get_next_available_child(parent, child))
#define for_each_property_of_node(np, prop) \
	for (prop = (np)->properties; prop; prop = prop->next)

/* ---- finding: from the node after `from`, or from the root for NULL ---- */

struct device_node *of_find_node_by_name(struct device_node *from, const char *name);
struct device_node *of_find_node_by_type(struct device_node *from, const char *type);
/* `type` may be NULL. */
struct device_node *of_find_compatible_node(struct device_node *from, const char *type,
					    const char *compatible);
struct device_node *of_find_node_with_property(struct device_node *from, const char *name);
/* *match (match may be NULL) is the entry that fits best. */
struct device_node *of_find_matching_node_and_match(struct device_node *from,
						    const struct of_device_id *matches,
						    const struct of_device_id **match);
struct device_node *of_find_node_by_phandle(phandle handle);

/*
 * The node at "/soc/uart@9000000", or at "serial0" or "serial0/x", which begin
 * with a property of /aliases. What follows a ':' is not looked at, but *opts
 * (opts may be NULL) is where it begins, NULL if there is none.
 */
struct device_node *of_find_node_opts_by_path(const char *path, const char **opts);

static inline struct device_node *of_find_node_by_path(const char *path)
{
	return of_find_node_opts_by_path(path, NULL);
}

static inline struct device_node *of_find_matching_node(struct device_node *from,
							const struct of_device_id *matches)
{
	return of_find_matching_node_and_match(from, matches, NULL);
}

#define for_each_compatible_node(np, type, compatible) \
	for (np = of_find_compatible_node(NULL, type, compatible); np; \
	     np = of_find_compatible_node(np, type, compatible))
#define for_each_matching_node(np, matches) \
	for (np = of_find_matching_node(NULL, matches); np; \
	     np = of_find_matching_node(np, matches))
#define for_each_matching_node_and_match(np, matches, match) \
	for (np = of_find_matching_node_and_match(NULL, matches, match); np; \
	     np = of_find_matching_node_and_match(np, matches, match))

/*
 * The number at the end of the alias of `np` that begins with `stem`: 1 for
 * "serial1" and "serial". Returns -ENODEV if it has none.
 */
int of_alias_get_id(const struct device_node *np, const char *stem);

/* ---- what a node is ---- */

/* Whether it is called so, without unit address; of that device_type; "okay"; of that board. */
bool of_node_name_eq(const struct device_node *np, const char *name);
bool of_node_is_type(const struct device_node *np, const char *type);
bool of_device_is_available(const struct device_node *np);
/* 0: is not; else more the earlier `compatible` comes in the node's list. */
int of_device_is_compatible(const struct device_node *np, const char *compatible);
bool of_machine_is_compatible(const char *compatible);

/* The entry that fits best: the earliest in the node's list of compatible strings, or NULL. */
const struct of_device_id *of_match_node(const struct of_device_id *matches,
					 const struct device_node *np);

/* ---- properties ---- */

/* The property, *lenp (may be NULL) its length; NULL if there is none of that name. */
struct property *of_find_property(const struct device_node *np, const char *name, int *lenp);

/* The value (never NULL for a property that is there), or NULL; lenp may be NULL. */
const void *of_get_property(const struct device_node *np, const char *name, int *lenp);

static inline bool of_property_read_bool(const struct device_node *np, const char *name)
{
	return of_find_property(np, name, NULL) != NULL;
}

#define of_property_present(np, name)	of_property_read_bool(np, name)

/*
 * The functions below leave their results untouched on errors and return
 *   -EINVAL      no such property
 *   -ENODATA     it has no value
 *   -EOVERFLOW   it is too short
 *   -EILSEQ      it is no string, or one that does not end
 */
int of_property_count_elems_of_size(const struct device_node *np, const char *name, int size);
int of_property_read_u32_index(const struct device_node *np, const char *name, u32 index, u32 *out);
int of_property_read_u64_index(const struct device_node *np, const char *name, u32 index, u64 *out);
int of_property_read_u8_array(const struct device_node *np, const char *name, u8 *out, size_t n);
int of_property_read_u16_array(const struct device_node *np, const char *name, u16 *out, size_t n);
int of_property_read_u32_array(const struct device_node *np, const char *name, u32 *out, size_t n);
int of_property_read_u64_array(const struct device_node *np, const char *name, u64 *out, size_t n);
int of_property_read_u64(const struct device_node *np, const char *name, u64 *out);

/* The first string; the value itself, not a copy. */
int of_property_read_string(const struct device_node *np, const char *name, const char **out);
/* -ENODATA too if there are not so many. */
int of_property_read_string_index(const struct device_node *np, const char *name, int index,
				  const char **out);
/* The index of that string; -ENODATA if it is not there. */
int of_property_match_string(const struct device_node *np, const char *name, const char *string);
int of_property_count_strings(const struct device_node *np, const char *name);

/* The string after `cur`, or the first for NULL; NULL at the end. */
const char *of_prop_next_string(const struct property *prop, const char *cur);

#define of_property_for_each_string(np, name, prop, s)				\
	for (prop = of_find_property(np, name, NULL), s = of_prop_next_string(prop, NULL); \
	     s; s = of_prop_next_string(prop, s))

static inline int of_property_read_u8(const struct device_node *np, const char *name, u8 *out)
{
	return of_property_read_u8_array(np, name, out, 1);
}

static inline int of_property_read_u16(const struct device_node *np, const char *name, u16 *out)
{
	return of_property_read_u16_array(np, name, out, 1);
}

static inline int of_property_read_u32(const struct device_node *np, const char *name, u32 *out)
{
	return of_property_read_u32_array(np, name, out, 1);
}

static inline int of_property_read_s32(const struct device_node *np, const char *name, s32 *out)
{
	return of_property_read_u32(np, name, (u32 *)out);
}

static inline int of_property_count_u32_elems(const struct device_node *np, const char *name)
{
	return of_property_count_elems_of_size(np, name, sizeof(u32));
}

/* ---- cells and phandles ---- */

/*
 * How many cells an address or a size of np's own "reg" has: as np's parent
 * says, or the nearest node above that does; of the _bus_ form, as np says for
 * its children. 1 if none does. Not checked: 0 .. 4 makes sense.
 */
int of_n_addr_cells(const struct device_node *np);
int of_n_size_cells(const struct device_node *np);
int of_bus_n_addr_cells(const struct device_node *np);
int of_bus_n_size_cells(const struct device_node *np);

/*
 * Of a list of phandles, each followed by as many cells as its node's property
 * `cells_name` says ("gpios", "#gpio-cells"), fills *out (may be NULL) with
 * entry `index`. Returns 0, -ENOENT (no list, no such entry, or an empty one:
 * phandle 0), or -EINVAL (a phandle of no node, a node without `cells_name`,
 * more than MAX_PHANDLE_ARGS cells, or fewer than its node asks for).
 */
int of_parse_phandle_with_args(const struct device_node *np, const char *list,
			       const char *cells_name, int index, struct of_phandle_args *out);
/* The same, with `cells` cells after each. */
int of_parse_phandle_with_fixed_args(const struct device_node *np, const char *list, int cells,
				     int index, struct of_phandle_args *out);
/* Entry `index` of a list of phandles alone, or NULL. */
struct device_node *of_parse_phandle(const struct device_node *np, const char *list, int index);

/* The entries, empty ones too; cells_name NULL: phandles alone. Errors as above. */
int of_count_phandle_with_args(const struct device_node *np, const char *list,
			       const char *cells_name);

#endif
