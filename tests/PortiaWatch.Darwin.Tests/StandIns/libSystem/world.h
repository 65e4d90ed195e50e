/*
 * A stand-in for libSystem: answers the calls that PortiaWatch makes with Darwin's byte layouts, for a scripted world and, where a test asks for it, for the real
 * processes and sockets of the Linux host. Only what darwin.md knows is built; anything else fails with ENOTSUP.
 */
#ifndef PORTIA_WORLD_H
#define PORTIA_WORLD_H

#define _GNU_SOURCE
#include <stdint.h>
#include <stddef.h>
#include <sys/types.h>

/* Darwin's errno values where Linux has others. */
enum { D_ENOTSUP = 45, D_EAFNOSUPPORT = 47, D_EADDRINUSE = 48, D_EADDRNOTAVAIL = 49, D_ENOTSOCK = 38 };

enum { D_AF_INET = 2, D_AF_INET6 = 30 };

typedef struct descriptor {
    int number;      /* descriptor, or port name when is_port */
    int is_port;     /* parked in a Mach fileport */
    int socket;      /* index of a scripted socket, -1 for a file */
} descriptor;

typedef struct process {
    int pid, ppid, pgid;
    uint32_t uid, ruid, svuid;  /* effective, real, saved */
    uint64_t uniqueid;
    int32_t idversion;
    uint64_t start_sec;
    uint32_t start_usec;
    char comm[17], name[33], path[1024], cwd[1024];
    int alive, zombie, ignores_term;
    uint8_t *args;
    int args_length;
    descriptor *descriptors;
    int descriptor_count, descriptor_room;
} process;

typedef struct sock {
    uint64_t so;
    int protocol;    /* 6, 17, or 0 for unix */
    uint8_t vflag;
    uint8_t local[16], remote[16];
    uint16_t lport, rport;
    int state, closed;
    uint32_t options, uid;
    int16_t so_state;
    int last_pid, e_pid;
    uint64_t gencnt;
    char path[104];
} sock;

typedef struct world_state {
    process *processes;
    int process_count, process_room;
    int *by_pid;     /* pid -> index + 1 */
    sock *sockets;
    int socket_count, socket_room;
    uint32_t user;
    int has_user, sees_host;
    int growth;      /* control blocks that appear between the size query and the read, once */
    uint32_t groups[16];
    int group_count;
    uint64_t next_uniqueid;
} world_state;

extern world_state world;

typedef void (*world_hook_t)(const char *call, int pid, int argument);

/* Counts the call, lets the test change the world, and answers with the errno that the test wants it to fail with, or 0. */
int world_enter(const char *call, int pid, int argument);
process *world_find(int pid);
uint32_t world_euid(void);
int world_may_inspect(uint32_t target_uid);
int world_may_signal(const process *target);
void world_record(int pid, int sig, int by_token);
void world_finish(process *target, int zombie);
int world_reserved(int port);

/* The notes of the queues: world_finish tells them. */
void queue_process_ended(int pid);

/* The Linux host. All return 0 when there is no such thing. */
int host_process(int pid, process *out);
int host_pids(int *pids, int room);
int host_sockets(int protocol, sock *out, int room);
int host_find_socket(uint64_t inode, sock *out);
int host_descriptors(int pid, descriptor *out, uint64_t *inodes, int room);
int host_descriptor_inode(int pid, int fd, uint64_t *inode);
int host_args(int pid, uint8_t *out, int room);
uint64_t host_handle(uint64_t inode);
int to_darwin_errno(int linux_errno);

#endif
