/* Graphs: the steps that a stream was given while it was captured. What keeps memory alive for them is kept, too. */
#include "driver.h"

#include <stdlib.h>
#include <string.h>

struct object { /* something of Python's, and how it is given up */
    void *of;
    CUhostFn end;
    long count;
};

struct graph {
    struct step *first, **last;
    int holders;
    struct object *kept;
    unsigned kept_count;
};

CUresult add_step(struct graph *graph, struct step *step) {
    *graph->last = step;
    graph->last = &step->next;
    if (step->kind == RUN)
        numbers[GRAPH_KERNELS]++;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuStreamBeginCapture(CUstream handle, CUstreamCaptureMode mode) {
    IN_CONTEXT;
    LOCKED;
    struct stream *stream = stream_of(handle);
    if (stream == stream_of(NULL) || stream->captured) {
        bad("a capture where there cannot be one");
        return CUDA_ERROR_ILLEGAL_STATE;
    }
    struct graph *graph = calloc(1, sizeof *graph);
    graph->last = &graph->first;
    graph->holders = 1;
    numbers[LIVE_GRAPHS]++;
    stream->captured = graph;
    stream->mode = mode;
    stream->is_broken = 0;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuStreamEndCapture(CUstream handle, CUgraph *graph) {
    IN_CONTEXT;
    LOCKED;
    struct stream *stream = stream_of(handle);
    if (!stream->captured) {
        bad("the end of no capture");
        return CUDA_ERROR_ILLEGAL_STATE;
    }
    *graph = stream->is_broken ? NULL : (CUgraph)stream->captured;
    stream->captured = NULL;
    return stream->is_broken ? CUDA_ERROR_STREAM_CAPTURE_INVALIDATED : CUDA_SUCCESS;
}

CUresult CUDAAPI cuStreamIsCapturing(CUstream stream, CUstreamCaptureStatus *status) {
    IN_CONTEXT;
    *status = stream_of(stream)->captured != NULL;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuStreamGetCaptureInfo(CUstream stream, CUstreamCaptureStatus *status, cuuint64_t *id, CUgraph *graph,
                                        const CUgraphNode **nodes, const CUgraphEdgeData **edges, size_t *count) {
    IN_CONTEXT;
    *status = stream_of(stream)->captured != NULL;
    if (id)
        *id = 1;
    if (graph)
        *graph = (CUgraph)stream_of(stream)->captured;
    if (count)
        *count = 0;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuThreadExchangeStreamCaptureMode(CUstreamCaptureMode *mode) {
    ENTER;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuGraphInstantiateWithParams(CUgraphExec *found, CUgraph graph, CUDA_GRAPH_INSTANTIATE_PARAMS *how) {
    IN_CONTEXT;
    LOCKED;
    how->result_out = CUDA_GRAPH_INSTANTIATE_SUCCESS;
    ((struct graph *)graph)->holders++;
    *found = (CUgraphExec)graph;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuGraphUpload(CUgraphExec graph, CUstream stream) {
    IN_CONTEXT;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuGraphLaunch(CUgraphExec graph, CUstream stream) {
    IN_CONTEXT;
    LOCKED;
    CUresult code = CUDA_SUCCESS;
    for (struct step *step = ((struct graph *)graph)->first; step && !code; step = step->next) {
        struct step *copy = memcpy(malloc(sizeof *copy), step, sizeof *copy);
        copy->next = NULL;
        if (step->staged)
            copy->staged = memcpy(malloc(step->size), step->staged, step->size);
        code = put(stream_of(stream), copy);
    }
    return code;
}

/* Objects are given up without the lock: their end may wait for Python, which may wait for the lock. */

static void let_go(struct object *object, long count) {
    if (!object)
        return;
    object->count -= count;
    if (object->count > 0)
        return;
    object->end(object->of);
    free(object);
}

static CUresult forget(struct graph *graph) {
    if (--graph->holders)
        return CUDA_SUCCESS;
    let_go(graph->kept, graph->kept_count);
    while (graph->first) {
        struct step *step = graph->first;
        graph->first = step->next;
        drop_step(step);
    }
    free(graph);
    numbers[LIVE_GRAPHS]--;
    return lost;
}

CUresult CUDAAPI cuGraphDestroy(CUgraph graph) {
    ENTER;
    return forget((struct graph *)graph);
}

CUresult CUDAAPI cuGraphExecDestroy(CUgraphExec graph) {
    ENTER;
    return forget((struct graph *)graph);
}

CUresult CUDAAPI cuUserObjectCreate(CUuserObject *found, void *of, CUhostFn end, unsigned count, unsigned flags) {
    ENTER;
    struct object *object = malloc(sizeof *object);
    *object = (struct object){of, end, count};
    *found = (CUuserObject)object;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuUserObjectRelease(CUuserObject object, unsigned count) {
    ENTER;
    let_go((struct object *)object, count);
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuGraphRetainUserObject(CUgraph handle, CUuserObject object, unsigned count, unsigned flags) {
    ENTER;
    struct graph *graph = (struct graph *)handle;
    if (graph->kept)
        return bad("a graph keeps one object");
    graph->kept = (struct object *)object;
    graph->kept_count = count;
    if (!(flags & CU_GRAPH_USER_OBJECT_MOVE))
        graph->kept->count += count;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuGraphReleaseUserObject(CUgraph handle, CUuserObject object, unsigned count) {
    ENTER;
    struct graph *graph = (struct graph *)handle;
    if (graph->kept == (struct object *)object)
        graph->kept = NULL;
    let_go((struct object *)object, count);
    return CUDA_SUCCESS;
}
