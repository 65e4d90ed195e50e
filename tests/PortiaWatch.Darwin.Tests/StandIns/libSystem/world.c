/* The scripted world and what tests may do to it. */
#include "world.h"
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

world_state world;

#define MAX_PID 100000
#define MAX_RULES 64
#define MAX_CALLS 32
#define MAX_SIGNALS 256

static struct { char call[40]; int pid, error, times; } rules[MAX_RULES];
static int rule_count;
static struct { const char *literal; char call[40]; int count; } calls[MAX_CALLS];
static int call_count;
static struct { int pid, sig, by_token; } signals[MAX_SIGNALS];
static int signal_count;
static int reserved[16], reserved_count;
static world_hook_t hook;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void world_reset(void)
{
    for (int i = 0; i < world.process_count; i++) {
        free(world.processes[i].args);
        free(world.processes[i].descriptors);
    }
    free(world.processes);
    free(world.sockets);
    int *by_pid = world.by_pid ? world.by_pid : malloc(MAX_PID * sizeof(int));
    memset(&world, 0, sizeof(world));
    memset(by_pid, 0, MAX_PID * sizeof(int));
    world.by_pid = by_pid;
    world.groups[0] = 20;
    world.groups[1] = 80;
    world.group_count = 2;
    world.next_uniqueid = 1000;
    rule_count = call_count = signal_count = reserved_count = 0;
    hook = NULL;
}

void world_host(int sees_host) { world.sees_host = sees_host; }
void world_user(uint32_t euid) { world.user = euid; world.has_user = 1; }
void world_groups(const uint32_t *groups, int count) { memcpy(world.groups, groups, count * sizeof(uint32_t)); world.group_count = count; }
void world_growth(int blocks) { world.growth = blocks; }
void world_hook(world_hook_t wanted) { hook = wanted; }
void world_reserve(int port) { reserved[reserved_count++] = port; }

int world_reserved(int port)
{
    for (int i = 0; i < reserved_count; i++)
        if (reserved[i] == port)
            return 1;
    return 0;
}

/* times 0 means always. */
void world_fail(const char *call, int pid, int error, int times)
{
    strncpy(rules[rule_count].call, call, sizeof(rules[0].call) - 1);
    rules[rule_count].pid = pid;
    rules[rule_count].error = error;
    rules[rule_count++].times = times ? times : -1;
}

int world_calls(const char *call)
{
    for (int i = 0; i < call_count; i++)
        if (!strcmp(calls[i].call, call))
            return calls[i].count;
    return 0;
}

int world_enter(const char *call, int pid, int argument)
{
    int error = 0, i;
    world_hook_t tell = hook;
    if (tell)
        tell(call, pid, argument);
    pthread_mutex_lock(&lock);
    /* Nearly all names are literals, so that the address tells; those of sysctls are the caller's. */
    for (i = 0; i < call_count && calls[i].literal != call && strcmp(calls[i].call, call); i++)
        ;
    if (i == call_count && call_count < MAX_CALLS) {
        calls[i].literal = strchr(call, '.') ? NULL : call;
        strncpy(calls[i].call, call, sizeof(calls[0].call) - 1);
        calls[i].count = 0;
        call_count++;
    }
    if (i < MAX_CALLS)
        calls[i].count++;
    for (i = 0; i < rule_count && !error; i++)
        if (rules[i].times != 0 && !strcmp(rules[i].call, call) && (rules[i].pid == 0 || rules[i].pid == pid)) {
            error = rules[i].error;
            if (rules[i].times > 0)
                rules[i].times--;
        }
    pthread_mutex_unlock(&lock);
    return error;
}

process *world_find(int pid)
{
    if (!world.by_pid || pid < 0 || pid >= MAX_PID || !world.by_pid[pid])
        return NULL;
    process *found = &world.processes[world.by_pid[pid] - 1];
    return found->alive ? found : NULL;
}

void world_process(int pid, int ppid, uint32_t uid, uint32_t ruid, uint32_t svuid, const char *comm, const char *path, const char *cwd)
{
    if (world.process_count == world.process_room) {
        world.process_room = world.process_room ? world.process_room * 2 : 64;
        world.processes = realloc(world.processes, world.process_room * sizeof(process));
    }
    process *added = &world.processes[world.process_count++];
    memset(added, 0, sizeof(*added));
    added->pid = pid;
    added->ppid = ppid;
    added->pgid = pid;
    added->uid = uid;
    added->ruid = ruid;
    added->svuid = svuid;
    added->uniqueid = world.next_uniqueid++;
    added->idversion = 1 + (int)added->uniqueid * 7;
    added->start_sec = 1700000000 + pid;
    added->start_usec = 250000;
    strncpy(added->comm, comm, 15);
    strncpy(added->name, comm, 31);
    strncpy(added->path, path ? path : "", sizeof(added->path) - 1);
    strncpy(added->cwd, cwd ? cwd : "", sizeof(added->cwd) - 1);
    added->alive = 1;
    world.by_pid[pid] = world.process_count;
}

void world_group(int pid, int pgid) { world_find(pid)->pgid = pgid; }
void world_exec(int pid) { world_find(pid)->idversion++; }
void world_ignore_term(int pid) { world_find(pid)->ignores_term = 1; }

