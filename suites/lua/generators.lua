local measure = dofile((arg[0]:match("^(.*/)") or "./") .. "rb.lua").measure

local wrap, yield = coroutine.wrap, coroutine.yield

local function numbers(seed)
  return wrap(function()
    local x = seed % 2147483646 + 1
    while true do
      x = x * 48271 % 2147483647
      yield(x)
    end
  end)
end

local function keep_odd(source)
  return wrap(function()
    for v in source do
      if v % 2 == 1 then yield(v) end
    end
  end)
end

local function differences(source)
  return wrap(function()
    local last = 0
    for v in source do
      yield(v > last and v - last or last - v)
      last = v
    end
  end)
end

local function take(source, count)
  return wrap(function()
    if count <= 0 then return end
    for v in source do
      yield(v)
      count = count - 1
      if count == 0 then return end
    end
  end)
end

measure(function(size, seed)
  local acc = 0
  for v in take(differences(keep_odd(numbers(seed))), size) do
    acc = (acc * 31 + v) % 1000000007
  end
  return acc
end)
