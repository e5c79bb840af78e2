# SPDX-License-Identifier: MIT
"""gdb commands that know the kernel: nocla-tasks, nocla-bt, nocla-devices, nocla-work, nocla-irqs,
nocla-log. For a machine under gdb and for a core of `tools/board dump`:

    gdb-multiarch build/nocla.elf -x tools/gdb/nocla.py -c FILE

They only read. What they read may be damaged or not yet set up: every list is followed for a
bounded number of steps, a place that cannot be read is said to be so, and the rest is shown.
"""

import functools
import inspect

import gdb
import gdb.unwinder

LIST_MAX = 4096  # steps along one list
TEXT_MAX = 200  # bytes of a name
FRAMES_MAX = 40

# include/kernel/sched.h
TASK_RUNNING, TASK_INTERRUPTIBLE, TASK_DEAD, TASK_NOLOAD = 0, 1, 0x80, 0x400
STACK_MAX = 16 * 4096
WQ_UNBOUND = 2  # include/kernel/workqueue.h
# hal/armv7a: hal_context_switch() pushes these below the address to go on at
SAVED_REGISTERS = ["r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11"]
WORD = 4
CPSR_THUMB = 0x20

# Files whose functions are how a task sleeps, not where.
HOW = ("sched.c", "sched_timeout.c", "wait.c", "completion.c", "mutex.c", "rwsem.c", "semaphore.c",
       "condvar.c", "irqflags.h", "time.c")


class Damaged(Exception):
    """Memory that does not hold what it should."""


# ---- memory ----

def variable(name, file=None):
    return gdb.parse_and_eval(f"'{file}'::{name}" if file else name)


def linker_symbol(name):
    """The address of what has no type."""
    return int(gdb.parse_and_eval(f"(unsigned long)&{name}"))


@functools.lru_cache(maxsize=None)
def struct(name):
    return gdb.lookup_type(f"struct {name}")


def container(pointer, type_name, *path):
    """The structure whose member, reached by path, pointer points at."""
    kind, offset = struct(type_name), 0
    for member in path:
        field = next(f for f in kind.strip_typedefs().fields() if f.name == member)
        offset += field.bitpos // 8
        kind = field.type
    return gdb.Value(int(pointer) - offset).cast(struct(type_name).pointer())


def text(pointer):
    """A string of the kernel's, or what stands for one."""
    if not int(pointer):
        return "-"
    try:
        return pointer.string(errors="replace", length=-1)[:TEXT_MAX]
    except gdb.error:
        return f"<unreadable {int(pointer):#x}>"


def array_text(array):
    """The string in an array of char."""
    data = bytes(int(array[i]) & 0xFF for i in range(array.type.sizeof))
    return data.split(b"\0")[0].decode(errors="replace")


def symbol(address):
    """name or name+offset of what lies there; bit 0 of a function's address says Thumb."""
    said = gdb.execute(f"info symbol {int(address) & ~1:#x}", to_string=True)
    return said.split(" in section")[0].replace(" + ", "+") if " in section" in said \
        else f"{int(address):#x}"


def list_nodes(head):
    """The nodes of a list of struct list_head, without the head."""
    first = int(head.address)
    node = head["next"]
    if not int(node):
        return      # not set up yet
    seen = set()
    while int(node) != first:
        if int(node) in seen or len(seen) >= LIST_MAX:
            raise Damaged(f"the list at {first:#x} does not end")
        seen.add(int(node))
        yield node
        try:
            node = node["next"]
            int(node)
        except gdb.MemoryError:
            raise Damaged(f"the list at {first:#x} leads to {int(node):#x}") from None


def members(head, type_name, *path):
    """What is on a list, as pointers to the structures that hold the nodes."""
    for node in list_nodes(head):
        yield container(node, type_name, *path)


def klist_members(klist, type_name, *path):
    for entry in members(klist["nodes"], "klist_node", "link"):
        if not entry["dead"]:
            yield container(entry, type_name, *path)


# ---- commands ----

class Command(gdb.Command):
    """One command. run() does it; what it cannot read ends it with a line, not a traceback."""

    name = ""

    def __init__(self):
        super().__init__(self.name, gdb.COMMAND_DATA)

    def invoke(self, argument, _from_tty):
        words = gdb.string_to_argv(argument)
        try:
            inspect.signature(self.run).bind(*words)
        except TypeError:
            raise gdb.GdbError(f"usage: {self.__doc__}") from None
        try:
            self.run(*words)
        except (Damaged, gdb.error) as error:
            raise gdb.GdbError(f"{self.name}: {error}") from None

    def run(self):
        raise NotImplementedError


