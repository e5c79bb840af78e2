/* SPDX-License-Identifier: MIT */
/*
 * Linux's device tree functions: finding nodes, reading properties, following
 * phandles.
 *
 * The tree was checked for its form when it was unflattened; what it says is
 * still anybody's. Here each value is read inside its property's length, every
 * count is compared with what is left, and all loops follow the nodes' links,
 * which are a tree whatever the blob said. No state but the pointers to the
 * tree, set once; no locking.
 */
#include <drivers/of.h>

#include <lib/ctype.h>
#include <lib/err.h>
#include <lib/kstrtox.h>
#include <lib/sprintf.h>
#include <lib/string.h>

struct device_node *of_root;
struct device_node *of_chosen;
struct device_node *of_aliases;
struct device_node *of_stdout;
const char *of_stdout_options;
const struct fdt_tree *of_tree;

void of_attach_tree(const struct fdt_tree *tree)
{
	const char *path;

	of_tree = tree;
	of_root = tree->root;
	of_chosen = tree->chosen;
	of_aliases = fdt_node_child(of_root, "aliases");
	of_stdout = NULL;
	of_stdout_options = NULL;
	if (!of_chosen)
		return;
	path = fdt_node_string(of_chosen, "stdout-path");
	if (!path)
		path = fdt_node_string(of_chosen, "linux,stdout-path");
	if (path)
		of_stdout = of_find_node_opts_by_path(path, &of_stdout_options);
}

const char *sprintf_node_name(const struct device_node *node, const struct device_node **parent)
{
	*parent = node->parent;
	return node->full_name;
}

/* ---- moving about ---- */

struct device_node *of_get_parent(const struct device_node *node)
{
	return node ? node->parent : NULL;
}

struct device_node *of_get_next_parent(struct device_node *node)
{
	return of_get_parent(node);
}

struct device_node *of_get_next_child(const struct device_node *node, struct device_node *prev)
{
	if (prev)
		return prev->sibling;
	return node ? node->child : NULL;
}

struct device_node *of_get_next_available_child(const struct device_node *node,
						struct device_node *prev)
{
	do
		prev = of_get_next_child(node, prev);
	while (prev && !of_device_is_available(prev));
	return prev;
}

struct device_node *of_get_child_by_name(const struct device_node *node, const char *name)
{
	struct device_node *child;

	for_each_child_of_node(node, child) {
		if (of_node_name_eq(child, name))
			break;
	}
	return child;
}

struct device_node *of_get_compatible_child(const struct device_node *node, const char *compatible)
{
	struct device_node *child;

	for_each_child_of_node(node, child) {
		if (of_device_is_compatible(child, compatible))
			break;
	}
	return child;
}

int of_get_child_count(const struct device_node *node)
{
	struct device_node *child;
	int n = 0;

	for_each_child_of_node(node, child)
		n++;
	return n;
}

int of_get_available_child_count(const struct device_node *node)
{
	struct device_node *child;
	int n = 0;

	for_each_available_child_of_node(node, child)
		n++;
	return n;
}

struct device_node *of_find_all_nodes(struct device_node *prev)
{
	if (!prev)
		return of_root;
	if (prev->child)
		return prev->child;
	while (prev && !prev->sibling)
		prev = prev->parent;
	return prev ? prev->sibling : NULL;
}

/* ---- finding ---- */

#define for_each_node_after(np, from) \
	for (np = of_find_all_nodes(from); np; np = of_find_all_nodes(np))

struct device_node *of_find_node_by_name(struct device_node *from, const char *name)
{
	struct device_node *np;

	for_each_node_after(np, from) {
		if (of_node_name_eq(np, name))
			break;
	}
	return np;
}

struct device_node *of_find_node_by_type(struct device_node *from, const char *type)
{
	struct device_node *np;

	for_each_node_after(np, from) {
		if (of_node_is_type(np, type))
			break;
	}
	return np;
}

