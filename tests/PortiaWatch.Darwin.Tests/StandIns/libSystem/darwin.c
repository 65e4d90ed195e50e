/* The calls of libSystem, each answering as darwin.md says. Offsets are those of darwin-abi.json. */
#include "world.h"
#include <errno.h>
#include <netinet/in.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ROUNDUP8(n) (((n) + 7) & ~7)
#define MAX_SOCKETS 40000
#define ARGMAX 1048576

static int fail(int error)
{
    errno = error;
    return 0;
}

static int refuse(int error)
{
    errno = error;
    return -1;
}

static void put16(uint8_t *at, uint16_t value) { memcpy(at, &value, 2); }
static void put32(uint8_t *at, uint32_t value) { memcpy(at, &value, 4); }
static void put64(uint8_t *at, uint64_t value) { memcpy(at, &value, 8); }

/* Host processes are made up on demand; scripted ones are answered from where they are: copying them would cost more than all the rest. */
static const process *find(int pid)
{
    static __thread process host;
    process *scripted = world_find(pid);
    if (scripted)
        return scripted;
    return world.sees_host && host_process(pid, &host) ? &host : NULL;
}

/* ---- sysctl ---- */

static int write_pcb(uint8_t *at, const sock *s, int protocol)
{
    int length = protocol == 6 ? 616 : 408;
    memset(at, 0, length);
    put32(at, 104);
    put32(at + 4, 0x010);
    put64(at + 8, s->so ^ 0x5555);
    put16(at + 16, htons(s->rport));
    put16(at + 18, htons(s->lport));
    put64(at + 28, s->gencnt);
    at[44] = s->vflag;
    at[46] = protocol;
    memcpy(at + 48, s->remote, 16);
    memcpy(at + 64, s->local, 16);
    put32(at + 104, 104);
    put32(at + 108, 0x001);
    put64(at + 112, s->so);
    put16(at + 120, protocol == 6 ? 1 : 2);
    put32(at + 124, s->options);
    put16(at + 130, s->so_state);
    put32(at + 140, protocol);
    put32(at + 144, s->so == 0 ? 0 : s->vflag & 2 ? D_AF_INET6 : D_AF_INET);
    put32(at + 168, s->uid);
    put32(at + 172, s->last_pid);
    put32(at + 176, s->e_pid);
    put64(at + 180, s->gencnt);
    put32(at + 208, 32);
    put32(at + 212, 0x002);
    put32(at + 240, 32);
    put32(at + 244, 0x004);
    put32(at + 272, 136);
    put32(at + 276, 0x008);
    if (protocol == 6) {
        put32(at + 408, 204);
        put32(at + 412, 0x020);
        put32(at + 444, s->state);
    }
    return length;
}

static void write_ends(uint8_t *at, int count)
{
    put32(at, 24);
    put32(at + 4, count);
    put64(at + 8, 1000000);
    put64(at + 16, 2000000);
}

static int pcblist(int protocol, uint8_t *old, size_t *length)
{
    int item = protocol == 6 ? 616 : 408, count = 0;
    sock *host = NULL;
    for (int i = 0; i < world.socket_count; i++)
        count += world.sockets[i].protocol == protocol && !world.sockets[i].closed;
    int host_count = 0;
    if (world.sees_host) {
        host = malloc(MAX_SOCKETS * sizeof(sock));
        host_count = host_sockets(protocol, host, MAX_SOCKETS);
        count += host_count;
    }
    if (!old) {
        *length = 48 + (size_t)(count + count / 8 + 1) * item;
        free(host);
        return 0;
    }
    int appeared = world.growth, error = 0;
    world.growth = 0;
    count += appeared;
    size_t room = *length, used = 0;
    if (room < 24) {
        *length = 0;
        free(host);
        return ENOMEM;
    }
    write_ends(old, count);
    used = 24;
    for (int i = 0, h = 0, a = 0; i < world.socket_count || h < host_count || a < appeared;) {
        const sock *next;
        static const sock blank = { .protocol = 6, .vflag = 1, .state = 1, .so = 1 };
        if (a < appeared) {
            next = &blank;
            a++;
        } else if (i < world.socket_count) {
            next = &world.sockets[i++];
            if (next->protocol != protocol || next->closed)
                continue;
        } else {
            next = &host[h++];
        }
        if (used + item > room) {
            error = ENOMEM;
            break;
        }
        used += write_pcb(old + used, next, protocol);
    }
    if (!error && count > 0) {
        if (used + 24 > room)
            error = ENOMEM;
        else {
            write_ends(old + used, count);
            used += 24;
        }
    }
    free(host);
    *length = used;
    return error;
}

