local measure = dofile((arg[0]:match("^(.*/)") or "./") .. "rb.lua").measure

local function flips_of(perm)
  local flips = 0
  local first = perm[0]
  while first ~= 0 do
    local i, j = 0, first
    while i < j do
      perm[i], perm[j] = perm[j], perm[i]
      i = i + 1
      j = j - 1
    end
    flips = flips + 1
    first = perm[0]
  end
  return flips
end

measure(function(size, seed)
  local shift = seed % 1000
  local perm1, perm, count = {}, {}, {}
  for i = 0, size - 1 do
    perm1[i], perm[i], count[i] = i, 0, 0
  end
  local most, acc, r = 0, 0, size
  while true do
    while r > 1 do
      count[r - 1] = r
      r = r - 1
    end
    for i = 0, size - 1 do perm[i] = perm1[i] end
    local flips = flips_of(perm)
    if flips > most then most = flips end
    acc = (acc * 31 + flips + shift) % 1000000007
    while true do
      if r == size then return acc * 1000 + most end
      local first = perm1[0]
      for i = 0, r - 1 do perm1[i] = perm1[i + 1] end
      perm1[r] = first
      count[r] = count[r] - 1
      if count[r] > 0 then break end
      r = r + 1
    end
  end
end)
