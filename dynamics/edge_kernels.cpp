#include "dynamics/edge_kernels.h"

#include <algorithm>

namespace mint::dynamics {

template <typename T>
Edges edges_from(const T* senders, int64_t keypoints) {
  Edges edges;
  for (int64_t receiver = 0; receiver < keypoints; ++receiver) {
    for (int64_t sender = 0; sender < keypoints; ++sender) {
      if (sender == receiver || senders[sender] == 0) continue;
      edges.receiver.push_back(static_cast<int32_t>(receiver));
      edges.sender.push_back(static_cast<int32_t>(sender));
    }
  }
  return edges;
}

template <typename T>
void first_layer(const Edges& edges, const T* receiver_part, const T* sender_part, int64_t width,
                 T* out) {
  for (int64_t e = 0; e < edges.size(); ++e) {
    const T* receiver = receiver_part + edges.receiver[e] * width;
    const T* sender = sender_part + edges.sender[e] * width;
    T* row = out + e * width;
    for (int64_t d = 0; d < width; ++d) row[d] = std::max(receiver[d] + sender[d], T(0));
  }
}

template <typename T>
void add_bias_and_relu(int64_t edges, const T* bias, int64_t width, T* rows) {
  for (int64_t e = 0; e < edges; ++e) {
    T* row = rows + e * width;
    for (int64_t d = 0; d < width; ++d) row[d] = std::max(row[d] + bias[d], T(0));
  }
}

template <typename T>
void sum_over_senders(const Edges& edges, const T* rows, const T* scale, int64_t keypoints,
                      int64_t width, T* out) {
  std::fill_n(out, keypoints * width, T(0));
  for (int64_t e = 0; e < edges.size(); ++e) {
    const T* row = rows + e * width;
    T* sum = out + edges.receiver[e] * width;
    for (int64_t d = 0; d < width; ++d) sum[d] += row[d];
  }
  for (int64_t k = 0; k < keypoints; ++k) {
    for (int64_t d = 0; d < width; ++d) out[k * width + d] *= scale[k];
  }
}

template <typename T>
void spread_to_edges(const Edges& edges, const T* gradient, const T* scale, const T* rows,
                     int64_t width, T* out) {
  for (int64_t e = 0; e < edges.size(); ++e) {
    const T* from = gradient + edges.receiver[e] * width;
    const T factor = scale[edges.receiver[e]];
    const T* row = rows + e * width;
    T* to = out + e * width;
    for (int64_t d = 0; d < width; ++d) to[d] = row[d] > 0 ? factor * from[d] : T(0);
  }
}

template <typename T>
void relu_backward(int64_t edges, const T* rows, int64_t width, T* gradient) {
  for (int64_t i = 0; i < edges * width; ++i) gradient[i] = rows[i] > 0 ? gradient[i] : T(0);
}

template <typename T>
void add_column_sums(int64_t edges, const T* gradient, int64_t width, T* bias_gradient) {
  for (int64_t e = 0; e < edges; ++e) {
    const T* row = gradient + e * width;
    for (int64_t d = 0; d < width; ++d) bias_gradient[d] += row[d];
  }
}

template <typename T>
void sum_to_nodes(const Edges& edges, const T* gradient, int64_t keypoints, int64_t width,
                  T* receiver_gradient, T* sender_gradient) {
  std::fill_n(receiver_gradient, keypoints * width, T(0));
  std::fill_n(sender_gradient, keypoints * width, T(0));
  for (int64_t e = 0; e < edges.size(); ++e) {
    const T* row = gradient + e * width;
    T* receiver = receiver_gradient + edges.receiver[e] * width;
    T* sender = sender_gradient + edges.sender[e] * width;
    for (int64_t d = 0; d < width; ++d) {
      receiver[d] += row[d];
      sender[d] += row[d];
    }
  }
}

#define MINT_INSTANTIATE(T)                                                                  \
  template Edges edges_from<T>(const T*, int64_t);                                           \
  template void first_layer<T>(const Edges&, const T*, const T*, int64_t, T*);               \
  template void add_bias_and_relu<T>(int64_t, const T*, int64_t, T*);                        \
  template void sum_over_senders<T>(const Edges&, const T*, const T*, int64_t, int64_t, T*); \
  template void spread_to_edges<T>(const Edges&, const T*, const T*, const T*, int64_t, T*); \
  template void relu_backward<T>(int64_t, const T*, int64_t, T*);                            \
  template void add_column_sums<T>(int64_t, const T*, int64_t, T*);                          \
  template void sum_to_nodes<T>(const Edges&, const T*, int64_t, int64_t, T*, T*);
MINT_INSTANTIATE(float)
MINT_INSTANTIATE(double)
#undef MINT_INSTANTIATE

}  // namespace mint::dynamics