int sysctlbyname(const char *name, void *old, size_t *length, void *new_value, size_t new_length)
{
    int error = world_enter(name, 0, old != NULL);
    (void)new_length;
    if (new_value)
        error = EPERM;
    if (!error)
        error = !strcmp(name, "net.inet.tcp.pcblist_n") ? pcblist(6, old, length) : !strcmp(name, "net.inet.udp.pcblist_n") ? pcblist(17, old, length) : ENOENT;
    return error ? refuse(error) : 0;
}

static int kinfo(int pid, uint8_t *old, size_t *length)
{
    const process *p = find(pid);
    if (!p) {
        *length = 0;
        return 0;
    }
    if (*length < 648)
        return ENOMEM;
    memset(old, 0, 648);
    put64(old, p->start_sec);
    put32(old + 8, p->start_usec);
    old[36] = p->zombie ? 5 : 2;
    put32(old + 40, p->pid);
    memcpy(old + 243, p->comm, 17);
    put32(old + 392, p->ruid);
    put32(old + 396, p->svuid);
    put32(old + 420, p->uid);
    put32(old + 560, p->ppid);
    put32(old + 564, p->pgid);
    *length = 648;
    return 0;
}

static int procargs(int pid, uint8_t *old, size_t *length)
{
    const process *p = find(pid);
    int scripted = world_find(pid) != NULL;
    if (!p || p->zombie || !world_may_inspect(p->uid))
        return EINVAL;
    if (*length <= 4 || *length > ARGMAX + 4)
        return EINVAL;
    if (scripted && !p->args)
        return EINVAL;
    uint8_t *all = scripted ? NULL : malloc(ARGMAX);
    int total = scripted ? p->args_length : host_args(pid, all, ARGMAX);
    const uint8_t *from = scripted ? p->args : all;
    /* Too short a buffer gets the tail of the area, padded with zeros. */
    if ((size_t)total > *length)
        from += total - *length;
    else
        *length = total;
    memset(old, 0, *length);
    memcpy(old, from, *length < (size_t)total ? *length : (size_t)total);
    free(all);
    return total > 0 ? 0 : EINVAL;
}

int sysctl(const int *name, unsigned int count, void *old, size_t *length, void *new_value, size_t new_length)
{
    int error = world_enter("sysctl", count > 3 ? name[3] : count > 2 ? name[2] : 0, count > 1 ? name[1] : 0);
    (void)new_value;
    (void)new_length;
    if (error)
        return refuse(error);
    if (count == 2 && name[0] == 1 && name[1] == 8) {
        int argmax = ARGMAX;
        memcpy(old, &argmax, 4);
        *length = 4;
        return 0;
    }
    if (count == 4 && name[0] == 1 && name[1] == 14 && name[2] == 1)
        error = kinfo(name[3], old, length);
    else if (count == 3 && name[0] == 1 && name[1] == 49)
        error = procargs(name[2], old, length);
    else
        error = ENOENT;
    return error ? refuse(error) : 0;
}

/* ---- libproc ---- */

