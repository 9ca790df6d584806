#include "dynamics/messages.h"

#include <utility>

#include <torch/torch.h>

#include "dynamics/edge_kernels.h"

namespace mint::dynamics {
namespace {

using torch::Tensor;
using Rows = std::vector<Tensor>;  // activations [E, D] after each layer, of one graph

// One batch on the CPU, all tensors contiguous.
struct Graphs {
  Tensor receiver_part, sender_part, senders, scale;
  Rows layers;

  int64_t count() const { return receiver_part.size(0); }
  int64_t keypoints() const { return receiver_part.size(1); }
  int64_t width() const { return receiver_part.size(2); }
  size_t depth() const { return layers.size() / 2; }
  const Tensor& weight(size_t layer) const { return layers[2 * layer]; }
  const Tensor& bias(size_t layer) const { return layers[2 * layer + 1]; }
};

template <typename T>
T* graph(const Tensor& tensor, int64_t g) {
  return tensor.data_ptr<T>() + g * tensor.stride(0);
}

template <typename T>
Rows activations(const Graphs& graphs, int64_t g, const Edges& edges) {
  Rows rows;
  rows.push_back(torch::empty({edges.size(), graphs.width()}, graphs.receiver_part.options()));
  first_layer(edges, graph<T>(graphs.receiver_part, g), graph<T>(graphs.sender_part, g),
              graphs.width(), rows.back().data_ptr<T>());
  for (size_t layer = 0; layer < graphs.depth(); ++layer) {
    rows.push_back(torch::mm(rows.back(), graphs.weight(layer).t()));
    add_bias_and_relu(edges.size(), graphs.bias(layer).data_ptr<T>(), rows.back().size(1),
                      rows.back().data_ptr<T>());
  }
  return rows;
}

// Returns the sums [G, K, D']; keeps every graph's activations in `kept` unless it is null.
template <typename T>
Tensor forward(const Graphs& graphs, Rows* kept) {
  const int64_t keypoints = graphs.keypoints();
  const int64_t width = graphs.depth() ? graphs.layers.back().size(0) : graphs.width();
  const Tensor out =
      torch::empty({graphs.count(), keypoints, width}, graphs.receiver_part.options());
  for (int64_t g = 0; g < graphs.count(); ++g) {
    const Edges edges = edges_from(graph<T>(graphs.senders, g), keypoints);
    Rows rows = activations<T>(graphs, g, edges);
    sum_over_senders(edges, rows.back().data_ptr<T>(), graph<T>(graphs.scale, g), keypoints, width,
                     graph<T>(out, g));
    if (kept) kept->insert(kept->end(), rows.begin(), rows.end());
  }
  return out;
}

struct Gradients {
  Tensor receiver_part, sender_part;
  Rows layers;
};

template <typename T>
Gradients backward(const Graphs& graphs, const Rows& kept, const Tensor& gradient) {
  Gradients out;
  out.receiver_part = torch::empty_like(graphs.receiver_part);
  out.sender_part = torch::empty_like(graphs.sender_part);
  for (const Tensor& layer : graphs.layers) out.layers.push_back(torch::zeros_like(layer));
  const int64_t keypoints = graphs.keypoints();
  for (int64_t g = 0; g < graphs.count(); ++g) {
    const Edges edges = edges_from(graph<T>(graphs.senders, g), keypoints);
    const Tensor* rows = &kept[g * (graphs.depth() + 1)];
    Tensor flow = torch::empty_like(rows[graphs.depth()]);
    spread_to_edges(edges, graph<T>(gradient, g), graph<T>(graphs.scale, g),
                    rows[graphs.depth()].data_ptr<T>(), flow.size(1), flow.data_ptr<T>());
    for (size_t layer = graphs.depth(); layer-- > 0;) {
      out.layers[2 * layer].addmm_(flow.t(), rows[layer]);
      add_column_sums(edges.size(), flow.data_ptr<T>(), flow.size(1),
                      out.layers[2 * layer + 1].data_ptr<T>());
      flow = torch::mm(flow, graphs.weight(layer));
      relu_backward(edges.size(), rows[layer].data_ptr<T>(), flow.size(1), flow.data_ptr<T>());
    }
    sum_to_nodes(edges, flow.data_ptr<T>(), keypoints, graphs.width(),
                 graph<T>(out.receiver_part, g), graph<T>(out.sender_part, g));
  }
  return out;
}

class SumMessages : public torch::autograd::Function<SumMessages> {
 public:
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& receiver_part,
                        const Tensor& sender_part, const Tensor& senders, const Tensor& scale,
                        at::TensorList layers) {
    const Graphs graphs{receiver_part, sender_part, senders, scale, layers.vec()};
    Rows saved = {receiver_part, sender_part, senders, scale};
    saved.insert(saved.end(), layers.begin(), layers.end());
    context->saved_data["layers"] = static_cast<int64_t>(layers.size());
    const Tensor out = receiver_part.scalar_type() == torch::kFloat64
                           ? dynamics::forward<double>(graphs, &saved)
                           : dynamics::forward<float>(graphs, &saved);
    context->save_for_backward(std::move(saved));
    return out;
  }

