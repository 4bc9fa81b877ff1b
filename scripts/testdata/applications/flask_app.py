"""A Flask application. The tests reach it under gunicorn and, through flask.cgi, as a CGI script."""

import hashlib
import os
import time

from flask import Flask, Response, redirect, request, url_for
from werkzeug.middleware.proxy_fix import ProxyFix

app = Flask(__name__)

# What Flask's documentation says for an application behind one proxy.
app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)

REST_OF_BLOCK = b"0123456789abcde\n" * 4095


def measured(stream):
    """Returns the length and the SHA-256 of a stream."""
    length, digest = 0, hashlib.sha256()
    while piece := stream.read(64 * 1024):
        length += len(piece)
        digest.update(piece)
    return f"{length} {digest.hexdigest()}"


@app.route("/hello")
def hello():
    return {
        "method": request.method,
        "query": request.query_string.decode(),
        "host": request.host,
        "client": request.remote_addr,
        "scheme": request.scheme,
        "underscore": request.environ.get("HTTP_CLIENT_NAME", ""),
        "proxy": os.environ.get("HTTP_PROXY", ""),
    }


@app.post("/form")
def form():
    return f"{request.form['name']} {measured(request.files['file'].stream)}"


@app.route("/raw", methods=["POST", "PUT"])
def raw():
    return measured(request.stream)


@app.get("/download")
def download():
    def stream(blocks):
        for n in range(blocks):
            yield b"%015d\n" % n + REST_OF_BLOCK

    return Response(stream(int(request.args["blocks"])), mimetype="application/octet-stream")


@app.get("/moved")
def moved():
    return redirect(url_for("hello"))


@app.get("/busy")
def busy():
    return "busy", 503, {"Retry-After": "7"}


@app.get("/broken")
def broken():
    raise RuntimeError("broken on purpose")


@app.get("/events")
def events():
    def stream():
        while True:
            yield f"data: {os.getpid()}\n\n"
            time.sleep(0.1)

    return Response(stream(), mimetype="text/event-stream")
