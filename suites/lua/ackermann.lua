local measure = dofile((arg[0]:match("^(.*/)") or "./") .. "rb.lua").measure

local function ackermann(m, n)
  if m == 0 then return n + 1 end
  if n == 0 then return ackermann(m - 1, 1) end
  return ackermann(m - 1, ackermann(m, n - 1))
end

measure(function(size, seed) return ackermann(3, size) + ackermann(2, seed % 32) end)