  static Rows backward(torch::autograd::AutogradContext* context, Rows gradients) {
    const Rows saved = context->get_saved_variables();
    const auto kept = saved.begin() + 4 + context->saved_data["layers"].toInt();
    const Graphs graphs{saved[0], saved[1], saved[2], saved[3], Rows(saved.begin() + 4, kept)};
    const Rows rows(kept, saved.end());
    const Tensor gradient = gradients[0].contiguous();
    Gradients out = gradient.scalar_type() == torch::kFloat64
                        ? dynamics::backward<double>(graphs, rows, gradient)
                        : dynamics::backward<float>(graphs, rows, gradient);
    Rows result = {out.receiver_part, out.sender_part, Tensor(), Tensor()};
    result.insert(result.end(), out.layers.begin(), out.layers.end());
    return result;
  }
};

}  // namespace

Tensor sum_messages(const Tensor& receiver_part, const Tensor& sender_part, const Tensor& senders,
                    const Tensor& scale, const std::vector<Tensor>& layers) {
  if (!receiver_part.device().is_cpu()) {
    return sum_messages_densely(receiver_part, sender_part, senders, scale, layers);
  }
  Graphs graphs{receiver_part.contiguous(),
                sender_part.contiguous(),
                senders.contiguous(),
                scale.contiguous(),
                {}};
  for (const Tensor& layer : layers) graphs.layers.push_back(layer.contiguous());
  if (torch::GradMode::is_enabled()) {
    return SumMessages::apply(graphs.receiver_part, graphs.sender_part, graphs.senders,
                              graphs.scale, at::TensorList(graphs.layers));
  }
  return receiver_part.scalar_type() == torch::kFloat64 ? forward<double>(graphs, nullptr)
                                                        : forward<float>(graphs, nullptr);
}

Tensor sum_messages_densely(const Tensor& receiver_part, const Tensor& sender_part,
                            const Tensor& senders, const Tensor& scale,
                            const std::vector<Tensor>& layers) {
  const int64_t keypoints = receiver_part.size(1);
  Tensor rows = torch::relu(receiver_part.unsqueeze(2) + sender_part.unsqueeze(1));
  for (size_t i = 0; i < layers.size(); i += 2) {
    rows = torch::relu(torch::linear(rows, layers[i], layers[i + 1]));
  }
  const Tensor others = 1 - torch::eye(keypoints, rows.options());
  const Tensor counted = senders.ne(0).unsqueeze(1).to(rows.scalar_type()) * others;  // [G, K, K]
  return (rows * counted.unsqueeze(3)).sum(2) * scale.unsqueeze(2);
}

}  // namespace mint::dynamics
