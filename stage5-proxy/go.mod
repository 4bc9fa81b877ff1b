module example.com/webserver/stage5-proxy

go 1.25.0

require (
	example.com/webserver v0.0.0
	github.com/stretchr/testify v1.12.1
)

require (
	github.com/bluekeyes/go-gitdiff v0.9.0 // indirect
	github.com/rogpeppe/go-internal v1.16.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/mod v0.40.0 // indirect
	golang.org/x/net v0.58.0 // indirect
	golang.org/x/sys v0.47.0 // indirect
	golang.org/x/tools v0.49.0 // indirect
)

replace example.com/webserver => ../
