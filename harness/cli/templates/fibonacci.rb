require_relative 'rb'

def fib(n)
  n < 2 ? n : fib(n - 1) + fib(n - 2)
end

measure { |size, seed| fib(size) + fib(seed % 16) }
