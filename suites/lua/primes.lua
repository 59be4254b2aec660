local measure = dofile((arg[0]:match("^(.*/)") or "./") .. "rb.lua").measure

local function is_prime(n)
  if n % 2 == 0 then return n == 2 end
  local d = 3
  while d * d <= n do
    if n % d == 0 then return false end
    d = d + 2
  end
  return n > 1
end

measure(function(size, seed)
  local first = 100000 + seed % 1000 * 100
  local acc = 0
  for n = first, first + size - 1 do
    if is_prime(n) then acc = (acc * 31 + n) % 1000000007 end
  end
  return acc
end)