void world_args(int pid, const uint8_t *args, int length)
{
    process *target = world_find(pid);
    free(target->args);
    target->args = malloc(length);
    memcpy(target->args, args, length);
    target->args_length = length;
}

void world_finish(process *target, int zombie)
{
    int pid = target->pid;
    for (int i = 0; i < target->descriptor_count; i++) {
        int held = 0, socket = target->descriptors[i].socket;
        for (int p = 0; p < world.process_count && socket >= 0; p++)
            for (int d = 0; d < world.processes[p].descriptor_count && world.processes[p].alive && &world.processes[p] != target; d++)
                held |= world.processes[p].descriptors[d].socket == socket;
        if (socket >= 0 && !held)
            world.sockets[socket].closed = 1;
    }
    target->descriptor_count = 0;
    target->zombie = zombie;
    target->alive = zombie;
    queue_process_ended(pid);
}

void world_end(int pid, int zombie) { world_finish(world_find(pid), zombie); }

/* Returns the handle. */
uint64_t world_socket(int protocol, int vflag, const uint8_t *local, int lport, const uint8_t *remote, int rport, int state, uint32_t uid, int last_pid, int e_pid)
{
    if (world.socket_count == world.socket_room) {
        world.socket_room = world.socket_room ? world.socket_room * 2 : 256;
        world.sockets = realloc(world.sockets, world.socket_room * sizeof(sock));
    }
    sock *added = &world.sockets[world.socket_count++];
    memset(added, 0, sizeof(*added));
    added->so = (uint64_t)world.socket_count * 0x9e3779b97f4a7c15ull;
    added->protocol = protocol;
    added->vflag = vflag;
    memcpy(added->local, local, 16);
    if (remote)
        memcpy(added->remote, remote, 16);
    added->lport = lport;
    added->rport = rport;
    added->state = state;
    added->options = protocol == 6 && state == 1 ? 2 | 4 : 0;
    added->uid = uid;
    added->last_pid = last_pid;
    added->e_pid = e_pid;
    added->gencnt = world.socket_count;
    return added->so;
}

/* A control block of the user-space stack: no kernel socket. */
void world_flow(int protocol, const uint8_t *local, int lport, int last_pid)
{
    world_socket(protocol, 1, local, lport, NULL, 0, 1, 0, last_pid, 0);
    world.sockets[world.socket_count - 1].so = 0;
    world.sockets[world.socket_count - 1].gencnt = 0;
}

uint64_t world_unix(const char *path, int listens)
{
    uint8_t none[16] = {0};
    uint64_t so = world_socket(0, 0, none, 0, NULL, 0, 0, 0, 0, 0);
    sock *added = &world.sockets[world.socket_count - 1];
    strncpy(added->path, path, sizeof(added->path) - 1);
    added->options = listens ? 2 : 0;
    return so;
}

void world_accept_queue(uint64_t so) { world.sockets[so * 0xf1de83e19937733dull - 1].so_state = 0x1001; }

static void add_descriptor(int pid, int number, int is_port, int socket)
{
    process *owner = world_find(pid);
    if (owner->descriptor_count == owner->descriptor_room) {
        owner->descriptor_room = owner->descriptor_room ? owner->descriptor_room * 2 : 8;
        owner->descriptors = realloc(owner->descriptors, owner->descriptor_room * sizeof(descriptor));
    }
    owner->descriptors[owner->descriptor_count++] = (descriptor){ number, is_port, socket };
}

/* The handle times the inverse of its factor is the index: so 0 stands for a plain file. */
void world_descriptor(int pid, int number, int is_port, uint64_t so)
{
    add_descriptor(pid, number, is_port, so == 0 ? -1 : (int)(so * 0xf1de83e19937733dull) - 1);
}

void world_close(int pid, int number)
{
    process *owner = world_find(pid);
    for (int i = 0; i < owner->descriptor_count; i++)
        if (owner->descriptors[i].number == number)
            owner->descriptors[i--] = owner->descriptors[--owner->descriptor_count];
}

void world_last_pid(uint64_t so, int pid) { world.sockets[so * 0xf1de83e19937733dull - 1].last_pid = pid; }

uint32_t world_euid(void) { return world.has_user ? world.user : (uint32_t)geteuid(); }
int world_may_inspect(uint32_t target_uid) { return world_euid() == 0 || world_euid() == target_uid; }

/* The effective uid of the target is not asked. */
int world_may_signal(const process *target)
{
    uint32_t me = world_euid();
    return me == 0 || me == target->ruid || me == target->svuid;
}

void world_record(int pid, int sig, int by_token)
{
    pthread_mutex_lock(&lock);
    if (signal_count < MAX_SIGNALS) {
        signals[signal_count].pid = pid;
        signals[signal_count].sig = sig;
        signals[signal_count++].by_token = by_token;
    }
    pthread_mutex_unlock(&lock);
}

int world_signal_count(void) { return signal_count; }

void world_signal(int index, int *pid, int *sig, int *by_token)
{
    *pid = signals[index].pid;
    *sig = signals[index].sig;
    *by_token = signals[index].by_token;
}
