package scripts

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

// visitCGI ensures that only a script can be started, and that no source is
// sent.
func visitCGI(t *testing.T, g *guest) {
	for _, target := range []string{"/cgi/", "/cgi", "/cgi/flask_app.py", "/cgi/no-such-script", "/cgi/flask_app.py/more"} {
		response, text := g.send(t, g.elsewhere(t, "GET", target))
		assert.GreaterOrEqual(t, response.StatusCode, 400, target)
		assert.NotContains(t, text, "hashlib", target)
	}
}

// picture is a file that somebody has uploaded, as an attacker would.
const picture = "\xff\xd8\xff\xe0 <?php echo 'EXECU', 'TED'; ?>"

// phpTargets are targets near those of scripts: the status code of each, and a
// word of its content.
var phpTargets = map[string]string{
	"/shop/":                     "200 the shop, /shop/index.php, nothing more, ",
	"/shop/?a=1":                 "200 the shop, /shop/index.php, nothing more, a=1",
	"/shop/index.php":            "200 the shop, /shop/index.php, nothing more, ",
	"/shop/index.php/a/b?c":      "200 the shop, /shop/index.php, /a/b, c",
	"/shop/index%2Ephp/a%20b":    "200 the shop, /shop/index.php, /a b, ",
	"/shop":                      "200 the shop, /shop/index.php, nothing more, ", // after a redirection
	"/picture.jpg":               "200 " + picture,
	"/picture.jpg/x.php":         "404 ",
	"/picture.jpg%00.php":        "40. ",
	"/picture.jpg%0a.php":        "404 ",
	"/no-such-script.php":        "404 ",
	"/no-such-script.php/app.ph": "404 ",
	"/app.php%00":                "40. ",
	"/app.php%00.txt":            "40. ",
	"/app.php.":                  "404 ",
	"/app.php%20":                "404 ",
	"/app.php~":                  "404 ",
	"/app.PHP":                   "404 ",
	"/app":                       "40. ",
	"/app.php;x":                 "404 ",
	"/shop/index":                "40. ",
	"//app.php":                  "4.. ",
	"/app%2Ephp":                 "404 no such thing",
	"/./app.php":                 "4.. ",
	"/shop/..%2fapp.php":         "4.. ",
	"/app.php/..%2f..%2fetc":     "4.. ",
	`/shop\index.php`:            "4.. ",
}

// visitPHP ensures that scripts are found, and nothing else is taken for one,
// and that the source of none is ever sent.
func visitPHP(t *testing.T, g *guest) {
	for target, want := range phpTargets {
		for _, fields := range [][]string{nil, {"Range", "bytes=0-"}, {"Accept-Encoding", "gzip"}, {"Accept", "text/html, application/x-httpd-php"}} {
			response, text := g.send(t, g.elsewhere(t, "GET", target, fields...))
			assert.NotContains(t, text, "SOURCE", "%s %s", target, fields)
			if fields == nil {
				assert.Regexp(t, "^"+want[:4], fmt.Sprint(response.StatusCode, " "), target)
				assert.Contains(t, text, want[4:], target)
			}
		}
	}
	for _, method := range []string{"HEAD", "PUT", "DELETE", "POST", "PROPFIND"} {
		_, text := g.send(t, g.elsewhere(t, method, "/app.php"))
		assert.NotContains(t, text, "SOURCE", method)
	}
}
