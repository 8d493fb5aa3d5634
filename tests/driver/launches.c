/* Launches: some a GPU would refuse, others would fail without a word. Who runs them is executor.py. */
#include "driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define ALL_REGISTERS 65536
#define MOST_ROWS 65535 /* of blocks */
#define WARP 32

static int ear = -1;

CUresult listen_to(int arena_file) {
    const char *address = getenv("FAKE_CUDA_SOCKET");
    struct sockaddr_un where = {.sun_family = AF_UNIX};
    uint64_t hello[2] = {(uint64_t)getpid(), (uint64_t)arena_file};
    if (!address)
        return CUDA_SUCCESS;
    snprintf(where.sun_path, sizeof where.sun_path, "%s", address);
    ear = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(ear, (struct sockaddr *)&where, sizeof where))
        return CUDA_ERROR_UNKNOWN;
    return write(ear, hello, sizeof hello) < 0 ? CUDA_ERROR_UNKNOWN : CUDA_SUCCESS;
}

static long thread_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return time.tv_sec * 1000000000l + time.tv_nsec;
}

static int ask(const struct step *step) {
    const unsigned *grid = step->grid;
    uint64_t answer = 0;
    uint64_t head[9] = {
        (uint64_t)step->kernel, grid[0], grid[1], grid[2], grid[3], grid[4], grid[5], step->shared, step->size,
    };
    if (write(ear, head, sizeof head) < 0 || write(ear, step->staged, step->size) < 0)
        return CUDA_ERROR_LAUNCH_FAILED;
    return read(ear, &answer, sizeof answer) == sizeof answer ? (int)answer : CUDA_ERROR_LAUNCH_FAILED;
}

int run_kernel(struct step *step) {
    numbers[LAUNCHES]++;
    if (ear < 0)
        return 0;
    long begin = thread_ns();
    int answer = ask(step);
    numbers[ELSEWHERE_NS] += thread_ns() - begin;
    return answer;
}

static CUresult check(const struct kernel *kernel, const CUlaunchConfig *config, unsigned threads) {
    unsigned rows = config->gridDimY, sheets = config->gridDimZ;
    if (!config->gridDimX || !rows || !sheets || !threads)
        return CUDA_ERROR_INVALID_VALUE;
    if (rows > MOST_ROWS || sheets > MOST_ROWS || config->gridDimX > INT32_MAX)
        return CUDA_ERROR_INVALID_VALUE;
    if (threads > (unsigned)kernel->threads || config->blockDimZ > 64)
        return CUDA_ERROR_INVALID_VALUE;
    if (config->sharedMemBytes + kernel->fixed_shared > (unsigned)kernel->allowed_shared)
        return CUDA_ERROR_INVALID_VALUE;
    unsigned registers = kernel->registers * ((threads + WARP - 1) / WARP * WARP);
    return registers > ALL_REGISTERS ? CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES : CUDA_SUCCESS;
}

/* Copies the parameters as the kernel wants them; NULL where memory was given back before. */
static char *packed(const struct kernel *kernel, void **parameters, size_t size) {
    char *room = calloc(1, size + sizeof(void *));
    for (int i = 0; i < kernel->parameters; i++) {
        void *value;
        memcpy(room + kernel->offset[i], parameters[i], kernel->size[i]);
        memcpy(&value, room + kernel->offset[i], sizeof value);
        if (kernel->size[i] == sizeof value && is_there(value) && !is_live(value, 1)) {
            free(room);
            return NULL;
        }
    }
    return room;
}

