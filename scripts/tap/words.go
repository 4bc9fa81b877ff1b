package tap

import "fmt"

// A sentence is what can be said of a part, and where it is written.
type sentence struct{ says, section string }

// words are what can be said of every part with a name.
var words = map[string]sentence{
	"method":              {"The method says what is to be done with the target.", "RFC 9110, 9.1"},
	"space":               {"One space stands between the parts of this line.", "RFC 9112, 3"},
	"request target":      {"The request target says what the request is about.", "RFC 9112, 3.2"},
	"HTTP version":        {"The version of HTTP that the sender speaks.", "RFC 9112, 2.3"},
	"status code":         {"Three digits tell what became of the request.", "RFC 9110, 15"},
	"reason phrase":       {"The reason phrase is for people. A client acts on the status code alone.", "RFC 9112, 4"},
	"end of line":         {"Two bytes, carriage return and line feed, end every line of a head.", "RFC 9112, 2.2"},
	"lone line feed":      {"This line ends in a lone line feed. It should be \\r\\n; many accept this all the same.", "RFC 9112, 2.2"},
	"field name":          {"The name of a field. Capital and small letters are the same in it.", "RFC 9110, 5.1"},
	"colon":               {"A colon ends the name of a field. No white space may stand before it.", "RFC 9112, 5.1"},
	"white space":         {"White space around the value of a field is not part of it.", "RFC 9112, 5.1"},
	"field value":         {"The value of a field. The name says how it is to be read.", "RFC 9110, 5.5"},
	"empty line":          {"An empty line ends the header section. What follows is content, if there is any.", "RFC 9112, 2.1"},
	"empty line before":   {"An empty line before a request line is overlooked: some clients send one too many.", "RFC 9112, 2.2"},
	"content":             {"The content of the message. Content-Type says what it is, and the framing where it ends.", "RFC 9110, 6.4"},
	"chunk size":          {"The size of the chunk that follows, in hexadecimal digits.", "RFC 9112, 7.1"},
	"chunk extension":     {"A chunk extension. Who does not know it overlooks it.", "RFC 9112, 7.1.1"},
	"chunk data":          {"The data of a chunk: a piece of the content.", "RFC 9112, 7.1"},
	"end of the chunk":    {"An end of line follows the data of every chunk. It is not part of the content.", "RFC 9112, 7.1"},
	"trailer field name":  {"A trailer field: it could be known only after the content.", "RFC 9112, 7.1.2"},
	"end of the trailers": {"An empty line ends the trailer section, and with it the message.", "RFC 9112, 7.1.2"},
	"malformed line":      {"This line is not whole, or not as the grammar wants it.", "RFC 9112, 2.1"},
	"bytes":               {"These bytes are not HTTP/1: TLS, a WebSocket, another protocol, or a mistake.", "RFC 9112, 2.1"},
}

// methods are those that a learner meets.
var methods = map[string]sentence{
	"GET":     {"GET asks for a representation of the target.", "RFC 9110, 9.3.1"},
	"HEAD":    {"HEAD asks for what GET would get, without the content.", "RFC 9110, 9.3.2"},
	"POST":    {"POST hands over content; the target decides what to do with it.", "RFC 9110, 9.3.3"},
	"PUT":     {"PUT asks that the target be what the content says from now on.", "RFC 9110, 9.3.4"},
	"DELETE":  {"DELETE asks that the target be removed.", "RFC 9110, 9.3.5"},
	"CONNECT": {"CONNECT asks a proxy for a tunnel to another server.", "RFC 9110, 9.3.6"},
	"OPTIONS": {"OPTIONS asks what can be done with the target.", "RFC 9110, 9.3.7"},
	"TRACE":   {"TRACE asks to be sent back, so that the client sees what arrives.", "RFC 9110, 9.3.8"},
	"PATCH":   {"PATCH asks that the target be changed as the content says.", "RFC 5789, 2"},
}

