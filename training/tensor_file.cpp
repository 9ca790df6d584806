#include "training/tensor_file.h"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

#include <torch/torch.h>

#include "training/atomic_file.h"
#include "training/tensor_checksum.h"

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

constexpr const char* kChecksum = "crc32";

// Of names, types, shapes and bytes.
int64_t checksum_of(const std::map<std::string, torch::Tensor>& tensors) {
  std::vector<torch::Tensor> list;
  for (const auto& [name, tensor] : tensors) {
    const std::string text = name + " " + dtype_name(tensor.scalar_type());
    list.push_back(torch::tensor(std::vector<uint8_t>(text.begin(), text.end()), torch::kUInt8));
    list.push_back(tensor);
  }
  return tensor_checksum(list);
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

void write_tensors(const std::filesystem::path& file,
                   std::map<std::string, torch::Tensor> tensors) {
  tensors[kChecksum] = torch::tensor(checksum_of(tensors));
  write_file_atomically(file, tensors_to_bytes(tensors));
}

std::map<std::string, torch::Tensor> read_tensors(const std::filesystem::path& file) {
  auto tensors = tensors_from_bytes(read_file(file), file.string());
  try {
    const auto expected = find_tensor(tensors, kChecksum, torch::kInt64, 0).item<int64_t>();
    tensors.erase(kChecksum);
    const int64_t got = checksum_of(tensors);
    if (got == expected) return tensors;
    throw std::runtime_error(std::string(kChecksum) + ": expected " + std::to_string(expected) +
                             ", got " + std::to_string(got) + "; the file is damaged");
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(file.string() + ": " + error.what());
  }
}

const torch::Tensor& find_tensor(const std::map<std::string, torch::Tensor>& tensors,
                                 const std::string& name, torch::ScalarType type,
                                 int64_t dimensions) {
  const auto found = tensors.find(name);
  if (found == tensors.end()) throw std::runtime_error(name + ": missing");
  const torch::Tensor& tensor = found->second;
  if (tensor.dim() == dimensions && tensor.scalar_type() == type) return tensor;
  throw std::runtime_error(name + ": expected " + std::to_string(dimensions) + " dimensions of " +
                           dtype_name(type) + ", got " + std::to_string(tensor.dim()) + " of " +
                           dtype_name(tensor.scalar_type()));
}

}  // namespace mint::training
