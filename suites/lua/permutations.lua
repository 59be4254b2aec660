local measure = dofile((arg[0]:match("^(.*/)") or "./") .. "rb.lua").measure

measure(function(size, seed)
  local x = seed % 2147483646 + 1
  local items = {}
  for i = 1, size do
    x = x * 48271 % 2147483647
    items[i] = x % 100
  end
  local acc = 0

  local function permute(k)
    if k > size then
      local total = 0
      for i = 1, size do total = total + items[i] * i end
      acc = (acc * 31 + total) % 1000000007
      return
    end
    for i = k, size do
      items[k], items[i] = items[i], items[k]
      permute(k + 1)
      items[k], items[i] = items[i], items[k]
    end
  end

  permute(1)
  return acc
end)
