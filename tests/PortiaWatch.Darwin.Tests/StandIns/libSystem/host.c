/* The real processes and sockets of the Linux host, told in the words of world.h. */
#include "world.h"
#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <sys/stat.h>
#include <unistd.h>

static int slurp(const char *path, char *out, int room)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC), total = 0;
    if (fd < 0)
        return -1;
    while (total < room) {
        ssize_t got = read(fd, out + total, room - total);
        if (got <= 0)
            break;
        total += got;
    }
    close(fd);
    return total;
}

static uint64_t hash(const char *text, uint64_t seed)
{
    for (; *text; text++)
        seed = (seed ^ (uint8_t)*text) * 0x100000001b3ull;
    return seed;
}

uint64_t host_handle(uint64_t inode) { return inode * 0xc2b2ae3d27d4eb4full; }

int host_process(int pid, process *out)
{
    char path[64], text[4096], *end;
    unsigned long long start;
    int ppid, pgid;
    char state;
    memset(out, 0, sizeof(*out));
    snprintf(path, sizeof(path), "/proc/%d/stat", pid);
    int length = slurp(path, text, sizeof(text) - 1);
    if (length <= 0)
        return 0;
    text[length] = 0;
    end = strrchr(text, ')');
    if (!end || sscanf(end + 1, " %c %d %d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu", &state, &ppid, &pgid, &start) != 4)
        return 0;
    *end = 0;
    strncpy(out->name, strchr(text, '(') + 1, 31);
    strncpy(out->comm, out->name, 15);
    out->pid = pid;
    out->ppid = ppid;
    out->pgid = pgid;
    out->alive = 1;
    out->zombie = state == 'Z' || state == 'X';
    snprintf(path, sizeof(path), "/proc/%d/status", pid);
    length = slurp(path, text, sizeof(text) - 1);
    text[length > 0 ? length : 0] = 0;
    char *uids = strstr(text, "Uid:");
    if (uids)
        sscanf(uids, "Uid: %u %u %u", &out->ruid, &out->uid, &out->svuid);
    snprintf(path, sizeof(path), "/proc/%d/exe", pid);
    length = readlink(path, out->path, sizeof(out->path) - 1);
    out->path[length > 0 ? length : 0] = 0;
    snprintf(path, sizeof(path), "/proc/%d/cwd", pid);
    length = readlink(path, out->cwd, sizeof(out->cwd) - 1);
    out->cwd[length > 0 ? length : 0] = 0;
    out->uniqueid = start * 100000 + pid;
    out->idversion = (int)(hash(out->path, out->uniqueid) & 0x7fffffff) | 1;

    /* Linux counts in hundredths of a second since boot. */
    FILE *stat = fopen("/proc/stat", "re");
    unsigned long long boot = 0;
    char line[256];
    while (stat && fgets(line, sizeof(line), stat))
        if (sscanf(line, "btime %llu", &boot) == 1)
            break;
    if (stat)
        fclose(stat);
    out->start_sec = boot + start / 100;
    out->start_usec = start % 100 * 10000;
    return 1;
}

int host_pids(int *pids, int room)
{
    DIR *proc = opendir("/proc");
    struct dirent *entry;
    int count = 0;
    while (proc && (entry = readdir(proc)))
        if (isdigit((unsigned char)entry->d_name[0]) && count < room)
            pids[count++] = atoi(entry->d_name);
    if (proc)
        closedir(proc);
    return count;
}

enum { MAX_HOLDERS = 65536, MAX_OF_ONE = 16384 };
static __thread struct { uint64_t inode; int pid; } holders[MAX_HOLDERS];
static __thread int holder_count;

/* One pass over all descriptors for one reading of the tables. */
static void find_holders(void)
{
    static __thread int pids[4096];
    static __thread descriptor found[MAX_OF_ONE];
    static __thread uint64_t inodes[MAX_OF_ONE];
    int count = host_pids(pids, 4096);
    holder_count = 0;
    for (int p = 0; p < count; p++) {
        int held = host_descriptors(pids[p], found, inodes, MAX_OF_ONE);
        for (int d = 0; d < held && holder_count < MAX_HOLDERS; d++)
            if (inodes[d]) {
                holders[holder_count].inode = inodes[d];
                holders[holder_count++].pid = pids[p];
            }
    }
}

/* Whoever comes first in /proc: as good a hint as so_last_pid. */
static int holder_of(uint64_t inode)
{
    for (int i = 0; i < holder_count; i++)
        if (holders[i].inode == inode)
            return holders[i].pid;
    return 0;
}

static void read_address(const char *hex, int is_v6, uint8_t out[16])
{
    memset(out, 0, 16);
    for (int word = 0; word < (is_v6 ? 4 : 1); word++) {
        uint32_t value;
        sscanf(hex + word * 8, "%8x", &value);
        memcpy(out + (is_v6 ? word * 4 : 12), &value, 4);
    }
}

