/* The one device, an H200, and its one context. */
#include "driver.h"

#include <stdio.h>
#include <string.h>

#define MOST_DEPTH 16
#define MEMORY_BYTES 150754820096ull
#define CONTEXT ((CUcontext)context_room)

static char context_room[8];
static __thread CUcontext contexts[MOST_DEPTH];
static __thread int depth;
static int retained;

int has_context(void) {
    return depth && contexts[depth - 1];
}

CUresult CUDAAPI cuDeviceGetCount(int *count) {
    ENTER;
    *count = 1;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuDeviceGet(CUdevice *device, int number) {
    ENTER;
    *device = 0;
    return number ? CUDA_ERROR_INVALID_DEVICE : CUDA_SUCCESS;
}

CUresult CUDAAPI cuDeviceGetName(char *name, int size, CUdevice device) {
    ENTER;
    snprintf(name, size, "NVIDIA H200 (fake)");
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuDeviceTotalMem(size_t *size, CUdevice device) {
    ENTER;
    *size = MEMORY_BYTES;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuDeviceGetUuid(CUuuid *uuid, CUdevice device) {
    ENTER;
    memset(uuid, 7, sizeof *uuid);
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuDeviceCanAccessPeer(int *can, CUdevice one, CUdevice other) {
    ENTER;
    *can = 0;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuDeviceGetPCIBusId(char *id, int size, CUdevice device) {
    ENTER;
    snprintf(id, size, "0000:1B:00.0");
    return CUDA_SUCCESS;
}

/* By number as in cuda.h: 16 is the multiprocessors, 75 and 76 the compute capability, 97 the shared memory. */
CUresult CUDAAPI cuDeviceGetAttribute(int *value, CUdevice_attribute which, CUdevice device) {
    static const int known[][2] = {
        {1, 1024},     {2, 1024},    {3, 1024},   {4, 64},       {5, 2147483647},  {6, 65535},
        {7, 65535},    {8, 49152},   {9, 65536},  {10, 32},      {11, 2147483647}, {12, 65536},
        {13, 1980000}, {14, 512},    {15, 1},     {16, 132},     {19, 1},          {31, 1},
        {32, 1},       {33, 27},     {36, 3201000}, {37, 6144},  {38, 62914560},   {39, 2048},
        {40, 3},       {41, 1},      {75, 9},     {78, 1},       {79, 1},          {80, 1},
        {81, 233472},  {82, 65536},  {83, 1},     {89, 1},       {95, 1},          {97, SHARED_LIMIT},
        {106, 32},     {111, 1024},  {115, 1},    {120, 1},
    };
    ENTER;
    *value = 0;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i][0] == (int)which)
            *value = known[i][1];
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuDevicePrimaryCtxRetain(CUcontext *context, CUdevice device) {
    ENTER;
    retained++;
    *context = CONTEXT;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuDevicePrimaryCtxRelease(CUdevice device) {
    ENTER;
    retained--;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuDevicePrimaryCtxReset(CUdevice device) {
    ENTER;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuDevicePrimaryCtxGetState(CUdevice device, unsigned *flags, int *active) {
    ENTER;
    *flags = 0;
    *active = retained > 0;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuCtxGetCurrent(CUcontext *context) {
    ENTER;
    *context = depth ? contexts[depth - 1] : NULL;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuCtxSetCurrent(CUcontext context) {
    ENTER;
    if (!depth)
        depth = 1;
    contexts[depth - 1] = context;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuCtxPushCurrent(CUcontext context) {
    ENTER;
    if (depth == MOST_DEPTH)
        return bad("contexts pile up");
    contexts[depth++] = context;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuCtxPopCurrent(CUcontext *context) {
    ENTER;
    if (!depth)
        return CUDA_ERROR_INVALID_CONTEXT;
    depth--;
    if (context)
        *context = contexts[depth];
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuCtxGetDevice(CUdevice *device) {
    IN_CONTEXT;
    *device = 0;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuCtxGetId(CUcontext context, unsigned long long *id) {
    ENTER;
    *id = 1;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuCtxGetStreamPriorityRange(int *least, int *greatest) {
    IN_CONTEXT;
    *least = 0;
    *greatest = -5;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuCtxGetDevResource(CUcontext context, CUdevResource *resource, CUdevResourceType type) {
    ENTER;
    return CUDA_ERROR_NOT_SUPPORTED;
}

CUresult CUDAAPI cuCtxSynchronize(void) {
    IN_CONTEXT;
    LOCKED;
    CUresult code = forbidden();
    if (code)
        return code;
    drain_all();
    numbers[WAITS]++;
    return lost;
}

CUresult CUDAAPI cuMemGetInfo(size_t *left, size_t *total) {
    IN_CONTEXT;
    *left = MEMORY_BYTES / 16 * 15;
    *total = MEMORY_BYTES;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuPointerGetAttribute(void *data, CUpointer_attribute which, CUdeviceptr at) {
    IN_CONTEXT;
    LOCKED;
    if (!is_live(AT(at), 1))
        return CUDA_ERROR_INVALID_VALUE;
    if (which == CU_POINTER_ATTRIBUTE_CONTEXT)
        *(CUcontext *)data = CONTEXT;
    else if (which == CU_POINTER_ATTRIBUTE_MEMORY_TYPE)
        *(unsigned *)data = CU_MEMORYTYPE_DEVICE;
    else if (which == CU_POINTER_ATTRIBUTE_DEVICE_POINTER)
        *(CUdeviceptr *)data = at;
    else
        return bad("an attribute of a pointer that nobody knows");
    return CUDA_SUCCESS;
}

#undef cuStreamGetCtx
CUresult CUDAAPI cuStreamGetCtx(CUstream stream, CUcontext *context) {
    ENTER;
    *context = CONTEXT;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuStreamGetCtx_v2(CUstream stream, CUcontext *context, CUgreenCtx *green) {
    ENTER;
    *context = CONTEXT;
    if (green)
        *green = NULL;
    return CUDA_SUCCESS;
}
