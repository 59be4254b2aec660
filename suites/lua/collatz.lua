local measure = dofile((arg[0]:match("^(.*/)") or "./") .. "rb.lua").measure

-- n / 2 of an even n is exact; the quotient being a float in Lua 5.4 changes no step.
local function steps_of(n)
  local steps = 0
  while n ~= 1 do
    if n % 2 == 0 then
      n = n / 2
    else
      n = n * 3 + 1
    end
    steps = steps + 1
  end
  return steps
end

measure(function(size, seed)
  local first = seed % 1000 + 1
  local acc = 0
  for n = first, first + size - 1 do
    acc = (acc * 31 + steps_of(n)) % 1000000007
  end
  return acc
end)
