# Runner protocol 1 of ruffbench: ruby PROGRAM SIZE SEED ITERS BUDGET_MS.
def now
  Process.clock_gettime(Process::CLOCK_MONOTONIC, :nanosecond)
end

def resolution
  Array.new(20) do
    start = now
    later = now
    later = now while later == start
    later - start
  end.min
end

# Times up to ITERS calls of the block with size and seed; nothing is printed between them.
def measure
  size, seed, iters, budget_ms = ARGV.map(&:to_i)
  puts '@rb 1 ruby'
  $stdout.flush
  samples = []
  spent = 0
  while samples.size < iters && (samples.size < 2 || spent < budget_ms * 1_000_000)
    start = now
    digest = yield size, seed
    took = now - start
    samples << [took, digest]
    spent += took
  end
  puts "@clock #{resolution}"
  samples.each { |took, digest| puts "@i #{took} #{digest}" }
  puts "@end #{samples.size}"
end
