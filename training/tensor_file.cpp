#include "training/tensor_file.h"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

#include <torch/torch.h>

namespace mint::training {
namespace {

const std::vector<std::pair<std::string, torch::ScalarType>>& dtypes() {
  static const std::vector<std::pair<std::string, torch::ScalarType>> list = {
      {"F64", torch::kFloat64},   {"F32", torch::kFloat32}, {"F16", torch::kFloat16},
      {"BF16", torch::kBFloat16}, {"I64", torch::kInt64},   {"I32", torch::kInt32},
      {"I16", torch::kInt16},     {"I8", torch::kInt8},     {"U8", torch::kUInt8},
      {"BOOL", torch::kBool}};
  return list;
}

NamedArray to_array(const std::string& name, const torch::Tensor& tensor) {
  const auto data = tensor.detach().to(torch::kCPU).contiguous();
  NamedArray array{name, dtype_name(data.scalar_type()), data.sizes().vec(), ""};
  array.bytes.assign(static_cast<const char*>(data.data_ptr()), data.nbytes());
  return array;
}

}  // namespace

std::string dtype_name(torch::ScalarType type) {
  for (const auto& entry : dtypes())
    if (entry.second == type) return entry.first;
  throw std::runtime_error(std::string("tensor: dtype: expected a plain type, got ") +
                           torch::toString(type));
}

torch::Tensor to_tensor(const NamedArray& array) {
  torch::ScalarType type = torch::kFloat32;
  for (const auto& entry : dtypes())
    if (entry.first == array.dtype) type = entry.second;
  auto tensor = torch::empty(array.shape, torch::dtype(type));
  std::copy(array.bytes.begin(), array.bytes.end(), static_cast<char*>(tensor.data_ptr()));
  return tensor;
}

std::string tensors_to_bytes(const std::map<std::string, torch::Tensor>& tensors) {
  std::vector<NamedArray> arrays;
  for (const auto& [name, tensor] : tensors) arrays.push_back(to_array(name, tensor));
  return write_safetensors(std::move(arrays), {{"format", "pt"}});
}

std::map<std::string, torch::Tensor> tensors_from_bytes(const std::string& bytes,
                                                        const std::string& file) {
  std::map<std::string, torch::Tensor> tensors;
  for (const auto& array : read_safetensors(bytes, file)) tensors[array.name] = to_tensor(array);
  return tensors;
}

}  // namespace mint::training
