#ifndef TRADEWIND_PREFETCH_H
#define TRADEWIND_PREFETCH_H

/// Asks for the memory around `address` before it is needed. Any address will do: this never faults.
static inline void prefetch(const void *address) { __builtin_prefetch(address, 0, 3); }

#endif
