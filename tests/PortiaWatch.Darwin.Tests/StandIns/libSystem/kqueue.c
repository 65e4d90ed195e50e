/* kqueue on epoll: process notes are pidfds of the host or eventfds of the scripted world. */
#include "world.h"
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef struct event64 {
    uint64_t ident;
    int16_t filter;
    uint16_t flags;
    uint32_t fflags;
    int64_t data;
    uint64_t udata;
    uint64_t ext[2];
} event64;

_Static_assert(sizeof(event64) == 48, "kevent64_s is 48 bytes");

typedef struct note {
    int queue, fd, scripted;
    event64 wanted;
    struct note *next;
} note;

static note *notes;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

int kqueue(void)
{
    int error = world_enter("kqueue", 0, 0);
    if (error) {
        errno = error;
        return -1;
    }
    return epoll_create1(EPOLL_CLOEXEC);
}

static int add(int queue, const event64 *change)
{
    int pid = (int)change->ident, scripted = world_find(pid) != NULL, fd;
    if (change->filter == -5) {
        process p;
        if (scripted ? world_find(pid)->zombie : !world.sees_host || !host_process(pid, &p) || p.zombie)
            return ESRCH;
        fd = scripted ? eventfd(0, EFD_CLOEXEC) : (int)syscall(SYS_pidfd_open, pid, 0);
    } else if (change->filter == -10) {
        fd = eventfd(0, EFD_CLOEXEC);
    } else {
        return D_ENOTSUP;
    }
    if (fd < 0)
        return errno;
    note *added = calloc(1, sizeof(note));
    *added = (note){ .queue = queue, .fd = fd, .scripted = scripted, .wanted = *change };
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = added };
    pthread_mutex_lock(&lock);
    added->next = notes;
    notes = added;
    pthread_mutex_unlock(&lock);
    epoll_ctl(queue, EPOLL_CTL_ADD, fd, &event);
    return 0;
}

static void ring(int16_t filter, uint64_t ident, int queue)
{
    uint64_t one = 1;
    pthread_mutex_lock(&lock);
    for (note *n = notes; n; n = n->next)
        if (n->wanted.filter == filter && n->wanted.ident == ident && (queue < 0 || n->queue == queue) && (filter == -10 || n->scripted))
            if (write(n->fd, &one, sizeof(one)) < 0)
                abort();
    pthread_mutex_unlock(&lock);
}

void queue_process_ended(int pid) { ring(-5, (uint64_t)pid, -1); }

static int change(int queue, const event64 *wanted)
{
    int error = world_enter("kevent64", (int)wanted->ident, wanted->filter);
    if (error)
        return error;
    if (wanted->fflags & 0x01000000) {
        ring(wanted->filter, wanted->ident, queue);
        return 0;
    }
    return wanted->flags & 1 ? add(queue, wanted) : EINVAL;
}

static void forget(note *gone)
{
    for (note **at = &notes; *at; at = &(*at)->next)
        if (*at == gone) {
            *at = gone->next;
            break;
        }
    syscall(SYS_close, gone->fd);
    free(gone);
}

int kevent64(int queue, const event64 *changes, int change_count, event64 *events, int event_count, unsigned int flags, const struct timespec *timeout)
{
    (void)flags;
    for (int i = 0; i < change_count; i++) {
        int error = change(queue, &changes[i]);
        if (i < event_count) {
            events[i] = changes[i];
            events[i].flags |= 0x4000;
            events[i].data = error;
        }
    }
    /* With EV_RECEIPT the receipts are all that comes back. */
    if (change_count > 0)
        return change_count < event_count ? change_count : event_count;
    struct epoll_event event;
    int milliseconds = timeout ? (int)(timeout->tv_sec * 1000 + (timeout->tv_nsec + 999999) / 1000000) : -1;
    int count = epoll_wait(queue, &event, 1, milliseconds);
    if (count <= 0)
        return count;
    pthread_mutex_lock(&lock);
    note *happened = event.data.ptr;
    events[0] = happened->wanted;
    if (happened->wanted.filter == -5) {
        events[0].flags = 0x8000 | 0x10;
        events[0].fflags = 0x80000000u;
    }
    if (happened->wanted.flags & 0x10)
        forget(happened);
    else if (happened->wanted.flags & 0x20) {
        uint64_t drained;
        if (read(happened->fd, &drained, sizeof(drained)) < 0)
            abort();
    }
    pthread_mutex_unlock(&lock);
    return 1;
}

int close_of_world(int fd) __asm__("close");
int close_of_world(int fd)
{
    pthread_mutex_lock(&lock);
    for (note *n = notes, *next; n; n = next) {
        next = n->next;
        if (n->queue == fd)
            forget(n);
    }
    pthread_mutex_unlock(&lock);
    return (int)syscall(SYS_close, fd);
}
