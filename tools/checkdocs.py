#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Check that files say what has to be known of them, a line for each thing that is left out.

checkdocs.py [ROOT]

For each function under include/, and each macro of three lines or more that is used as one:

    comment    there is one: its own, that of the prototypes right above it, or one for the
               section, which a blank line sets apart
    context    where it may be called from: "Context: any.", "Any context.", "Task; may sleep."
    return     what comes back, with each error, unless it is void
    ownership  who gives back what is allocated, counted or taken

The file's header and the section's comment count for all below them, so that pure functions
need one line: "Context: any, for all of this header." An inline function of one statement
says by itself what it returns.

For each file under include/, and each .c file under lib/, hal/, kernel/ and drivers/, that has a
lock, which is one that defines a lock, has one as a member, calls what locks it or guards with it
(rcu and interrupts that are off are no locks):

    locking    its header has "Locking:", "Lock:" or "Locks:" and what guards what, or where that
               is told: "Locking: see x_priv.h"
    lock x     and in a .c file the name of each lock that the file defines

Only that these are there is checked; that they are true is for who reads them, and of fields
and functions for clang: the names are those of __guarded_by() and __must_hold().
"""

import argparse
import os
import re
import sys

CONTEXT = re.compile(r"\bcontexts?\b|\b(?:Task|Boot|task or boot|Hard irq)\b\s*[.;:,]|"
                     r"\bIn (?:a )?task\b|\bin any\b", re.IGNORECASE)
# In a file's header it must be said outright.
HEADER_CONTEXT = re.compile(r"\bcontext(?:s| of[^.:]*)?:|\bany context\b|\bcontext any\b",
                            re.IGNORECASE)
RETURN = re.compile(r"\breturn(?:s|ed)?\b|\bwhether\b|\bNULL\b|-E[A-Z0-9]{2,}|ERR_PTR|\btrue\b|"
                    r"\bfalse\b|\bhow (?:many|much|often)\b|\b0\b|\bnegative\b", re.IGNORECASE)
# A comment that begins so names the value: "The node above, ...".
NAMES_VALUE = re.compile(r"\s*(?:The|A|An|Its|In|What|Where|Which|Who|Number|By|All|Each|One|"
                         r"Nanoseconds|Milliseconds|2\^order)\b")
OWNED = re.compile(r"(?:^|_)(?:alloc|create|dup|k?memdup|kstrdup|kmalloc|kzalloc|kcalloc|"
                   r"k?v?asprintf|get|request|find|run|open|map|ioremap|iomap|remove)(?:_|$)|"
                   r"(?:alloc|dup|printf)$")
NOT_OWNED = re.compile(r"_(?:data|drvdata|name|rate|value|id|type|bus|match|parent|irq_\w+|"
                       r"resource|child|property|string|bit|mapping|chip)(?:_|$)")
OWNERSHIP = re.compile(r"\w_(?:free|put|destroy|release|remove|unregister|stop)\w*\(\)|"
                       r"\b(?:reference|counted|free[ds]?|put|caller'?s?|give[sn]?|owner|lives?|"
                       r"outlives?|stays?|until|unbind|destroy\w*|static|kept|keep|released?|"
                       r"copied|copy|unbound|belongs)\b", re.IGNORECASE)

# A comment that leans on the one before, or on another function's.
THE_SAME = re.compile(r"\bThe same\b|\bThe reverse\b|\bas above\b", re.IGNORECASE)
AS_ANOTHER = re.compile(r"\b[Aa]s (?:(?:by|of|those of) )?\w+\(\)|\b[Aa]s \w+_\w+\b")

# `name` is where guards are made of macros.
LOCK_MADE = re.compile(r"\bDEFINE_\w*(?:LOCK|MUTEX|SEMAPHORE)\(\s*(\w+)\s*\)|"
                       r"\bDECLARE_RWSEM\(\s*(\w+)\s*\)")
HAS_LOCK = re.compile(LOCK_MADE.pattern + "|" +
                      r"\b(?:\w*spinlock_t|seq(?:lock|count\w*)_t|"
                      r"struct (?:\w*mutex|rw_semaphore|semaphore))\s+\w+\s*(?:\[[^]]*\]\s*)?;|"
                      r"guard\((?!(?:rcu|irqsave|irq|name)\b)|"
                      r"\b(?:\w+_)?(?:spin|mutex|device)_(?:try)?lock\w*\(|"
                      r"\bdown(?:_\w+)?\(|\b(?:read|write)_seqlock\w*\(")
LOCKING = re.compile(r"\bLock(?:s|ing)?:[ \t]*\n?[ \t]*\S")
FILE_HEADER = re.compile(r"\s*(?:/\*[^*]*SPDX[^*]*\*/\s*)?(/\*.*?\*/)", re.DOTALL)

LAYERS = ("lib", "hal", "kernel", "drivers")

COMMENT = re.compile(r"/\*(.*?)\*/", re.DOTALL)
FUNCTION = re.compile(r"^(?!typedef\b)([A-Za-z_][\w\s]*?[\s*])(\w+)\(", re.DOTALL)


class Item:
    """A comment, macro, function, or anything else, at the top level of a header."""

    def __init__(self, kind, line, text, end):
        self.kind, self.line, self.text, self.end = kind, line, text, end


def items(text):
    """The top-level items in order; a comment is one only if it begins its line."""
    found, at = [], 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        start = at
        comment = COMMENT.match(text, at)
        if comment:
            at, kind = comment.end(), "comment"
        elif text[at] == "#":
            at, kind = end_of_directive(text, at), "directive"
            if re.match(r"#\s*define\s+\w+\(", text[start:]):
                kind = "macro"
        else:
            at, kind = end_of_declaration(text, at), "other"
            if FUNCTION.match(without_comments(text[start:at])):
                kind = "function"
        found.append(Item(kind, text.count("\n", 0, start) + 1, text[start:at],
                          text.count("\n", 0, at) + 1))
        # A comment behind something on its line belongs to that.
        trailing = re.compile(r"[ \t]*/\*.*?\*/", re.DOTALL).match(text, at)
        if kind != "comment" and trailing:
            found[-1].text += trailing[0]
            at = trailing.end()
            found[-1].end = text.count("\n", 0, at) + 1
    return found


def end_of_directive(text, at):
    while True:
        end = text.find("\n", at)
        if end < 0:
            return len(text)
        if text[end - 1] != "\\":
            return end
        at = end + 1


def end_of_declaration(text, at):
    """Behind the ; or the } of a function's body at depth 0."""
    depth, start = 0, at
    while at < len(text):
        comment = COMMENT.match(text, at)
        if comment:
            at = comment.end()
            continue
        if text[at] == '"':
            at = re.compile(r'"(?:[^"\\\n]|\\.)*"').match(text, at).end()
            continue
        if text[at] in "({[":
            depth += 1
        elif text[at] in ")}]":
            depth -= 1
            if depth == 0 and text[at] == "}" and is_function(text[start:at]):
                return at + 1
        elif text[at] == ";" and depth == 0:
            return at + 1
        elif text[at] == "\n" and depth == 0 and text[at + 1:at + 2] in ("\n", "#", ""):
            return at       # a macro used as a declaration: DEFINE_GUARD(...)
        at += 1
    return at


