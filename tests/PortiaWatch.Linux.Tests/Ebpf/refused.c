/* Fails to get an address, in every way that a program can, without a word. Usage: refused MODE ARGUMENTS, see main. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct task { int type; const char *address; int port; int times; };

static socklen_t fill(struct sockaddr_storage *into, const char *address, int port)
{
    memset(into, 0, sizeof *into);
    struct sockaddr_in *v4 = (struct sockaddr_in *)into;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)into;
    if (inet_pton(AF_INET, address, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        return sizeof *v4;
    }
    inet_pton(AF_INET6, address, &v6->sin6_addr);
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    return sizeof *v6;
}

/* 0 when it was refused with EADDRINUSE, as it should be. */
static int refuse(int type, const char *address, int port)
{
    struct sockaddr_storage where;
    socklen_t length = fill(&where, address, port);
    int s = socket(where.ss_family, type, 0);
    return bind(s, (struct sockaddr *)&where, length) == -1 && errno == EADDRINUSE ? 0 : 1;
}

static void *in_thread(void *argument)
{
    struct task *task = argument;
    pthread_setname_np(pthread_self(), "a worker");
    return (void *)(long)refuse(task->type, task->address, task->port);
}

static void *many(void *argument)
{
    struct task *task = argument;
    struct sockaddr_storage where;
    socklen_t length = fill(&where, task->address, task->port);
    int s = socket(where.ss_family, task->type, 0);
    long refused = 0;
    for (int i = 0; i < task->times; i++)
        refused += bind(s, (struct sockaddr *)&where, length) == -1 && errno == EADDRINUSE;
    return (void *)refused;
}

/* Two sockets may share a port until one of them listens. */
static int refuse_listen(const char *address, int port)
{
    struct sockaddr_storage where;
    socklen_t length = fill(&where, address, port);
    int first = socket(where.ss_family, SOCK_STREAM, 0), second = socket(where.ss_family, SOCK_STREAM, 0), on = 1;
    setsockopt(first, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(second, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(first, (struct sockaddr *)&where, length) || bind(second, (struct sockaddr *)&where, length) || listen(first, 1))
        return 2;
    return listen(second, 1) == -1 && errno == EADDRINUSE ? 0 : 1;
}

static int serve(const char *address, int port)
{
    struct sockaddr_storage where;
    socklen_t length = fill(&where, address, port);
    int s = socket(where.ss_family, SOCK_STREAM, 0);
    return bind(s, (struct sockaddr *)&where, length) || listen(s, 1) ? -1 : s;
}

static int refuse_unix(const char *path, int abstract)
{
    struct sockaddr_un where = { .sun_family = AF_UNIX };
    strcpy(where.sun_path + abstract, path);
    socklen_t length = offsetof(struct sockaddr_un, sun_path) + strlen(path) + 1;
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    if (!abstract)
        length = sizeof where;
    return bind(s, (struct sockaddr *)&where, length) == -1 && errno == EADDRINUSE ? 0 : 1;
}

static int refuse_many(const char *address, int port, int threads, int times)
{
    pthread_t started[64];
    struct task task = { SOCK_STREAM, address, port, times };
    long refused = 0;
    for (int i = 0; i < threads; i++)
        pthread_create(&started[i], 0, many, &task);
    for (int i = 0; i < threads; i++) {
        void *result;
        pthread_join(started[i], &result);
        refused += (long)result;
    }
    return refused == (long)threads * times ? 0 : 1;
}

static long long now(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec * 1000000000LL + at.tv_nsec;
}

/* Nanoseconds of three calls, the best of many rounds each: one that has nothing to do with us, a bind that succeeds (with its socket), one that is refused. */
static int price(const char *address, int port)
{
    enum { ROUNDS = 41, CALLS = 5000 };
    long long best[3] = { 1LL << 60, 1LL << 60, 1LL << 60 };
    struct sockaddr_storage taken, any;
    socklen_t length = fill(&taken, address, port);
    fill(&any, address, 0);
    int refused = socket(taken.ss_family, SOCK_STREAM, 0);
    for (int round = 0; round < ROUNDS; round++) {
        for (int what = 0; what < 3; what++) {
            long long start = now();
            for (int i = 0; i < CALLS; i++) {
                if (what == 0) {
                    getppid();
                } else if (what == 1) {
                    int s = socket(any.ss_family, SOCK_STREAM, 0);
                    bind(s, (struct sockaddr *)&any, length);
                    close(s);
                } else {
                    bind(refused, (struct sockaddr *)&taken, length);
                }
            }
            long long took = (now() - start) / CALLS;
            if (took < best[what])
                best[what] = took;
        }
    }
    printf("%lld %lld %lld\n", best[0], best[1], best[2]);
    return 0;
}

int main(int argc, char **argv)
{
    const char *mode = argv[1], *address = argc > 2 ? argv[2] : "";
    int port = argc > 3 ? atoi(argv[3]) : 0;
    if (!strcmp(mode, "tcp"))
        return refuse(SOCK_STREAM, address, port);
    if (!strcmp(mode, "udp"))
        return refuse(SOCK_DGRAM, address, port);
    if (!strcmp(mode, "unix"))
        return refuse_unix(address, 0);
    if (!strcmp(mode, "abstract"))
        return refuse_unix(address, 1);
    if (!strcmp(mode, "listen"))
        return refuse_listen(address, port);
    if (!strcmp(mode, "self"))
        return serve(address, port) < 0 ? 2 : refuse(SOCK_STREAM, address, port);
    if (!strcmp(mode, "stay")) {
        int result = refuse(SOCK_STREAM, address, port);
        getchar();
        return result;
    }
    if (!strcmp(mode, "soft")) {
        int result = refuse(SOCK_STREAM, address, port);
        return result || serve(address, 0) < 0;
    }
    if (!strcmp(mode, "moveon")) {
        int result = refuse(SOCK_STREAM, address, port) || serve(address, 0) < 0;
        getchar();
        return result;
    }
    if (!strcmp(mode, "thread")) {
        pthread_t thread;
        void *result;
        struct task task = { SOCK_STREAM, address, port, 1 };
        pthread_create(&thread, 0, in_thread, &task);
        pthread_join(thread, &result);
        return (int)(long)result;
    }
    if (!strcmp(mode, "fork")) {
        int status;
        pid_t child = fork();
        if (child == 0)
            _exit(refuse(SOCK_STREAM, address, port));
        printf("%d\n", child);
        waitpid(child, &status, 0);
        return WEXITSTATUS(status);
    }
    if (!strcmp(mode, "spread")) {
        struct timespec pause = { 0, 1000000 };
        struct sockaddr_storage where;
        socklen_t length = fill(&where, address, port);
        int s = socket(where.ss_family, SOCK_STREAM, 0);
        for (int i = 0; i < atoi(argv[4]); i++) {
            bind(s, (struct sockaddr *)&where, length);
            printf("%lld\n", now());
            nanosleep(&pause, 0);
        }
        return 0;
    }
    if (!strcmp(mode, "price"))
        return price(address, port);
    if (!strcmp(mode, "many"))
        return refuse_many(address, port, atoi(argv[4]), atoi(argv[5]));
    return 64;
}
