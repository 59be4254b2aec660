from rb import measure

SYLLABLES = ["ba", "do", "ki", "lu", "me", "no", "pa", "ri", "so", "tu", "va", "ze", "an", "el", "or", "us"]


def make_text(size, seed):
    x = seed % 2147483646 + 1
    vocabulary = []
    for _ in range(1000):
        word = ""
        x = x * 48271 % 2147483647
        for _ in range(x % 3 + 2):
            x = x * 48271 % 2147483647
            word += SYLLABLES[x % 16]
        vocabulary.append(word)
    words = []
    for i in range(size):
        x = x * 48271 % 2147483647
        word = vocabulary[x % 1000 * (x // 1000 % 1000) // 1000]
        words.append(word.upper() if i % 7 == 0 else word)
    return " ".join(words)


def run(size, seed):
    counts = {}
    for word in make_text(size, seed).split():
        word = word.lower()
        counts[word] = counts.get(word, 0) + 1
    ranked = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    acc = len(ranked)
    for word, count in ranked:
        acc = (acc * 31 + count * 10 + len(word)) % 1000000007
    return acc


measure(run)
