/* Events: each remembers how far a stream was when it was recorded. */
#include "driver.h"

#include <stdlib.h>

CUresult CUDAAPI cuEventCreate(CUevent *found, unsigned flags) {
    IN_CONTEXT;
    LOCKED;
    struct event *event = calloc(1, sizeof *event);
    event->flags = flags;
    numbers[LIVE_EVENTS]++;
    *found = (CUevent)event;
    return CUDA_SUCCESS;
}

/* The memory of an event stays, for steps that remember it. */
CUresult CUDAAPI cuEventDestroy(CUevent event) {
    IN_CONTEXT;
    LOCKED;
    numbers[LIVE_EVENTS]--;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuEventRecord(CUevent event, CUstream stream) {
    return cuEventRecordWithFlags(event, stream, 0);
}

CUresult CUDAAPI cuEventRecordWithFlags(CUevent handle, CUstream stream, unsigned flags) {
    IN_CONTEXT;
    LOCKED;
    struct event *event = (struct event *)handle;
    struct step *step = new_step(RECORD);
    step->event = event;
    CUresult code = put(stream_of(stream), step);
    event->stream = stream_of(stream);
    event->at = event->stream->given;
    return code;
}

static int has_come(const struct event *event) {
    return !event->stream || event->stream->done >= event->at;
}

CUresult CUDAAPI cuEventSynchronize(CUevent handle) {
    IN_CONTEXT;
    LOCKED;
    struct event *event = (struct event *)handle;
    numbers[WAITS]++;
    if (event->stream)
        drain(event->stream, event->at);
    return lost;
}

CUresult CUDAAPI cuEventQuery(CUevent event) {
    IN_CONTEXT;
    LOCKED;
    return has_come((struct event *)event) ? lost : CUDA_ERROR_NOT_READY;
}

CUresult CUDAAPI cuEventElapsedTime(float *ms, CUevent one, CUevent other) {
    IN_CONTEXT;
    LOCKED;
    const struct event *begin = (struct event *)one, *end = (struct event *)other;
    if (!begin->stream || !end->stream || (begin->flags | end->flags) & CU_EVENT_DISABLE_TIMING)
        return CUDA_ERROR_INVALID_HANDLE;
    if (!has_come(begin) || !has_come(end))
        return CUDA_ERROR_NOT_READY;
    *ms = (end->time - begin->time) * 1e3;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuStreamWaitEvent(CUstream stream, CUevent handle, unsigned flags) {
    IN_CONTEXT;
    LOCKED;
    struct event *event = (struct event *)handle;
    if (!event->stream)
        return CUDA_SUCCESS;
    struct step *step = new_step(WAIT);
    step->event = event;
    step->at = event->at;
    return put(stream_of(stream), step);
}
