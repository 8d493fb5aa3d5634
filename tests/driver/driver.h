/* A libcuda.so.1 without a GPU: what the driver of CUDA 13.0 answers on an H200, as far as numba-cuda asks it.

   door.c      counts every call, lets chosen ones fail, tells functions and errors by name
   device.c    the one device, and its context
   memory.c    memory of the GPU (an arena of this process) and pinned memory
   copies.c    copies and fills
   streams.c   streams: queues, whose steps are done as late as a driver may do them
   events.c    events: places in these queues
   code.c      loads compiled kernels: their parameters, registers and shared memory
   launches.c  looks whether a launch could be, and hands it to executor.py
   graphs.c    what is recorded, and launched as a whole

   What a GPU would refuse or do wrongly without a word is told on stderr and counted as BAD. */
#ifndef DRIVER_H
#define DRIVER_H

#define _GNU_SOURCE
#include <cuda.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#define ARENA ((char *)0x7e0000000000) /* executor.py knows it, too */
#define ARENA_SIZE (8ull << 30)
#define MOST_PARAMETERS 256
#define SHARED_LIMIT 232448 /* bytes of a block that asks for them */
#define SHARED_UNASKED 49152
#define AT(address) ((void *)(address))

struct kernel {
    char *name;
    int parameters, offset[MOST_PARAMETERS], size[MOST_PARAMETERS];
    int fixed_shared, allowed_shared, threads, registers;
};

enum kind { COPY, FILL, RUN, RECORD, WAIT };

struct step { /* of a stream, or of a graph */
    enum kind kind;
    char *to, *from;
    char *staged; /* pageable memory as it was, or the parameters of a kernel */
    size_t size;
    int fill;
    struct kernel *kernel;
    unsigned grid[6], shared;
    struct event *event;
    long at; /* how far the stream of the event has to be */
    struct step *next;
};

struct stream {
    struct step *first, **last;
    long given, done;
    unsigned flags;
    struct graph *captured;
    int mode, is_broken;
};

struct event {
    struct stream *stream;
    long at;
    unsigned flags;
    double time;
};

/* What follows is this library's own: no other's function of the same name may take its place. */
#pragma GCC visibility push(hidden)

/* What is told of by `fake_number`. */
enum number {
    LAUNCHES,
    GRAPH_KERNELS,
    PAGEABLE_TO_GPU,
    PAGEABLE_FROM_GPU,
    WAITS,
    LASTING, /* those from here on are not forgotten */
    BAD = LASTING,
    BYTES,
    LIVE_STREAMS,
    LIVE_EVENTS,
    LIVE_GRAPHS,
    ELSEWHERE_NS, /* of a thread, while it handed kernels to the executor */
    NUMBERS
};
extern long numbers[NUMBERS];
extern int lost; /* the error that every call answers with, since a kernel went wrong */

/* Every function of the driver begins by one of these two, and returns at once where it is to fail. */
#define ENTER_(needs_context) \
    do { \
        static int slot_ = -1; \
        CUresult code_ = enter(__func__, &slot_, needs_context); \
        if (code_) \
            return code_; \
    } while (0)
#define ENTER ENTER_(0)
#define IN_CONTEXT ENTER_(1)
CUresult enter(const char *name, int *slot, int needs_context);

/* Holds the one lock, which a thread may take again, until the function returns. */
#define LOCKED pthread_mutex_t *held_ __attribute__((cleanup(release), unused)) = hold()
pthread_mutex_t *hold(void);
void release(pthread_mutex_t **held);

CUresult bad(const char *what);
int has_context(void);
int is_there(const void *at); /* in the arena */
int is_live(const void *at, size_t size); /* in one piece of memory of the GPU */
int is_pinned(const void *at, size_t size);

struct stream *stream_of(CUstream handle);
struct step *new_step(enum kind kind);
void drop_step(struct step *step);
CUresult put(struct stream *stream, struct step *step);
CUresult wait_for(struct stream *stream);
void drain(struct stream *stream, long until);
void drain_all(void);
CUresult forbidden(void); /* an error while a stream is captured, but for a relaxed capture */

int run_kernel(struct step *step);
CUresult listen_to(int arena_file); /* finds the executor, where there is one */
CUresult add_step(struct graph *graph, struct step *step);

#pragma GCC visibility pop

#endif
