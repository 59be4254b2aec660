local measure = dofile((arg[0]:match("^(.*/)") or "./") .. "rb.lua").measure

local function make_counter(start, step)
  local count = start
  return function()
    count = (count + step) % 1000003
    return count
  end
end

local function make_adder(n)
  return function(v) return (v + n) % 1000003 end
end

local function compose(f, g)
  return function(v) return g(f(v)) end
end

measure(function(size, seed)
  local shift = seed % 1000
  local counters = {}
  for i = 0, 9 do counters[i] = make_counter(i + shift, i * 7 + 1) end
  local acc = 0
  for i = 0, size - 1 do
    local bump = counters[i % 10]
    local step = compose(make_adder(i), make_adder(shift))
    acc = (acc * 31 + bump() + step(acc)) % 1000003
  end
  return acc
end)
