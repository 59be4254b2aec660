local measure = dofile((arg[0]:match("^(.*/)") or "./") .. "rb.lua").measure

local function map(values, f)
  local out = {}
  for i = 1, #values do out[i] = f(values[i]) end
  return out
end

local function filter(values, keep)
  local out = {}
  for i = 1, #values do
    local v = values[i]
    if keep(v) then out[#out + 1] = v end
  end
  return out
end

local function reduce(values, acc, f)
  for i = 1, #values do acc = f(acc, values[i]) end
  return acc
end

local function fill(size, seed)
  local x = seed + 1
  local values = {}
  for i = 1, size do
    x = x * 48271 % 2147483647
    values[i] = x
  end
  return values
end

measure(function(size, seed)
  local values = fill(size, seed)
  local mapped = map(values, function(v) return v * 3 + 1 end)
  local kept = filter(mapped, function(v) return v % 2 == 0 end)
  return reduce(kept, 7, function(acc, v) return (acc * 31 + v) % 1000000007 end)
end)
