package main

import (
	"errors"
	"html/template"
	"strings"
)

// retryAfter is in how many seconds a client may try again after a 503
// (RFC 9110, 10.2.3).
const retryAfter = "10"

// explanations says to a person what each status code means to a program.
// They tell nothing about this machine.
var explanations = map[int]string{
	301: "This is a directory. Its name ends in a slash:",
	400: "This was no request that a server can understand.",
	403: "You may not have this.",
	404: "There is nothing of this name here.",
	405: "This cannot be done with a file.",
	406: "There is nothing here in a form that you take.",
	408: "The request took too long to come.",
	412: "It is not what you think it is.",
	413: "The request brings more than a server takes.",
	414: "The address is too long.",
	416: "There is less of it than you ask for.",
	417: "This server cannot do what you expect of it.",
	431: "The request has too many fields, or too long ones.",
	500: "Something went wrong here. It is not your fault.",
	501: "This server does not know how to do that.",
	502: "The application behind this server gave no answer that makes sense.",
	503: "Too many want something at the same time. Please try again.",
	504: "The application behind this server gave no answer in time.",
	505: "This server speaks HTTP/1.1 only.",
}

// statusPage is the page of every response that is not what was asked for. The
// template escapes each value for the place where it stands.
var statusPage = template.Must(template.New("status").Parse(`<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>{{.Status}} {{.Reason}}</title>
<h1>{{.Reason}}</h1>
<p>{{.Explanation}}</p>
{{- if .Location}}
<p><a href="{{.Location}}">{{.Location}}</a></p>
{{- end}}
{{- if .Alternatives}}
<p>There is:</p>
{{- end}}
{{- range .Alternatives}}
<p><a href="{{.Link}}">{{.Link}}</a> ({{.MediaType}})</p>
{{- end}}
`))

// statusPages are the pages that are always the same. They are made once: to
// fill in the template takes longer than all else about a missing file.
var statusPages = func() map[int]string {
	pages := map[int]string{}
	for status := range explanations {
		pages[status] = makePage(status, "", nil)
	}
	return pages
}()

// makePage makes the page of a status code.
func makePage(status int, location string, alternatives []alternative) string {
	var page strings.Builder
	err := statusPage.Execute(&page, map[string]any{
		"Status":       status,
		"Reason":       reasons[status],
		"Explanation":  explanations[status],
		"Location":     location,
		"Alternatives": alternatives,
	})
	if err != nil {
		panic(err) // The page is made of values that always fit.
	}
	return page.String()
}

// statusResponse makes the response that only says what happened, by a status
// code and a page. A location is a target to go on to, or empty; the alternatives
// are what can be had instead.
func statusResponse(status int, location string, alternatives ...alternative) *Response {
	page := statusPages[status]
	if location != "" || len(alternatives) > 0 {
		page = makePage(status, location, alternatives)
	}
	response := pageResponse(status, page)
	if location != "" {
		response.Header = append(response.Header, Field{"Location", location})
	}
	if status == 503 {
		response.Header = append(response.Header, Field{"Retry-After", retryAfter})
	}
	return response
}

// errorResponse makes the response that tells a client what went wrong. An
// error without a status code is the server's own fault.
func errorResponse(err error) *Response {
	refused := &statusError{status: 500}
	errors.As(err, &refused)
	response := statusResponse(refused.status, "", refused.alternatives...)
	response.Header = append(response.Header, refused.header...)
	return response
}
