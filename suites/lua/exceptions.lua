local measure = dofile((arg[0]:match("^(.*/)") or "./") .. "rb.lua").measure

local function check(n, depth)
  if depth > 0 then return check(n, depth - 1) + 1 end
  if n % 3 == 0 then error({ code = n % 1000, message = "rejected " .. n % 1000 }) end
  return n % 1000
end

local function guarded(n)
  local ok, result = pcall(check, n, n % 8)
  if ok then return result end
  if result.code % 2 == 0 then error(result) end
  return result.code * 2
end

measure(function(size, seed)
  local x = seed % 2147483646 + 1
  local acc, caught = 0, 0
  for _ = 1, size do
    x = x * 48271 % 2147483647
    local ok, result = pcall(guarded, x)
    if ok then
      acc = (acc * 31 + result) % 1000000007
    else
      caught = caught + 1
      acc = (acc * 31 + result.code + #result.message) % 1000000007
    end
  end
  return (acc * 31 + caught) % 1000000007
end)