def without_comments(text):
    return COMMENT.sub("", text)


def is_function(text):
    head = without_comments(text).split("{")[0]
    return bool(FUNCTION.match(head)) and "=" not in head and \
        not re.match(r"\s*(?:struct|union|enum)\s+\w+\s*$", head)


def one_statement(text):
    body = without_comments(text)
    if "{" not in body:
        return False
    body = body[body.index("{") + 1:body.rindex("}")]
    return len([s for s in body.split(";") if s.strip() and not re.match(r"\s*\(void\)", s)]) <= 1


def name_of(item):
    if item.kind == "macro":
        return re.match(r"#\s*define\s+(\w+)", item.text)[1]
    return FUNCTION.match(without_comments(item.text))[2]


def acts_as_function(item):
    """A macro of three lines or more, named as functions are, and not a part of others."""
    name = name_of(item)
    return item.text.count("\\\n") > 1 and name.islower() and not name.endswith("__") and \
        "for_each" not in name


def is_void(item):
    head = FUNCTION.match(without_comments(item.text))[1]
    return "*" not in head and bool(re.search(r"\bvoid\b", head))


def plain(comment):
    return re.sub(r"(?m)^\s*\*( |$)", "", comment[2:-2] if comment.startswith("/*") else comment)


def check_locking(text, is_public):
    """[what is missing]."""
    comment = FILE_HEADER.match(text)
    header, code, faults = plain(comment[1]) if comment else "", without_comments(text), []
    if HAS_LOCK.search(code) and not LOCKING.search(header):
        faults.append("locking")
    if not is_public:
        made = [one or other for one, other in LOCK_MADE.findall(code)]
        faults += [f"lock {name}" for name in made if not re.search(rf"\b{name}\b", header)]
    return faults