struct device_node *of_find_compatible_node(struct device_node *from, const char *type,
					    const char *compatible)
{
	struct device_node *np;

	for_each_node_after(np, from) {
		if (of_device_is_compatible(np, compatible) && (!type || of_node_is_type(np, type)))
			break;
	}
	return np;
}

struct device_node *of_find_node_with_property(struct device_node *from, const char *name)
{
	struct device_node *np;

	for_each_node_after(np, from) {
		if (of_property_read_bool(np, name))
			break;
	}
	return np;
}

struct device_node *of_find_matching_node_and_match(struct device_node *from,
						    const struct of_device_id *matches,
						    const struct of_device_id **match)
{
	const struct of_device_id *found = NULL;
	struct device_node *np;

	for_each_node_after(np, from) {
		found = of_match_node(matches, np);
		if (found)
			break;
	}
	if (match)
		*match = found;
	return np;
}

struct device_node *of_find_node_by_phandle(phandle handle)
{
	return of_tree ? fdt_find_phandle(of_tree, handle) : NULL;
}

/* The length of a path's first component; ':' ends the whole path. */
static size_t component_length(const char *path)
{
	return strcspn(path, "/:");
}

static bool name_is(const char *name, const char *text, size_t length)
{
	return strncmp(name, text, length) == 0 && name[length] == '\0';
}

static struct device_node *descend(struct device_node *np, const char *path)
{
	while (np && *path == '/') {
		size_t length;

		path += strspn(path, "/");
		length = component_length(path);
		if (length == 0)
			break;
		np = np->child;
		while (np && !name_is(np->full_name, path, length))
			np = np->sibling;
		path += length;
	}
	return np;
}

/* An alias must give a full path, so aliases cannot form a circle. */
static struct device_node *find_alias(const char *alias, size_t length)
{
	const struct property *prop = of_aliases ? of_aliases->properties : NULL;

	while (prop && !name_is(prop->name, alias, length))
		prop = prop->next;
	if (!prop || !memchr(prop->value, '\0', prop->length))
		return NULL;
	return *(const char *)prop->value == '/' ? descend(of_root, prop->value) : NULL;
}

struct device_node *of_find_node_opts_by_path(const char *path, const char **opts)
{
	const char *colon;

	if (opts)
		*opts = NULL;
	if (!path || !of_root)
		return NULL;
	colon = strchr(path, ':');
	if (opts && colon)
		*opts = colon + 1;
	if (*path != '/') {
		size_t length = component_length(path);

		return descend(find_alias(path, length), path + length);
	}
	return descend(of_root, path);
}

int of_alias_get_id(const struct device_node *np, const char *stem)
{
	size_t length = strlen(stem);
	const struct property *prop;

	/* All digits at an alias's end are its number: "serial1" is no stem. */
	if (!of_aliases || !np || !length || isdigit(stem[length - 1]))
		return -ENODEV;
	for_each_property_of_node(of_aliases, prop) {
		const char *digits = prop->name + length;
		unsigned int id;

		if (strncmp(prop->name, stem, length) != 0 || !isdigit(*digits) ||
		    kstrtouint(digits, 10, &id) != 0 || (int)id < 0)
			continue;
		if (find_alias(prop->name, strlen(prop->name)) == np)
			return id;
	}
	return -ENODEV;
}

/* ---- what a node is ---- */

bool of_node_name_eq(const struct device_node *np, const char *name)
{
	return np && strcmp(np->name, name) == 0;
}

bool of_node_is_type(const struct device_node *np, const char *type)
{
	const char *its = fdt_property_string(fdt_node_named(np, FDT_DEVICE_TYPE));

	return its && strcmp(its, type) == 0;
}

bool of_device_is_available(const struct device_node *np)
{
	return np && fdt_node_is_available(np);
}

#define COMPATIBLE_BEST		0x7fff	/* of the first string; one less for each before it */
#define COMPATIBLE_LEAST	1

