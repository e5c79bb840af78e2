/* SPDX-License-Identifier: MIT */
/*
 * The release that this source is of, or leads to.
 */
#ifndef KERNEL_VERSION_H
#define KERNEL_VERSION_H

#define NOCLA_VERSION	"0.1"

#endif
