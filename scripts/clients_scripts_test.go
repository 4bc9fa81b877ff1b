package scripts

import "testing"

// pythonScript asks with the client that Python brings. It follows no
// redirection. After an error it takes another connection.
const pythonScript = `
import gzip, http.client, json, sys

def ask(connection, wish):
    headers = {wish["Field"]: wish["Value"]} if wish["Field"] else {}
    content = wish["Content"].encode()
    if wish["Chunked"]:
        connection.request(wish["Method"], wish["Target"], iter([content]), headers, encode_chunked=True)
    else:
        connection.request(wish["Method"], wish["Target"], content or None, headers)
    response = connection.getresponse()
    content = response.read()
    unpacked = wish["Value"] == "gzip" and response.getheader("Content-Encoding") == "gzip"
    if unpacked:
        content = gzip.decompress(content)
    return {"Status": response.status, "Unpacked": unpacked, "Length": len(content),
            "Start": content[:100].decode("latin-1")}

answers = []
connection = http.client.HTTPConnection(sys.argv[1], timeout=20)
for wish in json.load(sys.stdin):
    if wish["Fresh"]:
        connection.close()
    try:
        answers.append(ask(connection, wish))
    except (OSError, ValueError, http.client.HTTPException) as error:
        answers.append({"Error": repr(error)})
        connection.close()
json.dump(answers, sys.stdout)
`

// fetchScript is the part of a script that asks with fetch, which browsers and
// Node have. It decodes what is packed without being told to.
const fetchScript = `
async function ask(base, wishes) {
	const answers = []
	for (const wish of wishes) {
		const options = {method: wish.Method, cache: "no-store", signal: AbortSignal.timeout(20000)}
		if (wish.Field) options.headers = {[wish.Field]: wish.Value}
		if (wish.Content) options.body = wish.Content
		if (wish.Chunked) {
			options.body = new Blob([wish.Content]).stream()
			options.duplex = "half"
		}
		try {
			const response = await fetch(base + wish.Target, options)
			const content = new Uint8Array(await response.arrayBuffer())
			answers.push({Status: response.status, Length: content.length,
				Start: String.fromCharCode(...content.slice(0, 100)),
				Unpacked: wish.Value == "gzip" && response.headers.get("Content-Encoding") == "gzip",
				Moved: response.redirected ? new URL(response.url).pathname : ""})
		} catch (error) {
			answers.push({Error: String(error.cause || error)})
		}
	}
	return answers
}
`

// nodeScript is the rest for Node.
const nodeScript = fetchScript + `
const wishes = JSON.parse(require("fs").readFileSync(0))
ask("http://" + process.argv[1], wishes).then(answers => console.log(JSON.stringify(answers)))
`

// askPython asks with the client that Python brings.
func askPython(t *testing.T, address string, wishes []wish) []answer {
	return run(t, wishes, "python3", "-c", pythonScript, address)
}

// askNode asks with the fetch that Node brings.
func askNode(t *testing.T, address string, wishes []wish) []answer {
	return run(t, wishes, "node", "-e", nodeScript, address)
}
