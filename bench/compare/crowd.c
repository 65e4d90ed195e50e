/*
 * A busy machine: PROCESSES processes, each with LISTENERS listening sockets on 127.0.0.1 and FILES other descriptors.
 * Prints the port and the pid of the middle process when all are there; everything ends with standard input.
 *
 *     crowd PROCESSES LISTENERS FILES
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    int processes = atoi(argv[1]), listeners = atoi(argv[2]), files = atoi(argv[3]), ready[2], middle[2];
    char byte, line[64];
    if (argc != 4 || pipe(ready) || pipe(middle))
        return 2;
    for (int i = 0; i < processes; i++) {
        pid_t pid = fork();
        if (pid < 0)
            return 1;
        if (pid > 0) {
            read(ready[0], &byte, 1);
            continue;
        }
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        int port = 0;
        for (int n = 0; n < files; n++)
            open("/dev/null", O_RDONLY);
        for (int n = 0; n < listeners; n++) {
            int s = socket(AF_INET, SOCK_STREAM, 0);
            struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
            socklen_t size = sizeof a;
            if (bind(s, (struct sockaddr *)&a, sizeof a) || listen(s, 4))
                return 1;
            getsockname(s, (struct sockaddr *)&a, &size);
            port = ntohs(a.sin_port);
        }
        if (i == processes / 2)
            dprintf(middle[1], "%d %d\n", port, getpid());
        write(ready[1], "x", 1);
        for (;;)
            pause();
    }
    int length = read(middle[0], line, sizeof line);
    write(1, line, length);
    while (read(0, &byte, 1) > 0)
        ;
    return 0;
}
