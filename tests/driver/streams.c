/* Streams: queues, whose steps are done when somebody waits for them, and not before. */
#include "driver.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MOST_STREAMS (1 << 12)

static struct stream *streams[MOST_STREAMS];
static int stream_count;
static struct stream legacy; /* the default stream, which waits for all others */

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

static void act(struct step *step) {
    int code = 0;
    switch (step->kind) {
    case COPY:
        memmove(step->to, step->staged ? step->staged : step->from, step->size);
        break;
    case FILL:
        memset(step->to, step->fill, step->size);
        break;
    case RUN:
        code = run_kernel(step);
        break;
    case RECORD:
        step->event->time = now();
        break;
    case WAIT:
        drain(step->event->stream, step->at);
        break;
    }
    if (code && !lost)
        lost = code;
}

void drain(struct stream *stream, long until) {
    while (stream->done < until && stream->first) {
        struct step *step = stream->first;
        stream->first = step->next;
        if (!stream->first)
            stream->last = &stream->first;
        stream->done++;
        act(step);
        drop_step(step);
    }
}

void drain_all(void) {
    for (int i = 0; i < stream_count; i++)
        drain(streams[i], streams[i]->given);
}

struct step *new_step(enum kind kind) {
    struct step *step = calloc(1, sizeof *step);
    step->kind = kind;
    return step;
}

void drop_step(struct step *step) {
    free(step->staged);
    free(step);
}

struct stream *stream_of(CUstream handle) {
    if (!legacy.last)
        legacy.last = &legacy.first;
    return (uintptr_t)handle <= 2 ? &legacy : (struct stream *)handle;
}

static CUresult refuse(struct stream *stream, const char *what) {
    stream->is_broken = 1;
    bad(what);
    return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
}

CUresult forbidden(void) {
    for (int i = 0; i < stream_count; i++)
        if (streams[i]->captured && streams[i]->mode != CU_STREAM_CAPTURE_MODE_RELAXED)
            return refuse(streams[i], "a call that no capture allows");
    return CUDA_SUCCESS;
}

CUresult put(struct stream *stream, struct step *step) {
    if (stream->captured) {
        if (step->kind != RECORD && step->kind != WAIT)
            return add_step(stream->captured, step);
        drop_step(step);
        return refuse(stream, "this cannot be captured");
    }
    *stream->last = step;
    stream->last = &step->next;
    stream->given++;
    if (stream == &legacy) {
        drain_all();
        drain(&legacy, legacy.given);
    }
    return lost;
}

CUresult wait_for(struct stream *stream) {
    if (stream->captured)
        return refuse(stream, "nobody can wait for a capture");
    numbers[WAITS]++;
    if (stream == &legacy)
        drain_all();
    else
        drain(stream, stream->given);
    return lost;
}

CUresult CUDAAPI cuStreamCreate(CUstream *found, unsigned flags) {
    return cuStreamCreateWithPriority(found, flags, 0);
}

CUresult CUDAAPI cuStreamCreateWithPriority(CUstream *found, unsigned flags, int priority) {
    IN_CONTEXT;
    LOCKED;
    if (stream_count == MOST_STREAMS)
        return bad("streams pile up");
    struct stream *stream = calloc(1, sizeof *stream);
    stream->last = &stream->first;
    stream->flags = flags;
    streams[stream_count++] = stream;
    numbers[LIVE_STREAMS]++;
    *found = (CUstream)stream;
    return CUDA_SUCCESS;
}

/* The memory of a stream stays, for events that remember it. */
CUresult CUDAAPI cuStreamDestroy(CUstream handle) {
    IN_CONTEXT;
    LOCKED;
    struct stream *stream = stream_of(handle);
    drain(stream, stream->given);
    numbers[LIVE_STREAMS]--;
    for (int i = 0; i < stream_count; i++)
        if (streams[i] == stream)
            streams[i] = streams[--stream_count];
    return lost;
}

CUresult CUDAAPI cuStreamSynchronize(CUstream stream) {
    IN_CONTEXT;
    LOCKED;
    return wait_for(stream_of(stream));
}

CUresult CUDAAPI cuStreamQuery(CUstream stream) {
    IN_CONTEXT;
    LOCKED;
    return stream_of(stream)->first ? CUDA_ERROR_NOT_READY : lost;
}

CUresult CUDAAPI cuStreamGetFlags(CUstream stream, unsigned *flags) {
    IN_CONTEXT;
    *flags = stream_of(stream)->flags;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuStreamGetPriority(CUstream stream, int *priority) {
    IN_CONTEXT;
    *priority = 0;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuStreamGetDevice(CUstream stream, CUdevice *device) {
    ENTER;
    *device = 0;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuStreamGetId(CUstream stream, unsigned long long *id) {
    ENTER;
    *id = (uintptr_t)stream;
    return CUDA_SUCCESS;
}
