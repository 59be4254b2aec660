from rb import measure


class Node:
    __slots__ = ("left", "right", "item")

    def __init__(self, left, right, item):
        self.left = left
        self.right = right
        self.item = item


def build(item, depth):
    if depth == 0:
        return Node(None, None, item)
    return Node(build(2 * item - 1, depth - 1), build(2 * item, depth - 1), item)


def check(node):
    if node.left is None:
        return node.item
    return (node.item + check(node.left) * 3 + check(node.right) * 5) % 1000003


def run(size, seed):
    shift = seed % 1000 + 1
    acc = check(build(shift, size + 1))
    kept = build(shift, size)
    depth = 4
    while depth <= size:
        for i in range(2 ** (size - depth + 2)):
            acc = (acc * 31 + check(build(i + shift, depth))) % 1000000007
        depth += 2
    return (acc * 31 + check(kept)) % 1000000007


measure(run)
