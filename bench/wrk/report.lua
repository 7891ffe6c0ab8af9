-- Prints what was measured as one line that bench/load.py reads; times are in microseconds.
function done(summary, latency, _requests)
  local failed = summary.errors
  io.write(string.format(
    "BENCH requests=%d microseconds=%d bytes=%d refused=%d broken=%d p50=%d p99=%d\n",
    summary.requests, summary.duration, summary.bytes, failed.status,
    failed.connect + failed.read + failed.write + failed.timeout,
    latency:percentile(50), latency:percentile(99)
  ))
end
