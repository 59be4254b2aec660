local measure = dofile((arg[0]:match("^(.*/)") or "./") .. "rb.lua").measure

measure(function(size, seed)
  local shift = seed % 1000
  local acc = 0
  for i = 0, size - 1 do
    for j = 0, size - 1 do
      for k = 0, size - 1 do
        acc = (acc * 31 + i * j + k + shift) % 1000003
      end
    end
  end
  return acc
end)
