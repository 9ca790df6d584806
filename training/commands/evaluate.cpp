#include "training/evaluation.h"

#include <cstdio>

#include "training/commands/commands.h"
#include "training/interrupt.h"

namespace mint::training {

int evaluate(const EvaluateOptions& options) {
  const InterruptGuard guard;
  const auto results = evaluate_run({options.run, options.variants, options.episodes, options.seed,
                                     options.videos, options.plan, options.environments},
                                    show_progress());
  std::vector<ScoreRow> rows;
  for (const VariantEvaluation& result : results) rows.push_back(result.row);
  std::printf("%s", score_text(rows).c_str());
  std::printf("written: %s/evaluation.{json,csv}, %s/videos\n", options.run.c_str(),
              options.run.c_str());
  return 0;
}

}  // namespace mint::training
