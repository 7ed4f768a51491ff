#ifndef TRADEWIND_MEMORY_H
#define TRADEWIND_MEMORY_H

// Says which C library it is.
#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

/// Asks for the memory around `address` before it is needed. Any address will do: this never faults.
static inline void prefetch(const void *address) { __builtin_prefetch(address, 0, 3); }

/// Gives freed memory back to the system, where the C library keeps it otherwise in case it is wanted again.
static inline void release_unused_memory(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

#endif