def each(values):
    """Goes through values; damage on the way is told and ends the walk, not the command."""
    walk = iter(values)
    while True:
        try:
            value = next(walk)
        except StopIteration:
            return
        except (Damaged, gdb.MemoryError) as error:
            print(f"  <damaged: {error}>")
            return
        yield value


def shown(line, *arguments):
    """Prints what line() makes; what cannot be read is told in its place."""
    try:
        print(line(*arguments))
    except (Damaged, gdb.MemoryError) as error:
        print(f"  <damaged: {error}>")


# ---- tasks ----

def tasks():
    return members(variable("task_list", "kernel/sched.c"), "task_struct", "tasks")


def running_task():
    """The address of the task that runs: a register of the CPU has it, which a core is without.
    There it is the one whose stack is in use."""
    try:
        return int(gdb.newest_frame().read_register("TPIDRPRW")) & 0xFFFFFFFF
    except ValueError:
        pass
    sp = int(gdb.newest_frame().read_register("sp")) & 0xFFFFFFFF
    guard, top = map(linker_symbol, ("_boot_stack_guard", "_boot_stack_top"))
    if guard <= sp < top:
        return int(variable("boot_task", "kernel/sched.c").address)
    best = None
    for task in tasks():
        stack = int(task["stack"])
        if stack and stack <= sp < stack + STACK_MAX and (not best or stack > best[0]):
            best = stack, int(task)
    return best[1] if best else first_runnable()


def first_runnable():
    """On the stack of an interrupt or a fault: who would run next. That is who ran, unless what
    the interrupt has woken goes before."""
    cpu = variable("boot_cpu")
    runnable = int(cpu["runnable"])
    if not runnable:
        return None
    node = cpu["queue"][32 - runnable.bit_length()]
    return int(container(node, "task_struct", "run")) if int(node) else None


def state(task):
    value = int(task["__state"])
    if value == TASK_RUNNING:
        return "R"
    if value & TASK_DEAD:
        return "Z"
    if value & TASK_NOLOAD:
        return "I"
    return "S" if value & TASK_INTERRUPTIBLE else "D"


class FrameId:
    """Of the frame in whose place a saved context is put: below every stack."""

    def __init__(self, pc):
        self.sp = gdb.Value(0x10)
        self.pc = pc


class SavedContext(gdb.unwinder.Unwinder):
    """While it has a context, the newest frame's caller is who stopped there. gdb can then walk a
    sleeping task's stack, without a write to the machine: a core has no registers to set."""

    def __init__(self):
        super().__init__("nocla-saved-context")
        self.registers = None
        self.newest = None

    def __call__(self, pending):
        if not self.registers:
            return None
        here = tuple(int(pending.read_register(name)) for name in ("sp", "pc"))
        if here != self.newest:
            return None
        info = pending.create_unwind_info(FrameId(pending.read_register("pc")))
        for name, value in self.registers.items():
            kind = pending.read_register(name).type
            info.add_saved_register(name, gdb.Value(value).cast(kind))
        return info

    def walk(self, task, visit):
        """visit(level) while the task's frames are those from this level on."""
        sp = int(task["context"]["sp"])
        memory = gdb.selected_inferior().read_memory(sp, (len(SAVED_REGISTERS) + 1) * WORD)
        words = [int.from_bytes(memory[i:i + WORD], "little") for i in range(0, len(memory), WORD)]
        frame = gdb.newest_frame()
        cpsr = int(frame.read_register("cpsr")) & ~CPSR_THUMB
        newest = tuple(int(frame.read_register(name)) for name in ("sp", "pc"))
        pc = words[-1]
        registers = dict(zip(SAVED_REGISTERS, words))
        registers.update(sp=sp + len(memory), pc=pc & ~1, lr=pc,
                         cpsr=cpsr | (CPSR_THUMB if pc & 1 else 0))
        self.registers, self.newest = registers, newest
        gdb.invalidate_cached_frames()
        try:
            return visit(first_real_frame().level() + 1)
        finally:
            self.registers = None
            gdb.invalidate_cached_frames()


def first_real_frame():
    """The newest frame, without the inlined functions in it."""
    frame = gdb.newest_frame()
    while frame.type() == gdb.INLINE_FRAME:
        frame = frame.older()
    return frame


saved_context = SavedContext()