static int read_table(const char *path, int protocol, int is_v6, sock *out, int room)
{
    static const int states[] = { 0, 4, 2, 3, 6, 9, 10, 0, 5, 8, 1, 7 };
    static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff }, none[16] = { 0 };
    FILE *table = fopen(path, "re");
    char line[512], local[40], remote[40];
    unsigned int lport, rport, state, uid;
    unsigned long long inode;
    int count = 0;
    while (table && count < room && fgets(line, sizeof(line), table)) {
        if (sscanf(line, " %*d: %39[0-9A-F]:%x %39[0-9A-F]:%x %x %*x:%*x %*x:%*x %*x %u %*d %llu", local, &lport, remote, &rport, &state, &uid, &inode) != 7)
            continue;
        sock *added = &out[count++];
        memset(added, 0, sizeof(*added));
        added->protocol = protocol;
        read_address(local, is_v6, added->local);
        read_address(remote, is_v6, added->remote);
        added->vflag = !is_v6 ? 1 : !memcmp(added->local, none, 16) ? 3 : !memcmp(added->local, mapped, 12) ? 1 : 2;
        added->lport = lport;
        added->rport = rport;
        added->state = protocol == 6 && state < 12 ? states[state] : 0;
        added->options = added->state == 1 && protocol == 6 ? 2 : 0;
        added->uid = uid;
        added->so = inode ? host_handle(inode) : 0;
        added->gencnt = 1;
        /* The kernel leaves the last pid on a closed connection; nobody has it open. */
        added->last_pid = inode ? holder_of(inode) : 0;
    }
    if (table)
        fclose(table);
    return count;
}

static int read_both(int protocol, sock *out, int room)
{
    int count = read_table(protocol == 6 ? "/proc/net/tcp" : "/proc/net/udp", protocol, 0, out, room);
    return count + read_table(protocol == 6 ? "/proc/net/tcp6" : "/proc/net/udp6", protocol, 1, out + count, room - count);
}

int host_sockets(int protocol, sock *out, int room)
{
    find_holders();
    return read_both(protocol, out, room);
}

static int read_unix(sock *out, int room)
{
    FILE *table = fopen("/proc/net/unix", "re");
    char line[512], path[256];
    unsigned int flags;
    unsigned long long number;
    int count = 0;
    while (table && count < room && fgets(line, sizeof(line), table)) {
        path[0] = 0;
        if (sscanf(line, "%*x: %*x %*x %x %*x %*x %llu %255s", &flags, &number, path) < 2)
            continue;
        memset(&out[count], 0, sizeof(sock));
        out[count].options = flags & 0x10000 ? 2 : 0;
        strncpy(out[count].path, path, sizeof(out->path) - 1);
        out[count++].so = host_handle(number);
    }
    if (table)
        fclose(table);
    return count;
}

/* The tables are read again when a socket is not in them, or after a while: a descriptor's socket never changes, what is known of it may. */
int host_find_socket(uint64_t inode, sock *out)
{
    enum { ROOM = 20000, STALE = 20000000 };
    static __thread sock *all;
    static __thread int count;
    static __thread struct timespec read_at;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    for (int look = 0; look < 2; look++) {
        long age = (now.tv_sec - read_at.tv_sec) * 1000000000L + now.tv_nsec - read_at.tv_nsec;
        if (look == 1 || !all || age > STALE) {
            if (!all)
                all = malloc(ROOM * sizeof(sock));
            count = read_both(6, all, ROOM);
            count += read_both(17, all + count, ROOM - count);
            count += read_unix(all + count, ROOM - count);
            read_at = now;
        }
        for (int i = 0; i < count; i++)
            if (all[i].so && all[i].so == host_handle(inode)) {
                *out = all[i];
                return 1;
            }
        /* Netlink, packet and the like are in none of them. */
        if (age < STALE / 10)
            break;
    }
    return 0;
}

int host_descriptor_inode(int pid, int fd, uint64_t *inode)
{
    char path[64], target[64];
    unsigned long long number;
    snprintf(path, sizeof(path), "/proc/%d/fd/%d", pid, fd);
    ssize_t length = readlink(path, target, sizeof(target) - 1);
    if (length <= 0)
        return 0;
    target[length] = 0;
    if (sscanf(target, "socket:[%llu]", &number) != 1)
        return 0;
    *inode = number;
    return 1;
}

int host_descriptors(int pid, descriptor *out, uint64_t *inodes, int room)
{
    char path[64];
    snprintf(path, sizeof(path), "/proc/%d/fd", pid);
    DIR *folder = opendir(path);
    struct dirent *entry;
    int count = 0;
    while (folder && (entry = readdir(folder)) && count < room) {
        if (!isdigit((unsigned char)entry->d_name[0]))
            continue;
        out[count] = (descriptor){ atoi(entry->d_name), 0, -1 };
        inodes[count] = 0;
        host_descriptor_inode(pid, out[count].number, &inodes[count]);
        count++;
    }
    if (folder)
        closedir(folder);
    return count;
}

int host_args(int pid, uint8_t *out, int room)
{
    char path[64], exe[1024];
    static __thread char text[262144];
    int argc = 0, at = 4, length;
    snprintf(path, sizeof(path), "/proc/%d/exe", pid);
    length = readlink(path, exe, sizeof(exe) - 1);
    if (length <= 0)
        return 0;
    exe[length] = 0;
    memcpy(out + at, exe, length + 1);
    at += length + 1;
    while (at % 8)
        out[at++] = 0;
    snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
    length = slurp(path, text, sizeof(text));
    for (int i = 0; i < length; i++)
        argc += text[i] == 0;
    memcpy(out, &argc, 4);
    if (at + length > room)
        return 0;
    memcpy(out + at, text, length);
    at += length;
    snprintf(path, sizeof(path), "/proc/%d/environ", pid);
    length = slurp(path, text, sizeof(text));
    if (length > 0 && at + length <= room) {
        memcpy(out + at, text, length);
        at += length;
    }
    return at;
}

int to_darwin_errno(int linux_errno)
{
    switch (linux_errno) {
    case EADDRINUSE: return D_EADDRINUSE;
    case EADDRNOTAVAIL: return D_EADDRNOTAVAIL;
    case EAFNOSUPPORT: return D_EAFNOSUPPORT;
    case ENOTSOCK: return D_ENOTSOCK;
    case EOPNOTSUPP: return D_ENOTSUP;
    default: return linux_errno;
    }
}
