/* Copies and fills. Pageable memory is copied aside at once, and who copies to it waits, as with a driver. */
#include "driver.h"

#include <stdlib.h>
#include <string.h>

enum way { TO_GPU, FROM_GPU, ON_GPU };

static CUresult copy(void *to, const void *from, size_t size, CUstream handle, enum way way) {
    struct stream *stream = stream_of(handle);
    if (!size)
        return CUDA_SUCCESS;
    if (way != FROM_GPU && !is_live(to, size))
        return bad("a copy to what is no memory of the GPU");
    if (way != TO_GPU && !is_live(from, size))
        return bad("a copy from what is no memory of the GPU");
    struct step *step = new_step(COPY);
    step->to = to;
    step->from = (char *)from;
    step->size = size;
    if (way == TO_GPU && !is_pinned(from, size)) {
        numbers[PAGEABLE_TO_GPU]++;
        step->staged = memcpy(malloc(size), from, size);
    }
    int has_to_wait = way == FROM_GPU && !is_pinned(to, size);
    if (has_to_wait)
        numbers[PAGEABLE_FROM_GPU]++;
    CUresult code = put(stream, step);
    return code || !has_to_wait ? code : wait_for(stream);
}

static CUresult copy_now(void *to, const void *from, size_t size, enum way way) {
    CUresult code = forbidden();
    return code ? code : copy(to, from, size, NULL, way);
}

static CUresult fill(CUdeviceptr to, unsigned char value, size_t size, CUstream stream) {
    if (!is_live(AT(to), size))
        return bad("what is no memory of the GPU is filled");
    struct step *step = new_step(FILL);
    step->to = AT(to);
    step->fill = value;
    step->size = size;
    return put(stream_of(stream), step);
}

CUresult CUDAAPI cuMemcpyHtoD(CUdeviceptr to, const void *from, size_t size) {
    IN_CONTEXT;
    LOCKED;
    return copy_now(AT(to), from, size, TO_GPU);
}

CUresult CUDAAPI cuMemcpyDtoH(void *to, CUdeviceptr from, size_t size) {
    IN_CONTEXT;
    LOCKED;
    return copy_now(to, AT(from), size, FROM_GPU);
}

CUresult CUDAAPI cuMemcpyDtoD(CUdeviceptr to, CUdeviceptr from, size_t size) {
    IN_CONTEXT;
    LOCKED;
    return copy_now(AT(to), AT(from), size, ON_GPU);
}

CUresult CUDAAPI cuMemcpyHtoDAsync(CUdeviceptr to, const void *from, size_t size, CUstream stream) {
    IN_CONTEXT;
    LOCKED;
    return copy(AT(to), from, size, stream, TO_GPU);
}

CUresult CUDAAPI cuMemcpyDtoHAsync(void *to, CUdeviceptr from, size_t size, CUstream stream) {
    IN_CONTEXT;
    LOCKED;
    return copy(to, AT(from), size, stream, FROM_GPU);
}

CUresult CUDAAPI cuMemcpyDtoDAsync(CUdeviceptr to, CUdeviceptr from, size_t size, CUstream stream) {
    IN_CONTEXT;
    LOCKED;
    return copy(AT(to), AT(from), size, stream, ON_GPU);
}

CUresult CUDAAPI cuMemcpyAsync(CUdeviceptr to, CUdeviceptr from, size_t size, CUstream stream) {
    IN_CONTEXT;
    LOCKED;
    enum way way = !is_there(AT(to)) ? FROM_GPU : is_there(AT(from)) ? ON_GPU : TO_GPU;
    return copy(AT(to), AT(from), size, stream, way);
}

CUresult CUDAAPI cuMemsetD8(CUdeviceptr to, unsigned char value, size_t size) {
    IN_CONTEXT;
    LOCKED;
    return fill(to, value, size, NULL);
}

CUresult CUDAAPI cuMemsetD8Async(CUdeviceptr to, unsigned char value, size_t size, CUstream stream) {
    IN_CONTEXT;
    LOCKED;
    return fill(to, value, size, stream);
}