/* Behind the last of a property's strings; one that does not end is none. */
static const char *strings_end(const struct property *prop)
{
	const char *end = (const char *)prop->value + prop->length;

	while (end != prop->value && end[-1])
		end--;
	return end;
}

/* Most lists are of one string, and most of those differ in the first character. */
static __always_inline bool may_be_compatible(const struct device_node *np, const char *want)
{
	return np && np->compatible &&
	       (np->names & FDT_HAS_COMPATIBLES || *(const char *)np->compatible->value == *want);
}

noinline int of_device_is_compatible(const struct device_node *np, const char *want)
{
	const char *s, *end;
	int score = COMPATIBLE_BEST;

	if (!may_be_compatible(np, want))
		return 0;
	end = strings_end(np->compatible);
	for (s = np->compatible->value; s != end; s += strlen(s) + 1)
		if (*s == *want && strcmp(s, want) == 0)
			return score;
		else if (score > COMPATIBLE_LEAST)
			score--;
	return 0;
}

bool of_machine_is_compatible(const char *compatible)
{
	return of_device_is_compatible(of_root, compatible) != 0;
}

/* compatible outweighs type, which outweighs name; 0 if any that is given differs. */
static int match_score(const struct of_device_id *id, const struct device_node *np)
{
	int score = 0;

	if (id->compatible) {
		if (!may_be_compatible(np, id->compatible))
			return 0;
		score = of_device_is_compatible(np, id->compatible) * 4;
		if (!score)
			return 0;
	}
	if (id->type) {
		if (!of_node_is_type(np, id->type))
			return 0;
		score += 2;
	}
	if (id->name) {
		if (!of_node_name_eq(np, id->name))
			return 0;
		score += 1;
	}
	return score;
}

const struct of_device_id *of_match_node(const struct of_device_id *matches,
					 const struct device_node *np)
{
	const struct of_device_id *best = NULL;
	int best_score = 0;

	if (!matches || !np)
		return NULL;
	for (; matches->compatible || matches->type || matches->name; matches++) {
		int score = match_score(matches, np);

		if (score > best_score) {
			best = matches;
			best_score = score;
		}
	}
	return best;
}

/* ---- properties ---- */

struct property *of_find_property(const struct device_node *np, const char *name, int *lenp)
{
	const struct property *found = np ? fdt_node_property(np, name) : NULL;
	/* SAFETY: Linux's type; properties lie in memory that was allocated for the tree. */
	struct property *prop = (struct property *)(unsigned long)found;

	if (prop && lenp)
		*lenp = prop->length;
	return prop;
}

const void *of_get_property(const struct device_node *np, const char *name, int *lenp)
{
	const struct property *prop = of_find_property(np, name, lenp);

	return prop ? prop->value : NULL;
}

/* Where element `index` of `n` of `size` bytes each begins, or an ERR_PTR if not all are there. */
static const void *elements(const struct device_node *np, const char *name, size_t size,
			    size_t index, size_t n)
{
	const struct property *prop = of_find_property(np, name, NULL);
	size_t there;

	if (!prop)
		return ERR_PTR(-EINVAL);
	if (prop->length == 0)
		return ERR_PTR(-ENODATA);
	there = (size_t)prop->length / size;
	if (index > there || n > there - index)
		return ERR_PTR(-EOVERFLOW);
	return (const u8 *)prop->value + index * size;
}

int of_property_count_elems_of_size(const struct device_node *np, const char *name, int size)
{
	const struct property *prop = of_find_property(np, name, NULL);

	if (!prop || size <= 0)
		return -EINVAL;
	if (prop->length == 0)
		return -ENODATA;
	return prop->length % size == 0 ? prop->length / size : -EINVAL;
}

int of_property_read_u32_index(const struct device_node *np, const char *name, u32 index, u32 *out)
{
	const __be32 *p = elements(np, name, sizeof(*p), index, 1);

	if (IS_ERR(p))
		return PTR_ERR(p);
	*out = be32_to_cpup(p);
	return 0;
}

