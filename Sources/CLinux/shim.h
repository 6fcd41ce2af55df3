/* What Swift's Glibc module leaves out of Linux: epoll, eventfd, signalfd, timerfd, accept4. */
#ifndef NIGHTBELL_CLINUX_H
#define NIGHTBELL_CLINUX_H

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

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

#endif
