/* Compiled to the object that test_loader.c loads: constants, calls in both directions, an address of outside data. */
extern long outside_add(long a, long b);
extern const long outside_number;

long sample_add(long a, long b);
long sample_table(long index);
long sample_outside(long x);
double sample_half(double x);

static const long squares[] = {0, 1, 4, 9, 16, 25};

long sample_add(long a, long b)
{
    return a + b;
}

long sample_table(long index)
{
    return squares[index] + sample_add(index, 0);
}

long sample_outside(long x)
{
    return outside_add(x, outside_number);
}

double sample_half(double x)
{
    return x * 0.5;
}
