local measure = dofile((arg[0]:match("^(.*/)") or "./") .. "rb.lua").measure

measure(function(size, seed)
  local shift = seed % 1000
  local composite = {}
  for n = 1, size do composite[n] = false end
  local p = 2
  while p * p <= size do
    if not composite[p] then
      for multiple = p * p, size, p do composite[multiple] = true end
    end
    p = p + 1
  end
  local acc = 0
  for n = 2, size do
    if not composite[n] then acc = (acc * 31 + n + shift) % 1000000007 end
  end
  return acc
end)
