local measure = dofile((arg[0]:match("^(.*/)") or "./") .. "rb.lua").measure

local MODULUS = 1000000007

measure(function(size, seed)
  local x = seed % 2147483646 + 1
  local function next_key()
    x = x * 48271 % 2147483647
    return "key" .. x % size
  end
  local dict = {}
  for i = 0, size - 1 do
    local key = next_key()
    dict[key] = (dict[key] or 0) + i
  end
  local found, missed, deleted = 0, 0, 0
  for _ = 1, size do
    local value = dict[next_key()]
    if value then
      found = (found + value) % MODULUS
    else
      missed = missed + 1
    end
  end
  for _ = 1, math.floor(size / 2) do
    local key = next_key()
    if dict[key] then
      dict[key] = nil
      deleted = deleted + 1
    end
  end
  local total = 0
  for key, value in pairs(dict) do total = (total + value * #key) % MODULUS end
  return (((found * 31 + missed) % MODULUS * 31 + deleted) % MODULUS * 31 + total) % MODULUS
end)
