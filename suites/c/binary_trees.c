#include "rb.h"

typedef struct node {
    struct node *left, *right;
    int64_t item;
} node;

static node *build(int64_t item, int64_t depth)
{
    node *n = rb_alloc(sizeof *n);
    *n = (node){.item = item};
    if (depth > 0) {
        n->left = build(2 * item - 1, depth - 1);
        n->right = build(2 * item, depth - 1);
    }
    return n;
}

static int64_t check(const node *n)
{
    if (!n->left) return n->item;
    return (n->item + check(n->left) * 3 + check(n->right) * 5) % 1000003;
}

static void free_tree(node *n)
{
    if (!n) return;
    free_tree(n->left);
    free_tree(n->right);
    free(n);
}

static int64_t check_new(int64_t item, int64_t depth)
{
    node *tree = build(item, depth);
    int64_t sum = check(tree);
    free_tree(tree);
    return sum;
}

static void run(int64_t size, int64_t seed, char digest[RB_DIGEST_SIZE])
{
    int64_t shift = seed % 1000 + 1, acc = check_new(shift, size + 1);
    node *kept = build(shift, size);
    for (int64_t depth = 4; depth <= size; depth += 2) {
        int64_t trees = INT64_C(1) << (size - depth + 2);
        for (int64_t i = 0; i < trees; i++)
            acc = (acc * 31 + check_new(i + shift, depth)) % 1000000007;
    }
    rb_digest(digest, (acc * 31 + check(kept)) % 1000000007);
    free_tree(kept);
}

int main(int argc, char **argv)
{
    return rb_measure(argc, argv, run);
}
