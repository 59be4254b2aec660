-- Runner protocol 1 of ruffbench: lua PROGRAM SIZE SEED ITERS BUDGET_MS.  Runs in Lua 5.4 and LuaJIT.

-- Time in ns. LuaJIT reads the monotonic clock; the one clock of Lua's library that is finer than a second is CPU time.
local function now()
  return os.clock() * 1e9
end
local has_ffi, ffi = pcall(require, "ffi")
if has_ffi then
  ffi.cdef("struct rb_time { long seconds, nanoseconds; }; int clock_gettime(int clock, struct rb_time *time);")
  local time = ffi.new("struct rb_time")
  now = function()
    ffi.C.clock_gettime(1, time)
    return tonumber(time.seconds) * 1e9 + tonumber(time.nanoseconds)
  end
end

local function resolution()
  local least = 1e12
  for _ = 1, 20 do
    local start = now()
    local later = now()
    while later == start do later = now() end
    if later - start < least then least = later - start end
  end
  return least
end

-- Times up to ITERS calls of run(size, seed); nothing is printed between them.
local function measure(run)
  local size = math.floor(tonumber(arg[1]))
  local seed = math.floor(tonumber(arg[2]))
  local iters, budget = tonumber(arg[3]), tonumber(arg[4]) * 1e6
  io.write("@rb 1 lua\n")
  io.flush()
  local times, digests = {}, {}
  local spent = 0
  while #times < iters and (#times < 2 or spent < budget) do
    local start = now()
    local digest = run(size, seed)
    local took = now() - start
    times[#times + 1] = took
    digests[#digests + 1] = digest
    spent = spent + took
  end
  io.write(string.format("@clock %.0f\n", resolution()))
  for i = 1, #times do
    local digest = digests[i]
    if type(digest) == "number" then digest = string.format("%.0f", digest) end
    io.write(string.format("@i %.0f %s\n", times[i], digest))
  end
  io.write(string.format("@end %d\n", #times))
end

return { measure = measure }
