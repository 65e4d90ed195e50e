/*
 * Holders that are recycled on purpose. Commands on standard input, one line each, answered by one line:
 *   hold       a child listens on a port of its own             -> "PID PORT"
 *   exec       the holder executes another program and keeps the socket
 *   letgo      the holder closes its socket
 *   recycle    the holder ends; children are forked until one has its pid; that one listens on the same port
 *              -> "done", or "lost" when the pid did not come back
 *   end        everything is ended; what each child ended of is told -> "HOLDER STRANGER", a signal number or 0
 * A stranger that ended of SIGTERM was hit by mistake.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int port, control[2], answer[2];
static pid_t holder, stranger;
static int holder_end;

static int listen_on(int number)
{
    int one = 1, s = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(number), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t n = sizeof a;
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(s, (struct sockaddr *)&a, sizeof a) || listen(s, 4))
        _exit(9);
    getsockname(s, (struct sockaddr *)&a, &n);
    port = ntohs(a.sin_port);
    return s;
}

static void hold(void)
{
    if (pipe(control) || pipe(answer))
        exit(8);
    holder = fork();
    if (holder == 0) {
        char c;
        int s = listen_on(0);
        close(control[1]);
        dprintf(answer[1], "%d\n", port);
        while (read(control[0], &c, 1) == 1) {
            if (c == 'l') {
                close(s);
                write(answer[1], "ok\n", 3);
            }
            if (c == 'e') {
                /* Closed by the exec itself: that tells the parent that it is done. */
                fcntl(answer[1], F_SETFD, FD_CLOEXEC);
                execl("/bin/sleep", "sleep", "1000", (char *)0);
                _exit(7);
            }
        }
        for (;;)
            pause();
    }
    char line[32] = { 0 };
    close(control[0]);
    close(answer[1]);
    read(answer[0], line, sizeof line - 1);
    port = atoi(line);
    printf("%d %d\n", holder, port);
}

static void tell(char what)
{
    char line[32];
    write(control[1], &what, 1);
    read(answer[0], line, sizeof line);
}

static int ending(pid_t pid)
{
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void recycle(void)
{
    kill(holder, SIGKILL);
    holder_end = ending(holder);
    pid_t wanted = holder;
    holder = 0;
    /* A thread of the other side may have got the pid: then it does not come round. */
    for (int turn = 0; turn < 3000; turn++) {
        int ready[2];
        char c;
        if (pipe(ready))
            exit(8);
        pid_t pid = fork();
        if (pid == 0) {
            if (getpid() != wanted)
                _exit(0);
            listen_on(port);
            close(ready[0]);
            write(ready[1], "x", 1);
            close(ready[1]);
            for (;;)
                pause();
        }
        close(ready[1]);
        if (pid == wanted) {
            read(ready[0], &c, 1);
            close(ready[0]);
            stranger = pid;
            return;
        }
        close(ready[0]);
        waitpid(pid, 0, 0);
    }
}

static void end(void)
{
    int stranger_end = 0;
    if (stranger) {
        kill(stranger, SIGKILL);
        stranger_end = ending(stranger);
    }
    if (holder) {
        kill(holder, SIGKILL);
        holder_end = ending(holder);
    }
    printf("%d %d\n", holder_end, stranger_end);
    close(control[1]);
    close(answer[0]);
    holder = stranger = holder_end = 0;
}

int main(void)
{
    char line[64];
    setvbuf(stdout, 0, _IOLBF, 0);
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        if (!strcmp(line, "hold"))
            hold();
        else if (!strcmp(line, "end"))
            end();
        else {
            if (!strcmp(line, "exec"))
                tell('e');
            else if (!strcmp(line, "letgo"))
                tell('l');
            else if (!strcmp(line, "recycle"))
                recycle();
            printf(!strcmp(line, "recycle") && !stranger ? "lost\n" : "done\n");
        }
    }
    return 0;
}
