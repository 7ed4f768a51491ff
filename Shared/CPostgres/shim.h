#pragma once
// libpq, and the two Linux headers that the Glibc module hides.
#include <libpq-fe.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
