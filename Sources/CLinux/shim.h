/* What Swift's Glibc module leaves out of Linux: epoll, eventfd, signalfd, timerfd, accept4. */
#ifndef NIGHTBELL_CLINUX_H
#define NIGHTBELL_CLINUX_H

#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* Swift does not import variadic macros or function-like ones; these give it the constants as typed values. */
static const uint32_t clinux_EPOLLIN = EPOLLIN;
static const uint32_t clinux_EPOLLOUT = EPOLLOUT;
static const uint32_t clinux_EPOLLRDHUP = EPOLLRDHUP;
static const uint32_t clinux_EPOLLHUP = EPOLLHUP;
static const uint32_t clinux_EPOLLERR = EPOLLERR;
static const uint32_t clinux_EPOLLET = EPOLLET;

/* Declared by the system only under _GNU_SOURCE, under which other types would differ from those of the Glibc module. */
extern int accept4(int, struct sockaddr *__restrict, socklen_t *__restrict, int);
extern int pthread_setname_np(pthread_t, const char *);
extern long syscall(long, ...);
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *, const char *);
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int);

/* recv and send without what glibc does around each of them in a process with threads, so that a thread can be cancelled
   in it: nothing here ever cancels a thread. errno is set as usual. */
static inline ssize_t clinux_recv(int descriptor, void *bytes, size_t count) {
    return syscall(SYS_recvfrom, descriptor, bytes, count, 0, NULL, NULL);
}

static inline ssize_t clinux_send(int descriptor, const void *bytes, size_t count) {
    return syscall(SYS_sendto, descriptor, bytes, count, MSG_NOSIGNAL, NULL, 0);
}

/* Binds the calling thread to one processor; a set of processors is a macro that Swift does not import. */
static inline long clinux_pin(int processor) {
    unsigned long mask[16] = {0};
    if (processor < 0 || processor >= 1024) return -1;
    mask[processor / (8 * sizeof(long))] = 1ul << (processor % (8 * sizeof(long)));
    return syscall(SYS_sched_setaffinity, 0, sizeof mask, mask);
}

#endif