int of_property_read_u64_index(const struct device_node *np, const char *name, u32 index, u64 *out)
{
	const __be32 *p = elements(np, name, sizeof(u64), index, 1);

	if (IS_ERR(p))
		return PTR_ERR(p);
	*out = of_read_number(p, 2);
	return 0;
}

int of_property_read_u8_array(const struct device_node *np, const char *name, u8 *out, size_t n)
{
	const u8 *p = elements(np, name, sizeof(*p), 0, n);

	if (IS_ERR(p))
		return PTR_ERR(p);
	memcpy(out, p, n);
	return 0;
}

int of_property_read_u16_array(const struct device_node *np, const char *name, u16 *out, size_t n)
{
	const __be16 *p = elements(np, name, sizeof(*p), 0, n);

	if (IS_ERR(p))
		return PTR_ERR(p);
	while (n--)
		*out++ = be16_to_cpu(*p++);
	return 0;
}

int of_property_read_u32_array(const struct device_node *np, const char *name, u32 *out, size_t n)
{
	const __be32 *p = elements(np, name, sizeof(*p), 0, n);

	if (IS_ERR(p))
		return PTR_ERR(p);
	while (n--)
		*out++ = be32_to_cpup(p++);
	return 0;
}

int of_property_read_u64_array(const struct device_node *np, const char *name, u64 *out, size_t n)
{
	const __be32 *p = elements(np, name, sizeof(u64), 0, n);

	if (IS_ERR(p))
		return PTR_ERR(p);
	for (; n--; p += 2)
		*out++ = of_read_number(p, 2);
	return 0;
}

int of_property_read_u64(const struct device_node *np, const char *name, u64 *out)
{
	return of_property_read_u64_array(np, name, out, 1);
}

/* The string at `at` if it ends inside the property; at its end there is none. */
static const char *string_at(const struct property *prop, const char *at)
{
	const char *end = (const char *)prop->value + prop->length;

	return memchr(at, '\0', end - at) ? at : NULL;
}

const char *of_prop_next_string(const struct property *prop, const char *cur)
{
	if (!prop)
		return NULL;
	return string_at(prop, cur ? cur + strlen(cur) + 1 : prop->value);
}

/*
 * String `index` or, if that is negative, the first that is `want` (NULL: none
 * is), and in *count how many come before it. NULL if there is none.
 */
static const char *find_string(const struct device_node *np, const char *name, int index,
			       const char *want, int *count)
{
	const struct property *prop = of_find_property(np, name, NULL);
	const char *at, *s;
	int n = 0;

	if (!prop)
		return ERR_PTR(-EINVAL);
	if (prop->length == 0)
		return ERR_PTR(-ENODATA);
	for (at = prop->value; (s = string_at(prop, at)); at = s + strlen(s) + 1, n++) {
		if (n == index || (want && strcmp(s, want) == 0))
			break;
	}
	*count = n;
	if (!s && at < (const char *)prop->value + prop->length)
		return ERR_PTR(-EILSEQ);
	return s;
}

#define INDEX_NONE	(-1)

int of_property_read_string_index(const struct device_node *np, const char *name, int index,
				  const char **out)
{
	int n;
	const char *s = find_string(np, name, index, NULL, &n);

	if (IS_ERR_OR_NULL(s))
		return s ? PTR_ERR(s) : -ENODATA;
	*out = s;
	return 0;
}

int of_property_read_string(const struct device_node *np, const char *name, const char **out)
{
	return of_property_read_string_index(np, name, 0, out);
}

int of_property_match_string(const struct device_node *np, const char *name, const char *string)
{
	int n;
	const char *s = find_string(np, name, INDEX_NONE, string, &n);

	if (IS_ERR_OR_NULL(s))
		return s ? PTR_ERR(s) : -ENODATA;
	return n;
}

int of_property_count_strings(const struct device_node *np, const char *name)
{
	int n;
	const char *s = find_string(np, name, INDEX_NONE, NULL, &n);

	return IS_ERR(s) ? PTR_ERR(s) : n;
}

