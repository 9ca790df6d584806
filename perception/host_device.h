// Marks functions that the CPU and the threads of a GPU both run.
#pragma once

#if defined(__CUDACC__)
#define MINT_HOST_DEVICE __host__ __device__
#else
#define MINT_HOST_DEVICE
#endif
