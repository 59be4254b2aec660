local measure = dofile((arg[0]:match("^(.*/)") or "./") .. "rb.lua").measure

local function apply_each(f, values)
  local out = {}
  for i = 1, #values do out[i] = f(values[i]) end
  return out
end

local function keep_if(keep, values)
  local out = {}
  for i = 1, #values do
    if keep(values[i]) then out[#out + 1] = values[i] end
  end
  return out
end

local function fold(f, acc, values)
  for i = 1, #values do acc = f(acc, values[i]) end
  return acc
end

local function chain(functions)
  return function(v)
    for i = 1, #functions do v = functions[i](v) end
    return v
  end
end

measure(function(size, seed)
  local x = seed % 2147483646 + 1
  local values = {}
  for i = 1, size do
    x = x * 48271 % 2147483647
    values[i] = x % 10007
  end
  local stage = chain({
    function(v) return v + 3 end,
    function(v) return v * 7 % 10007 end,
    function(v) return 10007 - v end,
    function(v) return v * v % 10007 end,
  })
  local acc = 0
  for round = 0, 4 do
    values = apply_each(stage, values)
    local kept = keep_if(function(v) return v % 3 ~= round % 3 end, values)
    acc = fold(function(a, v) return (a * 31 + v) % 1000000007 end, acc, kept)
  end
  return acc
end)