/* ---- cells and phandles ---- */

int of_bus_n_addr_cells(const struct device_node *np)
{
	return np ? np->address_cells : FDT_CELLS_DEFAULT;
}

int of_bus_n_size_cells(const struct device_node *np)
{
	return np ? np->size_cells : FDT_CELLS_DEFAULT;
}

int of_n_addr_cells(const struct device_node *np)
{
	return of_bus_n_addr_cells(np && np->parent ? np->parent : np);
}

int of_n_size_cells(const struct device_node *np)
{
	return of_bus_n_size_cells(np && np->parent ? np->parent : np);
}

/* Walks a list of phandles and their arguments. */
struct cursor {
	const __be32 *at, *end;
	const char *cells_name;		/* of the arguments' count, or NULL: */
	int cells;			/* always so many */
};

static int cursor_start(struct cursor *c, const struct device_node *np, const char *list)
{
	const struct property *prop = of_find_property(np, list, NULL);

	if (!prop)
		return -ENOENT;
	c->at = prop->value;
	c->end = c->at + prop->length / sizeof(*c->at);
	return 0;
}

/*
 * Takes the next entry. Returns 0 with *node (NULL: empty) and its *args and
 * *count, -ENOENT at the end, or -EINVAL.
 */
static int cursor_next(struct cursor *c, struct device_node **node, const __be32 **args, u32 *count)
{
	phandle handle;

	*node = NULL;
	*count = 0;
	if (c->at == c->end)
		return -ENOENT;
	handle = be32_to_cpup(c->at++);
	*args = c->at;
	if (!handle)
		return 0;

	*node = of_find_node_by_phandle(handle);
	*count = c->cells;
	if (!*node)
		return -EINVAL;
	if (c->cells_name && of_property_read_u32(*node, c->cells_name, count) != 0)
		return -EINVAL;
	if (*count > MAX_PHANDLE_ARGS || *count > (size_t)(c->end - c->at))
		return -EINVAL;
	c->at += *count;
	return 0;
}

static int parse_entry(struct cursor *c, const struct device_node *np, const char *list, int index,
		       struct of_phandle_args *out)
{
	struct device_node *node;
	const __be32 *args;
	u32 count;
	int ret;

	if (index < 0)
		return -EINVAL;
	ret = cursor_start(c, np, list);
	for (; !ret && index >= 0; index--)
		ret = cursor_next(c, &node, &args, &count);
	if (ret)
		return ret;
	if (!node)
		return -ENOENT;
	if (!out)
		return 0;
	out->np = node;
	out->args_count = count;
	for (u32 i = 0; i < count; i++)
		out->args[i] = be32_to_cpup(&args[i]);
	return 0;
}

int of_parse_phandle_with_args(const struct device_node *np, const char *list,
			       const char *cells_name, int index, struct of_phandle_args *out)
{
	struct cursor c = { .cells_name = cells_name };

	return parse_entry(&c, np, list, index, out);
}

int of_parse_phandle_with_fixed_args(const struct device_node *np, const char *list, int cells,
				     int index, struct of_phandle_args *out)
{
	struct cursor c = { .cells = cells };

	return parse_entry(&c, np, list, index, out);
}

struct device_node *of_parse_phandle(const struct device_node *np, const char *list, int index)
{
	struct of_phandle_args args;

	return of_parse_phandle_with_fixed_args(np, list, 0, index, &args) ? NULL : args.np;
}

int of_count_phandle_with_args(const struct device_node *np, const char *list,
			       const char *cells_name)
{
	struct cursor c = { .cells_name = cells_name };
	struct device_node *node;
	const __be32 *args;
	int n = 0, ret;
	u32 count;

	ret = cursor_start(&c, np, list);
	if (ret)
		return ret;
	if (!cells_name)
		return c.end - c.at;
	for (; (ret = cursor_next(&c, &node, &args, &count)) == 0; n++)
		;
	return ret == -ENOENT ? n : ret;
}