def check_header(text):
    """[(line, name, what is missing)]."""
    found = items(text)
    while found and found[0].kind == "comment" and "SPDX" in found[0].text:
        found.pop(0)
    header = plain(found.pop(0).text) if found and found[0].kind == "comment" else ""
    faults, own, section, above, last = [], None, "", None, ""
    for number, item in enumerate(found):
        after = found[number + 1] if number + 1 < len(found) else None
        if item.kind == "comment":
            if after and after.line > item.end + 1:
                section, own = plain(item.text), None
            else:
                own, above = plain(item.text), None
                if THE_SAME.search(own):
                    own += last
                last = own
            continue
        if item.kind not in ("function", "macro"):
            if item.kind != "directive" and not item.text.startswith("typedef"):
                own = above = None
            continue
        if above and item.line > above + 1:
            own = None          # a blank line ends what one comment is for
        above = item.end
        trailing = re.search(r"[;}\n]\s*(/\*(?:[^*]|\*(?!/))*\*/)$", item.text)
        said = own or (plain(trailing[1]) if trailing else "")
        if item.kind == "macro" and not acts_as_function(item):
            continue
        # What a macro of the name without the underscores is made of.
        if name_of(item).startswith("__") and \
                re.search(rf"#define {name_of(item)[2:]}\(", text):
            continue
        for what in missing(item, said, section, header, last):
            faults.append((item.line, name_of(item), what))
    return faults


def missing(item, own, section, header, before):
    name, simple = name_of(item), item.kind == "function" and one_statement(item.text)
    header_returns = re.search(r"\breturns?\b", header, re.IGNORECASE)
    if not own and not section and not simple and \
            not (HEADER_CONTEXT.search(header) and header_returns):
        yield "comment"
    # A wrapper follows what it wraps.
    if not any(CONTEXT.search(text) for text in (own, section, before if simple else "")) and \
            not HEADER_CONTEXT.search(header) and not AS_ANOTHER.search(own or section):
        yield "context"
    if item.kind == "macro":
        return
    if not is_void(item) and not simple and not NAMES_VALUE.match(own) and \
            not re.search(r"\w\(void\)", item.text) and not AS_ANOTHER.search(own) and \
            not any(RETURN.search(text) for text in (own, section)) and \
            not header_returns:
        yield "return"
    if "*" in FUNCTION.match(without_comments(item.text))[1] and not simple and \
            OWNED.search(name) and not NOT_OWNED.search(name) and \
            not any(OWNERSHIP.search(text) for text in (own, section, header)):
        yield "ownership"


def files(root, layer, suffix):
    """(path in the tree, text) of each file of a layer."""
    for folder, folders, names in os.walk(os.path.join(root, layer)):
        folders.sort()
        for name in sorted(names):
            if name.endswith(suffix):
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8") as file:
                    yield os.path.relpath(path, root), file.read()


def check(root):
    faults, count = [], 0
    for path, text in files(root, "include", ".h"):
        count += 1
        faults += [f"{path}:{line}: {name}: no {what}" for line, name, what in check_header(text)]
        faults += [f"{path}: no {what}" for what in check_locking(text, True)]
    for layer in LAYERS:
        for path, text in files(root, layer, ".c"):
            faults += [f"{path}: no {what}" for what in check_locking(text, False)]
    return faults, count


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("root", nargs="?", default=".")
    faults, count = check(parser.parse_args().root)
    print(*faults, sep="\n", end="\n" if faults else "")
    print(f"docs: {count} headers, {len(faults)} faults")
    return 1 if faults or not count else 0


if __name__ == "__main__":
    sys.exit(main())