int proc_listpids(uint32_t type, uint32_t argument, void *buffer, int size)
{
    int error = world_enter("proc_listpids", 0, type), written = 0;
    if (error)
        return fail(error);
    int room = size / 4, *out = buffer;
    static __thread int host[65536];
    int host_count = world.sees_host ? host_pids(host, 65536) : 0;
    if (!buffer)
        return (world.process_count + host_count + 20) * 4;
    for (int i = 0; i < world.process_count && written < room; i++) {
        process *p = &world.processes[i];
        if (p->alive && world_find(p->pid) == p && (type == 1 || (type == 4 && p->uid == argument) || (type == 5 && p->ruid == argument) || (type == 6 && (uint32_t)p->ppid == argument)))
            out[written++] = p->pid;
    }
    for (int i = 0; i < host_count && written < room; i++) {
        process p;
        if (type == 1 || (host_process(host[i], &p) && ((type == 4 && p.uid == argument) || (type == 5 && p.ruid == argument) || (type == 6 && (uint32_t)p.ppid == argument))))
            out[written++] = host[i];
    }
    return written * 4;
}

static int list_descriptors(int pid, const process *p, int ports, uint8_t *out, int size)
{
    int room = size / 8, written = 0;
    if (world_find(pid)) {
        for (int i = 0; i < p->descriptor_count && written < room; i++)
            if (p->descriptors[i].is_port == ports) {
                put32(out + written * 8, p->descriptors[i].number);
                put32(out + written++ * 8 + 4, p->descriptors[i].socket >= 0 ? 2 : 1);
            }
        return written * 8;
    }
    static __thread descriptor all[16384];
    static __thread uint64_t inodes[16384];
    int count = ports ? 0 : host_descriptors(pid, all, inodes, 16384);
    for (int i = 0; i < count && written < room; i++) {
        put32(out + written * 8, all[i].number);
        put32(out + written++ * 8 + 4, inodes[i] ? 2 : 1);
    }
    return written * 8;
}

int proc_pidinfo(int pid, int flavor, uint64_t arg, void *buffer, int size)
{
    int error = world_enter("proc_pidinfo", pid, flavor);
    uint8_t *out = buffer;
    const process *p;
    if (error)
        return fail(error);
    if (!(p = find(pid)))
        return fail(ESRCH);
    if (p->zombie && !(arg && (flavor == 3 || flavor == 13 || flavor == 17)))
        return fail(ESRCH);
    if (flavor != 17 && flavor != 13 && !world_may_inspect(p->uid))
        return fail(EPERM);
    int need = flavor == 3 ? 136 : flavor == 13 ? 64 : flavor == 17 ? 56 : flavor == 9 ? 2352 : 0;
    if (buffer && size < need)
        return fail(ENOMEM);
    errno = 0;
    switch (flavor) {
    case 1:
    case 14:
        if (!buffer)
            return (p->descriptor_count + 20) * 8;
        return list_descriptors(pid, p, flavor == 14, out, size);
    case 3:
        memset(out, 0, 136);
        put32(out + 4, p->zombie ? 5 : 2);
        put32(out + 12, p->pid);
        put32(out + 16, p->ppid);
        put32(out + 20, p->uid);
        put32(out + 28, p->ruid);
        put32(out + 36, p->svuid);
        memcpy(out + 48, p->comm, 16);
        memcpy(out + 64, p->name, 32);
        put32(out + 100, p->pgid);
        put64(out + 120, p->start_sec);
        put64(out + 128, p->start_usec);
        return 136;
    case 9:
        memset(out, 0, 2352);
        strcpy((char *)out + 152, p->cwd);
        return 2352;
    case 13:
        memset(out, 0, 64);
        put32(out, p->pid);
        put32(out + 4, p->ppid);
        put32(out + 8, p->pgid);
        put32(out + 12, p->zombie ? 5 : 2);
        memcpy(out + 16, p->comm, 16);
        put32(out + 36, p->uid);
        put32(out + 44, p->ruid);
        put32(out + 52, p->svuid);
        return 64;
    case 17:
        memset(out, 0, 56);
        put64(out + 16, p->uniqueid);
        put32(out + 32, p->idversion);
        return 56;
    default:
        return fail(EINVAL);
    }
}