def begins(task):
    """Whether it has not run yet: its context is as it was made."""
    sp = int(task["context"]["sp"])
    pc = gdb.selected_inferior().read_memory(sp + len(SAVED_REGISTERS) * WORD, WORD)
    return int.from_bytes(pc, "little") & ~1 == linker_symbol("hal_context_begin") & ~1


def where(task):
    """The first function of a sleeping task that is not how it sleeps."""
    def find(_level):
        frame = first_real_frame().older()
        last = "?"
        for _ in range(FRAMES_MAX):
            if not frame or not frame.is_valid():
                break
            sal = frame.find_sal()
            last = frame.name() or f"{frame.pc():#x}"
            file = sal.symtab.filename if sal.symtab else ""
            if not file.endswith(HOW) and not last.startswith("hal_context"):
                return f"{last} ({file}:{sal.line})" if file else last
            frame = frame.older()
        return last
    if begins(task):
        return f"has not run yet: {symbol(task['threadfn'])}"
    return saved_context.walk(task, find)


class Tasks(Command):
    """nocla-tasks: all tasks, their state, and where they are."""

    name = "nocla-tasks"

    def run(self):
        running = running_task()
        print(" PID S PRIO NAME             AT")
        for task in each(tasks()):
            shown(self.line, task, running)

    @staticmethod
    def line(task, running):
        is_running = int(task) == running
        at = "runs" if is_running else "-" if state(task) == "Z" else where(task)
        return (f"{int(task['pid']):4} {state(task)} {int(task['prio']):4} "
                f"{array_text(task['comm']):16} {at}")


class Backtrace(Command):
    """nocla-bt PID: the backtrace of a task, the running one or one that sleeps."""

    name = "nocla-bt"

    def run(self, pid):
        if not pid.isdigit():
            raise gdb.GdbError(f"nocla-bt: {pid} is no pid")
        task = next((t for t in each(tasks()) if int(t["pid"]) == int(pid)), None)
        if task is None:
            raise gdb.GdbError(f"nocla-bt: there is no task {pid}")
        if int(task) == running_task():
            gdb.execute("backtrace")
        elif begins(task):
            print(f"task {pid} has not run yet: {symbol(task['threadfn'])}")
        else:
            print("\n".join(saved_context.walk(task, self.lines)))

    @staticmethod
    def lines(level):
        """gdb's own, from the task's first frame to the end of its stack."""
        lines = []
        for line in gdb.execute(f"backtrace {FRAMES_MAX}", to_string=True).splitlines():
            number, _, rest = line.partition(" ")
            if number[:1] != "#" or "0x00000000 in ??" in rest:
                continue
            if int(number[1:]) >= level:
                lines.append(f"#{int(number[1:]) - level:<3}{rest.lstrip()}")
        return lines


# ---- devices ----

class Devices(Command):
    """nocla-devices: the tree of devices with bus and driver, then the drivers of each bus."""

    name = "nocla-devices"

    def run(self):
        children, buses = {}, {}
        known = set()
        for device in each(klist_members(variable("all_devices", "drivers/base/core.c"), "device",
                                         "knode_all")):
            parent = int(device["parent"])
            children.setdefault(parent if parent in known else 0, []).append(device)
            known.add(int(device))
            if int(device["bus"]):
                buses[int(device["bus"])] = device["bus"]
        self.show(children, 0, 0)
        for bus in buses.values():
            shown(lambda bus: f"bus {text(bus['name'])}, its drivers:", bus)
            for driver in each(klist_members(bus["drivers"], "device_driver", "knode_bus")):
                shown(lambda driver: f"  {text(driver['name'])}", driver)

    def show(self, children, parent, depth):
        for device in children.get(parent, []):
            shown(self.line, device, depth)
            self.show(children, int(device), depth + 1)

    @staticmethod
    def line(device, depth):
        bus = text(device["bus"]["name"]) if int(device["bus"]) else "no bus"
        if device["bound"] and int(device["driver"]):
            how = f"driver {text(device['driver']['name'])}"
        elif int(device["probe_error"]):
            how = f"not bound: error {int(device['probe_error'])} {text(device['probe_reason'])}"
        else:
            how = "not bound"
        return f"{'  ' * depth}{text(device['name'])} [{bus}] {how}"


# ---- work ----

