/* SPDX-License-Identifier: MIT */
/*
 * Reads the folder of blobs once, into memory that lives as long as the test.
 */
#include "fdt_trees.h"

#include <dirent.h>
#include <limits.h>
#include <lib/string.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FOLDER	"/trees"

static struct tree_file files[TREES_MAX];
static size_t nr_files;

static int by_name(const void *a, const void *b)
{
	const struct tree_file *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static bool read_file(const char *folder, const char *name, struct tree_file *file)
{
	char path[PATH_MAX];
	long size;
	FILE *f;

	if (strlen(name) >= sizeof(file->name))
		return false;
	strscpy(file->name, name, sizeof(file->name));
	strscpy(path, folder, sizeof(path));
	strscpy(path + strlen(path), "/", 2);
	strscpy(path + strlen(path), name, sizeof(path) - strlen(path));
	f = fopen(path, "rb");
	if (!f)
		return false;
	fseek(f, 0, SEEK_END);
	size = ftell(f);
	rewind(f);
	file->bytes = malloc((size_t)size);
	file->size = fread(file->bytes, 1, (size_t)size, f);
	fclose(f);
	return file->size == (size_t)size;
}

static void read_files(void)
{
	char folder[PATH_MAX] = "";
	struct dirent *entry;
	ssize_t n;
	DIR *dir;

	n = readlink("/proc/self/exe", folder, sizeof(folder) - sizeof(FOLDER));
	if (n <= 0)
		return;
	strscpy(strrchr(folder, '/'), FOLDER, sizeof(FOLDER));
	dir = opendir(folder);
	while (dir && nr_files < TREES_MAX && (entry = readdir(dir))) {
		const char *dot = strrchr(entry->d_name, '.');

		if (dot && strcmp(dot, ".dtb") == 0 &&
		    read_file(folder, entry->d_name, &files[nr_files]))
			nr_files++;
	}
	if (dir)
		closedir(dir);
	qsort(files, nr_files, sizeof(files[0]), by_name);
}

const struct tree_file *tree_files(size_t *n)
{
	if (!nr_files)
		read_files();
	*n = nr_files;
	return files;
}

const struct tree_file *tree_file(const char *name)
{
	size_t n;

	tree_files(&n);
	for (size_t i = 0; i < n; i++) {
		if (strcmp(files[i].name, name) == 0)
			return &files[i];
	}
	return NULL;
}
