module mizan/verifiers/go

go 1.19