// statusClasses are what the first digit of a status code says.
var statusClasses = map[byte]sentence{
	'1': {"1xx: this is an interim response. The response proper follows.", "RFC 9110, 15.2"},
	'2': {"2xx: the request was received, understood and accepted.", "RFC 9110, 15.3"},
	'3': {"3xx: the client has to do something more, such as to ask elsewhere.", "RFC 9110, 15.4"},
	'4': {"4xx: the server holds that the client has made a mistake.", "RFC 9110, 15.5"},
	'5': {"5xx: the server has failed, and knows it.", "RFC 9110, 15.6"},
}

// statuses are the status codes that a learner meets.
var statuses = map[string]sentence{
	"100": {"100: the head is fine, go on and send the content.", "RFC 9110, 15.2.1"},
	"101": {"101: from here on, the connection speaks the protocol that Upgrade names.", "RFC 9110, 15.2.2"},
	"200": {"200: the request has succeeded.", "RFC 9110, 15.3.1"},
	"204": {"204: the request has succeeded, and there is no content to send.", "RFC 9110, 15.3.5"},
	"206": {"206: only a part of the representation is sent, as the request wanted it.", "RFC 9110, 15.3.7"},
	"301": {"301: the target has another name now, which Location says.", "RFC 9110, 15.4.2"},
	"302": {"302: for this time, the target is elsewhere, where Location says.", "RFC 9110, 15.4.3"},
	"304": {"304: what the client has already is still right.", "RFC 9110, 15.4.5"},
	"400": {"400: the server cannot understand the request, or does not want to.", "RFC 9110, 15.5.1"},
	"403": {"403: the server has understood, and refuses.", "RFC 9110, 15.5.4"},
	"404": {"404: the server has nothing of this name.", "RFC 9110, 15.5.5"},
	"405": {"405: the method cannot be used with this target. Allow says which can.", "RFC 9110, 15.5.6"},
	"406": {"406: there is no representation that the client would accept.", "RFC 9110, 15.5.7"},
	"408": {"408: the request did not come in time.", "RFC 9110, 15.5.9"},
	"412": {"412: a condition of the request does not hold.", "RFC 9110, 15.5.13"},
	"413": {"413: the content is larger than the server takes.", "RFC 9110, 15.5.14"},
	"414": {"414: the request target is longer than the server takes.", "RFC 9110, 15.5.15"},
	"416": {"416: the range lies outside of the representation.", "RFC 9110, 15.5.17"},
	"431": {"431: the field lines are more than the server takes.", "RFC 6585, 5"},
	"500": {"500: something went wrong inside the server.", "RFC 9110, 15.6.1"},
	"501": {"501: the server does not know the method at all.", "RFC 9110, 15.6.2"},
	"502": {"502: the server asked another one, which did not answer as it should.", "RFC 9110, 15.6.3"},
	"503": {"503: the server cannot serve at the moment.", "RFC 9110, 15.6.4"},
	"504": {"504: the server asked another one, which did not answer in time.", "RFC 9110, 15.6.5"},
	"505": {"505: the server does not speak this version of HTTP.", "RFC 9110, 15.6.6"},
}

// ofStatus returns what can be said of a status code.
func ofStatus(code string) sentence {
	if known := statuses[code]; known.says != "" {
		return known
	}
	return statusClasses[code[0]]
}

// ofChunk returns what can be said of the size of a chunk.
func ofChunk(digits string) sentence {
	size, ok := parseChunkSize(digits)
	switch {
	case !ok:
		return sentence{}
	case size == 0:
		return sentence{"A chunk of size 0 is the last one: the content ends here.", "RFC 9112, 7.1"}
	}
	return sentence{fmt.Sprintf("The size of the chunk in hexadecimal digits: %s is %s.", digits, countBytes(size)), "RFC 9112, 7.1"}
}

// ofTarget returns what can be said of a request target, by its form.
func ofTarget(target string) sentence {
	switch {
	case target[0] == '/':
		return sentence{"The request target in origin form: the path and, after a question mark, the query.", "RFC 9112, 3.2.1"}
	case target == "*":
		return sentence{"The request target is the server as a whole.", "RFC 9112, 3.2.4"}
	}
	return sentence{}
}
