module suites/go

go 1.18
