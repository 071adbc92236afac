module ssec-client

go 1.24