class Work(Command):
    """nocla-work: the work queues, what each of them runs, and what waits."""

    name = "nocla-work"

    def run(self):
        for queue in each(members(variable("queues", "kernel/workqueue_pool.c"),
                                  "workqueue_struct", "queues")):
            for pool in each(self.pools(queue.dereference())):
                self.show_pool(queue, pool)
            for work in each(members(queue["delayed"], "work_struct", "entry")):
                shown(lambda work: f"  delayed: {symbol(work['func'])} ({int(work):#x})", work)

    def show_pool(self, queue, pool):
        shown(lambda pool: self.title(queue, pool), pool)
        for worker in each(self.workers(pool)):
            shown(self.worker_line, worker)
        for work in each(members(pool["items"], "work_struct", "entry")):
            shown(lambda work: f"  waits:   {symbol(work['func'])} ({int(work):#x})", work)

    @staticmethod
    def pools(queue):
        """A kernel for one CPU has no table of them, and one pool."""
        first = queue["first"]
        yield first
        if any(field.name == "of_cpu" for field in queue.type.fields()):
            table = queue["of_cpu"]
            for i in range(table.type.range()[1] + 1):
                if int(table[i]) not in (0, int(first.address)):
                    yield table[i].dereference()

    @staticmethod
    def title(queue, pool):
        where = "any CPU" if int(queue["flags"]) & WQ_UNBOUND else f"CPU {int(pool['cpu'])}"
        return f"{array_text(queue['name'])}, {where}: {int(pool['nr_workers'])} workers"

    @staticmethod
    def workers(pool):
        workers = pool["workers"]
        low, high = workers.type.range()
        for i in range(min(int(pool["nr_workers"]), high - low + 1)):
            if int(workers[i]["work"]):
                yield workers[i]

    @staticmethod
    def worker_line(worker):
        """The item may have freed itself: then its function is not what it says."""
        work = worker["work"]
        return (f"  runs:    {symbol(work['func'])} ({int(work):#x}) in task "
                f"{int(worker['task']['pid'])}")


# ---- interrupts ----

class Irqs(Command):
    """nocla-irqs: the interrupt lines: number, counts, chip, users."""

    name = "nocla-irqs"

    def run(self):
        print("IRQ  HWIRQ    COUNT DEPTH CHIP             USERS")
        for desc in each(self.descs()):
            shown(self.line, desc)

    @staticmethod
    def descs():
        chunks = variable("chunks", "kernel/irq/irqdesc.c")
        for i in range(chunks.type.range()[1] + 1):
            if not int(chunks[i]):
                continue
            descs = chunks[i]["descs"]
            for j in range(descs.type.range()[1] + 1):
                if int(descs[j]):
                    yield descs[j]

    @staticmethod
    def line(desc):
        data, counts = desc["irq_data"], desc["kstat_irqs"]
        count = sum(int(counts[i]) for i in range(counts.type.range()[1] + 1))
        chip = text(data["chip"]["name"]) if int(data["chip"]) else "-"
        users, action = [], desc["action"]
        while int(action) and len(users) < LIST_MAX:
            users.append(text(action["name"]))
            action = action["next"]
        return (f"{int(data['irq']):3} {int(data['hwirq']):6} {count:8} {int(desc['depth']):5} "
                f"{chip:16} {', '.join(users)}")


# ---- the log ----

class Log(Command):
    """nocla-log [N]: the log in the kernel's memory, or its last N messages."""

    name = "nocla-log"

    def run(self, last="0"):
        if not last.isdigit():
            raise gdb.GdbError(f"nocla-log: {last} is no number of messages")
        records = list(each(self.records()))
        for record in records[-int(last):]:
            print(record)

    @staticmethod
    def records():
        ring = variable("ring", "kernel/log.c")
        header = struct("log_header")
        text = variable("ring_data", "kernel/log.c")
        size = text.type.sizeof
        data = bytes(gdb.selected_inferior().read_memory(int(text.address), size))
        at, head = int(ring["tail"]), int(ring["head"])
        count = int(ring["next_seq"]) - int(ring["first_seq"])
        offsets = {field.name: field.bitpos // 8 for field in header.fields()}

        def take(position, length):
            start = position % size
            return (data[start:] + data)[:length]

        def field(position, name, length):
            return int.from_bytes(take(position + offsets[name], length), "little")

        for _ in range(count):
            length = field(at, "len", 2)
            left = (head - at) & 0xFFFFFFFF
            if header.sizeof + length > min(left, size):
                raise Damaged(f"a record of {length} bytes where {left} are left")
            stamp = field(at, "time_ns", 8)
            message = take(at + header.sizeof, length).decode(errors="replace")
            yield f"[{stamp // 10**9:5}.{stamp // 1000 % 10**6:06}] {message}"
            at += header.sizeof + length


gdb.unwinder.register_unwinder(None, saved_context, replace=True)
for command in (Tasks, Backtrace, Devices, Work, Irqs, Log):
    command()
