local measure = dofile((arg[0]:match("^(.*/)") or "./") .. "rb.lua").measure

local function fib(n)
  if n < 2 then return n end
  return fib(n - 1) + fib(n - 2)
end

measure(function(size, seed) return fib(size) + fib(seed % 16) end)