static int write_socket(uint8_t *out, const sock *s)
{
    memset(out, 0, 792);
    put64(out + 160, s->so);
    put64(out + 168, s->so ^ 0x5555);
    put32(out + 176, s->protocol == 17 ? 2 : 1);
    put32(out + 180, s->protocol);
    put32(out + 184, s->protocol == 0 ? 1 : s->vflag & 2 ? D_AF_INET6 : D_AF_INET);
    put16(out + 188, s->options);
    put32(out + 256, s->protocol == 6 ? 2 : s->protocol == 17 ? 1 : 3);
    if (s->protocol == 0) {
        out[280] = 2 + strlen(s->path);
        out[281] = 1;
        memcpy(out + 282, s->path, strlen(s->path));
        return 792;
    }
    put32(out + 264, htons(s->rport));
    put32(out + 268, htons(s->lport));
    out[288] = s->vflag;
    memcpy(out + 296, s->remote, 16);
    memcpy(out + 312, s->local, 16);
    if (s->protocol == 6)
        put32(out + 344, s->state);
    return 792;
}

static int vnode_of_ours(int fd, uint8_t *out, int size)
{
    struct stat st;
    if (size < 1200)
        return fail(ENOMEM);
    if (fstat(fd, &st) != 0)
        return fail(EBADF);
    memset(out, 0, 1200);
    put32(out + 24, st.st_dev);
    put64(out + 32, st.st_ino);
    return 1200;
}

static int socket_of(const char *call, int pid, int number, int is_port, int flavor, void *buffer, int size)
{
    int error = world_enter(call, pid, number);
    const process *p;
    if (error)
        return fail(error);
    if (!(p = find(pid)) || p->zombie)
        return fail(ESRCH);
    if (!world_may_inspect(p->uid))
        return fail(EPERM);
    if (flavor == 2 && !is_port)
        return pid == getpid() ? vnode_of_ours(number, buffer, size) : fail(ENOENT);
    if (size < 792)
        return fail(ENOMEM);
    if (world_find(pid)) {
        for (int i = 0; i < p->descriptor_count; i++)
            if (p->descriptors[i].number == number && p->descriptors[i].is_port == is_port)
                return p->descriptors[i].socket < 0 ? fail(D_ENOTSOCK) : write_socket(buffer, &world.sockets[p->descriptors[i].socket]);
        return fail(EBADF);
    }
    uint64_t inode;
    sock s;
    if (!host_descriptor_inode(pid, number, &inode))
        return fail(EBADF);
    if (!host_find_socket(inode, &s)) {
        memset(&s, 0, sizeof(s));
        s.so = host_handle(inode);
    }
    return write_socket(buffer, &s);
}

int proc_pidfdinfo(int pid, int fd, int flavor, void *buffer, int size) { return socket_of("proc_pidfdinfo", pid, fd, 0, flavor, buffer, size); }
int proc_pidfileportinfo(int pid, uint32_t port, int flavor, void *buffer, int size) { return socket_of("proc_pidfileportinfo", pid, port, 1, flavor, buffer, size); }

int proc_pidpath(int pid, void *buffer, uint32_t size)
{
    int error = world_enter("proc_pidpath", pid, 0);
    const process *p;
    if (error)
        return fail(error);
    if (size < 1024 || size > 4096)
        return fail(ENOMEM);
    if (!(p = find(pid)) || p->zombie)
        return fail(ESRCH);
    if (!p->path[0])
        return fail(ENOENT);
    strcpy(buffer, p->path);
    return strlen(p->path);
}

/* ---- signals ---- */

