#include "perception/cuda/entropy_cuda.h"

#include "perception/cuda/launch.h"

namespace mint::perception::cuda {
namespace {

constexpr int kThreads = 256;

// One thread for each of `total` results, in a loop when there are very many.
int grid_for(int64_t total) {
  const int64_t blocks = (total + kThreads - 1) / kThreads;
  return static_cast<int>(blocks < 1 ? 1 : blocks > 65535 ? 65535 : blocks);
}

__device__ int64_t first_index() {
  return static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
}
__device__ int64_t index_step() {
  return static_cast<int64_t>(gridDim.x) * blockDim.x;
}

class DeviceMemory {
 public:
  explicit DeviceMemory(int64_t bytes) {
    check(cudaMalloc(&data_, static_cast<size_t>(bytes > 0 ? bytes : 1)), "cudaMalloc");
  }
  DeviceMemory(const DeviceMemory&) = delete;
  DeviceMemory& operator=(const DeviceMemory&) = delete;
  ~DeviceMemory() { cudaFree(data_); }
  template <typename T>
  T* as() const {
    return static_cast<T*>(data_);
  }

 private:
  void* data_ = nullptr;
};

void copy_in(void* to, const void* from, int64_t bytes) {
  check(cudaMemcpy(to, from, static_cast<size_t>(bytes), cudaMemcpyHostToDevice), "cudaMemcpy");
}
void copy_out(void* to, const void* from, int64_t bytes) {
  check(cudaMemcpy(to, from, static_cast<size_t>(bytes), cudaMemcpyDeviceToHost), "cudaMemcpy");
}

// Planes are channels of all images; i runs over all pixels of all planes.
template <typename Integer>
__global__ void resize_planes(GridShape shape, int64_t total, const uint8_t* images, Integer* out) {
  const int64_t pixels = shape.grid_height * shape.grid_width;
  for (int64_t i = first_index(); i < total; i += index_step()) {
    const uint8_t* channel = images + i / pixels * shape.height * shape.width;
    const int64_t at = i % pixels;
    out[i] = resized_pixel<Integer>(channel, shape, at / shape.grid_width, at % shape.grid_width);
  }
}

template <typename Integer>
__global__ void sharpen_planes(GridShape shape, int64_t total, const Integer* resized,
                               int32_t* out) {
  const int64_t pixels = shape.grid_height * shape.grid_width;
  for (int64_t i = first_index(); i < total; i += index_step()) {
    const int64_t at = i % pixels;
    out[i] =
        sharpened_pixel(resized + (i - at), shape, at / shape.grid_width, at % shape.grid_width);
  }
}

template <typename Integer>
__global__ void divide_planes(GridShape shape, int64_t total, Integer unit, const Integer* image,
                              uint8_t* out) {
  const int64_t pixels = shape.grid_height * shape.grid_width;
  for (int64_t i = first_index(); i < total; i += index_step()) {
    const int64_t at = i % pixels;
    out[i] =
        division_pixel(image + (i - at), shape, unit, at / shape.grid_width, at % shape.grid_width);
  }
}

__global__ void count_regions(EntropyBatch batch, int64_t total, RegionEntropyView table,
                              const uint8_t* division, float* entropy) {
  const int64_t height = batch.grid.grid_height, width = batch.grid.grid_width;
  const int64_t pixels = height * width;
  for (int64_t i = first_index(); i < total; i += index_step()) {
    const int64_t at = i % pixels;
    entropy[i] = region_entropy(division + (i - at) * batch.channels, batch.channels, height, width,
                                batch.region, at / width, at % width, table);
  }
}

struct Workspace {
  int64_t* increments;
  void* resized;  // int32_t or int64_t
  int32_t* sharpened;
  uint8_t* division;
};

int64_t samples_of(const EntropyBatch& batch) {
  return batch.channels * batch.region * batch.region;
}
int64_t values_of(const EntropyBatch& batch) {
  return batch.images * batch.channels * batch.grid.grid_height * batch.grid.grid_width;
}

Workspace split(const EntropyBatch& batch, void* memory) {
  Workspace result;
  const int64_t values = values_of(batch);
  result.increments = static_cast<int64_t*>(memory);
  int64_t* resized = result.increments + samples_of(batch);
  result.resized = resized;
  result.sharpened = reinterpret_cast<int32_t*>(resized + values);
  result.division = reinterpret_cast<uint8_t*>(result.sharpened + values);
  return result;
}

template <typename Integer>
void preprocess(const EntropyBatch& batch, const uint8_t* images, const Workspace& work,
                cudaStream_t stream) {
  const int64_t total = values_of(batch);
  const int blocks = grid_for(total);
  const GridShape& grid = batch.grid;
  auto* resized = static_cast<Integer*>(work.resized);
  resize_planes<<<blocks, kThreads, 0, stream>>>(grid, total, images, resized);
  if (batch.is_narrow) {
    sharpen_planes<<<blocks, kThreads, 0, stream>>>(grid, total, resized, work.sharpened);
    divide_planes<int32_t>
        <<<blocks, kThreads, 0, stream>>>(grid, total, 1, work.sharpened, work.division);
  } else {
    const auto unit = static_cast<Integer>(resize_unit(grid.grid_height, grid.grid_width));
    divide_planes<<<blocks, kThreads, 0, stream>>>(grid, total, unit, resized, work.division);
  }
}

// Work on [bins, H, W] of one image; `density` and `weight` have one plane per bin.
template <typename T>
__global__ void fill_densities(KdeShape shape, T bandwidth, const T* image, T* density) {
  const int64_t pixels = shape.height * shape.width;
  for (int64_t i = first_index(); i < kKdeBins * pixels; i += index_step()) {
    density[i] = kde_density(image, shape, i % pixels, i / pixels, bandwidth);
  }
}

template <typename T>
__global__ void sum_entropies(KdeShape shape, T scale, const T* density, T* entropy) {
  const int64_t pixels = shape.height * shape.width;
  for (int64_t i = first_index(); i < pixels; i += index_step()) {
    T sum = 0;
    for (int64_t bin = 0; bin < kKdeBins; ++bin) {
      sum += kde_entropy_of_bin(density + bin * pixels, shape, scale, i / shape.width,
                                i % shape.width);
    }
    entropy[i] = sum;
  }
}

template <typename T>
__global__ void fill_weights(KdeShape shape, T scale, const T* density, const T* gradient,
                             T* weight) {
  const int64_t pixels = shape.height * shape.width;
  for (int64_t i = first_index(); i < kKdeBins * pixels; i += index_step()) {
    const int64_t at = i % pixels;
    weight[i] = kde_weight_of_bin(density + (i - at), shape, scale, gradient[at], at / shape.width,
                                  at % shape.width);
  }
}

template <typename T>
__global__ void sum_gradients(KdeShape shape, T bandwidth, const T* image, const T* weight,
                              T* image_gradient) {
  const int64_t pixels = shape.height * shape.width;
  for (int64_t i = first_index(); i < shape.channels * pixels; i += index_step()) {
    const int64_t at = i % pixels;
    T sum = 0;
    for (int64_t bin = 0; bin < kKdeBins; ++bin) {
      sum += kde_gradient_of_bin(image[i], weight + bin * pixels, shape, bin, bandwidth,
                                 at / shape.width, at % shape.width);
    }
    image_gradient[i] = sum;
  }
}

template <typename T>
T scale_of(const KdeShape& shape, T bandwidth) {
  return kde_scale(shape.channels * shape.region * shape.region, bandwidth);
}

}  // namespace

Status status() {
  Status result;
  result.is_compiled = true;
  result.architectures = MINT_CUDA_ARCHITECTURES;
  int count = 0;
  const cudaError_t error = cudaGetDeviceCount(&count);
  cudaDeviceProp properties = {};
  if (error != cudaSuccess) {
    result.detail = cudaGetErrorString(error);
  } else if (count == 0 || cudaGetDeviceProperties(&properties, 0) != cudaSuccess) {
    result.detail = "no device answers";
  } else {
    result.has_gpu = true;
    result.detail = properties.name;
  }
  return result;
}

int64_t workspace_bytes(const EntropyBatch& batch) {
  const auto of_value = static_cast<int64_t>(sizeof(int64_t) + sizeof(int32_t) + 1);
  return samples_of(batch) * static_cast<int64_t>(sizeof(int64_t)) + values_of(batch) * of_value;
}

void entropy_images(const EntropyBatch& batch, const RegionEntropyView& table,
                    const uint8_t* images, void* workspace, float* entropy, void* stream) {
  auto* cuda_stream = static_cast<cudaStream_t>(stream);
  const Workspace work = split(batch, workspace);
  check(cudaMemcpyAsync(work.increments, table.increments,
                        static_cast<size_t>(samples_of(batch)) * sizeof(int64_t),
                        cudaMemcpyHostToDevice, cuda_stream),
        "cudaMemcpyAsync");
  const int64_t unit = resize_unit(batch.grid.grid_height, batch.grid.grid_width);
  if (fits_32_bits(unit, batch.is_narrow)) {
    preprocess<int32_t>(batch, images, work, cuda_stream);
  } else {
    preprocess<int64_t>(batch, images, work, cuda_stream);
  }
  RegionEntropyView on_device = table;
  on_device.increments = work.increments;
  const int64_t total = batch.images * batch.grid.grid_height * batch.grid.grid_width;
  count_regions<<<grid_for(total), kThreads, 0, cuda_stream>>>(batch, total, on_device,
                                                               work.division, entropy);
  check(cudaGetLastError(), "entropy_images");
}

void entropy_images_of_host(const EntropyBatch& batch, const RegionEntropyView& table,
                            const uint8_t* images, float* entropy) {
  const int64_t in = batch.images * batch.channels * batch.grid.height * batch.grid.width;
  const int64_t out = batch.images * batch.grid.grid_height * batch.grid.grid_width *
                      static_cast<int64_t>(sizeof(float));
  const DeviceMemory images_there(in), entropy_there(out), workspace(workspace_bytes(batch));
  copy_in(images_there.as<void>(), images, in);
  entropy_images(batch, table, images_there.as<uint8_t>(), workspace.as<void>(),
                 entropy_there.as<float>(), nullptr);
  copy_out(entropy, entropy_there.as<void>(), out);
}

template <typename T>
void kde_entropies(int64_t images, const KdeShape& shape, T bandwidth, const T* image,
                   void* workspace, T* entropy, void* stream) {
  auto* cuda_stream = static_cast<cudaStream_t>(stream);
  const int64_t pixels = shape.height * shape.width;
  auto* density = static_cast<T*>(workspace);
  for (int64_t n = 0; n < images; ++n) {
    fill_densities<<<grid_for(kKdeBins * pixels), kThreads, 0, cuda_stream>>>(
        shape, bandwidth, image + n * shape.channels * pixels, density);
    sum_entropies<<<grid_for(pixels), kThreads, 0, cuda_stream>>>(shape, scale_of(shape, bandwidth),
                                                                  density, entropy + n * pixels);
  }
  check(cudaGetLastError(), "kde_entropies");
}

template <typename T>
void kde_gradient(int64_t images, const KdeShape& shape, T bandwidth, const T* image,
                  const T* gradient, void* workspace, T* image_gradient, void* stream) {
  auto* cuda_stream = static_cast<cudaStream_t>(stream);
  const int64_t pixels = shape.height * shape.width, values = shape.channels * pixels;
  auto* density = static_cast<T*>(workspace);
  T* weight = density + kKdeBins * pixels;
  const int blocks = grid_for(kKdeBins * pixels);
  for (int64_t n = 0; n < images; ++n) {
    fill_densities<<<blocks, kThreads, 0, cuda_stream>>>(shape, bandwidth, image + n * values,
                                                         density);
    fill_weights<<<blocks, kThreads, 0, cuda_stream>>>(shape, scale_of(shape, bandwidth), density,
                                                       gradient + n * pixels, weight);
    sum_gradients<<<grid_for(values), kThreads, 0, cuda_stream>>>(
        shape, bandwidth, image + n * values, weight, image_gradient + n * values);
  }
  check(cudaGetLastError(), "kde_gradient");
}

template <typename T>
void kde_of_host(int64_t images, const KdeShape& shape, T bandwidth, const T* image,
                 const T* gradient, T* out) {
  const auto of_value = static_cast<int64_t>(sizeof(T));
  const int64_t plane = images * shape.height * shape.width * of_value;
  const int64_t planes = shape.channels * plane;
  const DeviceMemory image_there(planes), gradient_there(plane), out_there(planes);
  const DeviceMemory workspace(kde_workspace_bytes<T>(shape));
  copy_in(image_there.as<void>(), image, planes);
  if (gradient) {
    copy_in(gradient_there.as<void>(), gradient, plane);
    kde_gradient(images, shape, bandwidth, image_there.as<T>(), gradient_there.as<T>(),
                 workspace.as<void>(), out_there.as<T>(), nullptr);
    copy_out(out, out_there.as<void>(), planes);
  } else {
    kde_entropies(images, shape, bandwidth, image_there.as<T>(), workspace.as<void>(),
                  out_there.as<T>(), nullptr);
    copy_out(out, out_there.as<void>(), plane);
  }
}

}  // namespace mint::perception::cuda

#include "perception/cuda/entropy_cuda_instances.inc"
