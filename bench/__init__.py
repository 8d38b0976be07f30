"""Speed, measured against baselines in the same run: only ratios mean anything (`docs/benchmarks.md`)."""
