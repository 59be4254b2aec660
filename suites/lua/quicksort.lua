local measure = dofile((arg[0]:match("^(.*/)") or "./") .. "rb.lua").measure

local function fill(size, seed)
  local x = seed % 2147483646 + 1
  local values = {}
  for i = 1, size do
    x = x * 48271 % 2147483647
    values[i] = x
  end
  return values
end

local function quicksort(values, low, high)
  local pivot = values[math.floor((low + high) / 2)]
  local i, j = low, high
  while i <= j do
    while values[i] < pivot do i = i + 1 end
    while values[j] > pivot do j = j - 1 end
    if i <= j then
      values[i], values[j] = values[j], values[i]
      i = i + 1
      j = j - 1
    end
  end
  if low < j then quicksort(values, low, j) end
  if i < high then quicksort(values, i, high) end
end

measure(function(size, seed)
  local values = fill(size, seed)
  quicksort(values, 1, size)
  local acc = 0
  for i = 1, size do acc = (acc * 31 + values[i]) % 1000000007 end
  return acc
end)
