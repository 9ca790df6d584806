// The messages of an interaction network, summed at each receiver: the costly half of the network.
//
//   out[g, r] = scale[g, r] * sum over s != r with senders[g, s] != 0 of f(x_gr + y_gs)
//   f(v) = relu(W_n ... relu(W_1 relu(v) + b_1) ... + b_n)
//
// x and y are the receiver's and the sender's half of the first layer (the layer is linear, so it
// needs no list of concatenated pairs). Only edges that count are computed. Graph by graph, so that
// an edge's activations stay in the cache and no graph's result depends on its neighbours.
#pragma once

#include <vector>

#include <torch/types.h>

namespace mint::dynamics {

// receiver_part, sender_part [G, K, D]; senders [G, K], compared with 0; scale [G, K]; `layers`
// holds W_1 [D', D], b_1 [D'], W_2, ... Returns [G, K, width of the last layer]. Gradients flow to
// receiver_part, sender_part and layers, not to senders and scale; first order only. Float or
// double, all of one type.
torch::Tensor sum_messages(const torch::Tensor& receiver_part, const torch::Tensor& sender_part,
                           const torch::Tensor& senders, const torch::Tensor& scale,
                           const std::vector<torch::Tensor>& layers);

// The same by tensor operations over all K * K pairs; sum_messages calls it off the CPU.
torch::Tensor sum_messages_densely(const torch::Tensor& receiver_part,
                                   const torch::Tensor& sender_part, const torch::Tensor& senders,
                                   const torch::Tensor& scale,
                                   const std::vector<torch::Tensor>& layers);

}  // namespace mint::dynamics
