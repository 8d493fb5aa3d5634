/* Loads compiled kernels: what a launch has to know of them stands in the sections .nv.info of the file. */
#include "driver.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#define MACHINE_CUDA 190
#define MOST_KERNELS 16
#define OF_THE_SYSTEM 1024 /* bytes of shared memory that a file counts and no kernel has asked for */
#define PARAMETER 0x17     /* kinds of notes in .nv.info */
#define MOST_THREADS 0x05
#define REGISTERS 0x2f

struct library {
    int count;
    struct kernel kernels[MOST_KERNELS];
};

struct file {
    const char *image;
    const Elf64_Ehdr *head;
    const Elf64_Shdr *sections;
};

static const char *text_at(const struct file *file, const Elf64_Shdr *section, unsigned at) {
    return file->image + section->sh_offset + at;
}

static const char *name_of(const struct file *file, const Elf64_Shdr *section) {
    return text_at(file, file->sections + file->head->e_shstrndx, section->sh_name);
}

/* Bytes of a note: four in front, the data behind them where it says how much. */
static unsigned length(const unsigned char *note) {
    return 4 + (note[0] == 4 ? note[2] | note[3] << 8 : 0);
}

static CUresult read_note(struct kernel *kernel, const unsigned char *note) {
    const unsigned *data = (const unsigned *)(note + 4);
    if (note[1] == MOST_THREADS)
        kernel->threads = data[0] * data[1] * data[2];
    if (note[1] != PARAMETER)
        return CUDA_SUCCESS;
    int number = data[1] & 0xffff;
    if (number >= MOST_PARAMETERS)
        return bad("a kernel with more parameters than anybody thought of");
    kernel->offset[number] = data[1] >> 16;
    kernel->size[number] = data[2] >> 18;
    if (number >= kernel->parameters)
        kernel->parameters = number + 1;
    return CUDA_SUCCESS;
}

/* The registers stand in the notes of all kernels together, by number of a symbol. */
static void read_registers(struct kernel *kernel, const struct file *file, const Elf64_Shdr *section) {
    const Elf64_Shdr *table = file->sections + section->sh_link, *texts = file->sections + table->sh_link;
    const Elf64_Sym *symbols = (const Elf64_Sym *)(file->image + table->sh_offset);
    const unsigned char *note = (const unsigned char *)file->image + section->sh_offset;
    const unsigned char *end = note + section->sh_size;
    for (; note < end; note += length(note)) {
        const unsigned *data = (const unsigned *)(note + 4);
        if (note[1] == REGISTERS && !strcmp(text_at(file, texts, symbols[data[0]].st_name), kernel->name))
            kernel->registers = data[1];
    }
}

static void read_shared(struct kernel *kernel, const char *name, size_t size) {
    static const char prefix[] = ".nv.shared.";
    size_t prefix_size = sizeof prefix - 1;
    if (!strncmp(name, prefix, prefix_size) && !strcmp(name + prefix_size, kernel->name))
        kernel->fixed_shared = size > OF_THE_SYSTEM ? size - OF_THE_SYSTEM : 0;
}

static CUresult read_kernel(struct kernel *kernel, const struct file *file, const Elf64_Shdr *section) {
    kernel->name = strdup(name_of(file, section) + sizeof ".nv.info." - 1);
    kernel->threads = 1024;
    kernel->allowed_shared = SHARED_UNASKED;
    const unsigned char *note = (const unsigned char *)file->image + section->sh_offset;
    const unsigned char *end = note + section->sh_size;
    for (; note < end; note += length(note)) {
        CUresult code = read_note(kernel, note);
        if (code)
            return code;
    }
    for (int i = 0; i < file->head->e_shnum; i++) {
        const Elf64_Shdr *other = file->sections + i;
        read_shared(kernel, name_of(file, other), other->sh_size);
        if (!strcmp(name_of(file, other), ".nv.info"))
            read_registers(kernel, file, other);
    }
    return CUDA_SUCCESS;
}

static CUresult load(struct library **found, const char *image) {
    const Elf64_Ehdr *head = (const Elf64_Ehdr *)image;
    if (memcmp(image, ELFMAG, SELFMAG))
        return CUDA_ERROR_INVALID_IMAGE;
    if (head->e_machine != MACHINE_CUDA)
        return CUDA_ERROR_NO_BINARY_FOR_GPU;
    struct file file = {image, head, (const Elf64_Shdr *)(image + head->e_shoff)};
    struct library *library = calloc(1, sizeof *library);
    CUresult code = CUDA_SUCCESS;
    for (int i = 0; i < head->e_shnum && !code; i++) {
        const char *name = name_of(&file, file.sections + i);
        if (!strncmp(name, ".nv.info.", 9) && library->count < MOST_KERNELS)
            code = read_kernel(library->kernels + library->count++, &file, file.sections + i);
    }
    *found = library;
    return library->count ? code : bad("code without a kernel");
}

static CUresult load_now(struct library **found, const char *image) {
    CUresult code = forbidden();
    return code ? code : load(found, image);
}

static CUresult find(struct library *library, const char *name, struct kernel **found) {
    for (int i = 0; i < library->count; i++) {
        *found = library->kernels + i;
        if (!strcmp((*found)->name, name))
            return CUDA_SUCCESS;
    }
    return CUDA_ERROR_NOT_FOUND;
}

CUresult CUDAAPI cuLibraryLoadData(CUlibrary *found, const void *code, CUjit_option *jit, void **jit_values,
                                   unsigned jit_count, CUlibraryOption *options, void **values, unsigned count) {
    IN_CONTEXT;
    LOCKED;
    return load_now((struct library **)found, code);
}

CUresult CUDAAPI cuLibraryUnload(CUlibrary library) {
    IN_CONTEXT;
    LOCKED;
    CUresult code = forbidden();
    if (code)
        return code;
    drain_all();
    return lost;
}

CUresult CUDAAPI cuLibraryGetKernel(CUkernel *found, CUlibrary library, const char *name) {
    IN_CONTEXT;
    return find((struct library *)library, name, (struct kernel **)found);
}

CUresult CUDAAPI cuLibraryGetKernelCount(unsigned *count, CUlibrary library) {
    IN_CONTEXT;
    *count = ((struct library *)library)->count;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuLibraryGetModule(CUmodule *found, CUlibrary library) {
    IN_CONTEXT;
    *found = (CUmodule)library;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuLibraryGetGlobal(CUdeviceptr *at, size_t *size, CUlibrary library, const char *name) {
    IN_CONTEXT;
    return CUDA_ERROR_NOT_FOUND;
}

CUresult CUDAAPI cuKernelGetFunction(CUfunction *found, CUkernel kernel) {
    IN_CONTEXT;
    *found = (CUfunction)kernel;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuKernelGetLibrary(CUlibrary *found, CUkernel kernel) {
    ENTER;
    return CUDA_ERROR_NOT_SUPPORTED;
}

CUresult CUDAAPI cuModuleLoadDataEx(CUmodule *found, const void *code, unsigned count, CUjit_option *options,
                                    void **values) {
    IN_CONTEXT;
    LOCKED;
    return load_now((struct library **)found, code);
}

CUresult CUDAAPI cuModuleUnload(CUmodule module) {
    IN_CONTEXT;
    return CUDA_SUCCESS;
}

CUresult CUDAAPI cuModuleGetFunction(CUfunction *found, CUmodule module, const char *name) {
    IN_CONTEXT;
    return find((struct library *)module, name, (struct kernel **)found);
}