static int deliver(int pid, int sig, int by_token)
{
    process *scripted = world_find(pid);
    const process *p = find(pid);
    if (!p)
        return ESRCH;
    if (!world_may_signal(p))
        return EPERM;
    if (sig == 9 && pid == 1)
        return EPERM;
    if (!scripted) {
        world_record(pid, sig, by_token);
        return syscall(SYS_kill, pid, sig) == 0 ? 0 : errno;
    }
    if (sig != 0)
        world_record(pid, sig, by_token);
    if (sig == 9 || (sig == 15 && !scripted->ignores_term))
        world_finish(scripted, 0);
    return 0;
}

int kill(int pid, int sig)
{
    int error = world_enter("kill", pid, sig);
    const process *p;
    if (error)
        return refuse(error);
    /* A zombie always answers 0, with no check. */
    if ((p = find(pid)) && p->zombie)
        return 0;
    error = deliver(pid, sig, 0);
    return error ? refuse(error) : 0;
}

#ifndef WITHOUT_TOKEN
int proc_signal_with_audittoken(const uint32_t token[8], int sig)
{
    int pid = (int)token[5], error = world_enter("proc_signal_with_audittoken", pid, sig);
    const process *p;
    if (error)
        return error;
    for (int i = 0; i < 8; i++)
        if (i != 5 && i != 7 && token[i] != 0)
            return EINVAL;
    if (sig < 1 || sig > 31)
        return EINVAL;
    if (!(p = find(pid)) || p->zombie || (uint32_t)p->idversion != token[7])
        return ESRCH;
    return deliver(pid, sig, 1);
}
#endif

/* ---- users ---- */

uint32_t geteuid_of_world(void) __asm__("geteuid");
uint32_t geteuid_of_world(void) { return world.has_user ? world.user : (uint32_t)syscall(SYS_geteuid); }

int getgroups_of_world(int size, uint32_t *groups) __asm__("getgroups");
int getgroups_of_world(int size, uint32_t *groups)
{
    if (size < world.group_count)
        return refuse(EINVAL);
    memcpy(groups, world.groups, world.group_count * 4);
    return world.group_count;
}

const char *user_from_uid(uint32_t uid, int nouser)
{
    static char name[64];
    struct passwd *found = getpwuid(uid);
    if (uid == 501)
        return "dev";
    if (!found && nouser)
        return NULL;
    strncpy(name, found ? found->pw_name : "?", sizeof(name) - 1);
    return name;
}

/* ---- sockets: Darwin's addresses begin with their length ---- */

int socket_of_world(int domain, int type, int protocol) __asm__("socket");
int socket_of_world(int domain, int type, int protocol)
{
    int error = world_enter("socket", 0, domain);
    if (error)
        return refuse(error);
    int made = syscall(SYS_socket, domain == D_AF_INET6 ? AF_INET6 : domain, type | SOCK_CLOEXEC, protocol);
    return made < 0 ? refuse(to_darwin_errno(errno)) : made;
}

int bind_of_world(int fd, const uint8_t *address, uint32_t length) __asm__("bind");
int bind_of_world(int fd, const uint8_t *address, uint32_t length)
{
    int port = address[2] << 8 | address[3], error = world_enter("bind", 0, port);
    if (error)
        return refuse(error);
    if (address[0] != length || (address[1] == D_AF_INET ? length != 16 : address[1] != D_AF_INET6 || length != 28))
        return refuse(EINVAL);
    if (world_reserved(port))
        return refuse(D_EADDRINUSE);
    int type = 0;
    socklen_t size = sizeof(type);
    getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size);
    for (int i = 0; i < world.socket_count; i++)
        if (world.sockets[i].lport == port && !world.sockets[i].closed && world.sockets[i].protocol == (type == SOCK_STREAM ? 6 : 17))
            return refuse(D_EADDRINUSE);
    if (!world.sees_host)
        return 0;
    uint8_t copy[28];
    memcpy(copy, address, length);
    uint16_t family = address[1] == D_AF_INET6 ? AF_INET6 : AF_INET;
    memcpy(copy, &family, 2);
    return syscall(SYS_bind, fd, copy, length) == 0 ? 0 : refuse(to_darwin_errno(errno));
}