static CUresult launch(struct kernel *kernel, const CUlaunchConfig *config, void **parameters) {
    unsigned grid[6] = {
        config->gridDimX,  config->gridDimY,  config->gridDimZ,
        config->blockDimX, config->blockDimY, config->blockDimZ,
    };
    CUresult code = check(kernel, config, grid[3] * grid[4] * grid[5]);
    if (code) {
        char text[600];
        snprintf(text, sizeof text, "a launch of %.400s by %u × %u × %u blocks of %u threads with %u bytes",
                 kernel->name, grid[0], grid[1], grid[2], grid[3] * grid[4] * grid[5], config->sharedMemBytes);
        bad(text);
        return code;
    }
    int last = kernel->parameters - 1;
    size_t size = last < 0 ? 0 : kernel->offset[last] + kernel->size[last];
    char *staged = packed(kernel, parameters, size);
    if (!staged)
        return bad("a launch with memory that was given back");
    struct step *step = new_step(RUN);
    step->kernel = kernel;
    step->shared = config->sharedMemBytes;
    step->size = size;
    step->staged = staged;
    memcpy(step->grid, grid, sizeof grid);
    return put(stream_of(config->hStream), step);
}

CUresult CUDAAPI cuLaunchKernelEx(const CUlaunchConfig *config, CUfunction kernel, void **parameters, void **extra) {
    IN_CONTEXT;
    LOCKED;
    return launch((struct kernel *)kernel, config, parameters);
}

CUresult CUDAAPI cuLaunchKernel(CUfunction kernel, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x,
                                unsigned block_y, unsigned block_z, unsigned shared, CUstream stream,
                                void **parameters, void **extra) {
    IN_CONTEXT;
    LOCKED;
    CUlaunchConfig config = {
        .gridDimX = grid_x,
        .gridDimY = grid_y,
        .gridDimZ = grid_z,
        .blockDimX = block_x,
        .blockDimY = block_y,
        .blockDimZ = block_z,
        .sharedMemBytes = shared,
        .hStream = stream,
    };
    return launch((struct kernel *)kernel, &config, parameters);
}

/* What a kernel needs, and may have. */

static CUresult tell(int *value, CUfunction_attribute which, const struct kernel *kernel) {
    *value = 0;
    if (which == CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK)
        *value = kernel->threads;
    if (which == CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES)
        *value = kernel->fixed_shared;
    if (which == CU_FUNC_ATTRIBUTE_NUM_REGS)
        *value = kernel->registers;
    if (which == CU_FUNC_ATTRIBUTE_PTX_VERSION || which == CU_FUNC_ATTRIBUTE_BINARY_VERSION)
        *value = 90;
    if (which == CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES)
        *value = kernel->allowed_shared - kernel->fixed_shared;
    return CUDA_SUCCESS;
}

static CUresult let(struct kernel *kernel, CUfunction_attribute which, int value) {
    int shared = value + kernel->fixed_shared;
    if (which != CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES)
        return CUDA_SUCCESS;
    if (value < 0 || shared > SHARED_LIMIT)
        return bad("more shared memory than there is");
    kernel->allowed_shared = shared > SHARED_UNASKED ? shared : SHARED_UNASKED;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuKernelGetAttribute(int *value, CUfunction_attribute which, CUkernel kernel, CUdevice device) {
    IN_CONTEXT;
    return tell(value, which, (struct kernel *)kernel);
}

CUresult CUDAAPI cuFuncGetAttribute(int *value, CUfunction_attribute which, CUfunction kernel) {
    IN_CONTEXT;
    return tell(value, which, (struct kernel *)kernel);
}

CUresult CUDAAPI cuKernelSetAttribute(CUfunction_attribute which, int value, CUkernel kernel, CUdevice device) {
    IN_CONTEXT;
    return let((struct kernel *)kernel, which, value);
}

CUresult CUDAAPI cuFuncSetAttribute(CUfunction kernel, CUfunction_attribute which, int value) {
    IN_CONTEXT;
    return let((struct kernel *)kernel, which, value);
}

CUresult CUDAAPI cuOccupancyMaxActiveBlocksPerMultiprocessor(int *count, CUfunction kernel, int threads,
                                                             size_t shared) {
    IN_CONTEXT;
    *count = 2048 / threads;
    return CUDA_SUCCESS;
}
