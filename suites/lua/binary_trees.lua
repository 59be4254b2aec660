local measure = dofile((arg[0]:match("^(.*/)") or "./") .. "rb.lua").measure

local function build(item, depth)
  if depth == 0 then return { item = item } end
  return { left = build(2 * item - 1, depth - 1), right = build(2 * item, depth - 1), item = item }
end

local function check(node)
  if not node.left then return node.item end
  return (node.item + check(node.left) * 3 + check(node.right) * 5) % 1000003
end

measure(function(size, seed)
  local shift = seed % 1000 + 1
  local acc = check(build(shift, size + 1))
  local kept = build(shift, size)
  for depth = 4, size, 2 do
    for i = 0, 2 ^ (size - depth + 2) - 1 do
      acc = (acc * 31 + check(build(i + shift, depth))) % 1000000007
    end
  end
  return (acc * 31 + check(kept)) % 1000000007
end)
