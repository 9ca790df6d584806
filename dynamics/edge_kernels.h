// The loops over the edges of one graph that lie between matrix products (dynamics/messages.h).
//
// Raw pointers, row-major, no torch, so that they compile in a second. T is float or double, K the
// number of keypoints, E the number of edges, D the width of a row. Sums run over ascending edges.
#pragma once

#include <cstdint>
#include <vector>

namespace mint::dynamics {

// Edges of one graph, receiver-major, senders ascending, no self edge.
struct Edges {
  std::vector<int32_t> receiver;  // E
  std::vector<int32_t> sender;    // E

  int64_t size() const { return static_cast<int64_t>(receiver.size()); }
};

// All edges whose sender has a non-zero entry in `senders` [K].
template <typename T>
Edges edges_from(const T* senders, int64_t keypoints);

// out [E, D] = relu(receiver_part [K, D] of the edge's receiver + sender_part [K, D] of its
// sender).
template <typename T>
void first_layer(const Edges& edges, const T* receiver_part, const T* sender_part, int64_t width,
                 T* out);

// rows [E, D] = relu(rows + bias [D]).
template <typename T>
void add_bias_and_relu(int64_t edges, const T* bias, int64_t width, T* rows);

// out [K, D] = scale [K] * sum of rows [E, D] over the edges of each receiver.
template <typename T>
void sum_over_senders(const Edges& edges, const T* rows, const T* scale, int64_t keypoints,
                      int64_t width, T* out);

// The gradient of sum_over_senders through the relu that made `rows`:
// out [E, D] = rows > 0 ? scale * gradient [K, D] of the receiver : 0.
template <typename T>
void spread_to_edges(const Edges& edges, const T* gradient, const T* scale, const T* rows,
                     int64_t width, T* out);

// gradient [E, D] becomes 0 where rows [E, D] <= 0.
template <typename T>
void relu_backward(int64_t edges, const T* rows, int64_t width, T* gradient);

// bias_gradient [D] += the sum of gradient [E, D].
template <typename T>
void add_column_sums(int64_t edges, const T* gradient, int64_t width, T* bias_gradient);

// The gradient of first_layer's sum: receiver_gradient [K, D] and sender_gradient [K, D] are
// overwritten.
template <typename T>
void sum_to_nodes(const Edges& edges, const T* gradient, int64_t keypoints, int64_t width,
                  T* receiver_gradient, T* sender_gradient);

}  // namespace mint::dynamics
