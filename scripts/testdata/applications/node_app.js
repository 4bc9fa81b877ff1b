// An application in Node. It prints the port that it listens on.
"use strict";

const { createHash } = require("node:crypto");
const http = require("node:http");
const { once } = require("node:events");
const { Readable } = require("node:stream");
const { WebSocketServer } = require("ws");

const restOfBlock = "0123456789abcde\n".repeat(4095);
let streams = 0;

// measured returns the length and the SHA-256 of a stream.
async function measured(stream) {
  let length = 0;
  const hash = createHash("sha256");
  for await (const piece of stream) {
    length += piece.length;
    hash.update(piece);
  }
  return `${length} ${hash.digest("hex")}`;
}

const answers = {
  async hello(request, response, url) {
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({
      method: request.method,
      query: url.search.slice(1),
      host: request.headers.host,
      client: request.headers["x-forwarded-for"].split(",").pop().trim(),
      scheme: request.headers["x-forwarded-proto"],
      underscore: request.headers["client_name"] ?? "",
      proxy: "",
    }));
  },

  async form(request, response) {
    const form = await new Response(Readable.toWeb(request), { headers: request.headers }).formData();
    response.end(`${form.get("name")} ${await measured(form.get("file").stream())}`);
  },

  async raw(request, response) {
    response.end(await measured(request));
  },

  async download(request, response, url) {
    response.setHeader("Content-Type", "application/octet-stream");
    for (let n = 0; n < Number(url.searchParams.get("blocks")); n++) {
      if (!response.write(String(n).padStart(15, "0") + "\n" + restOfBlock)) await once(response, "drain");
    }
    response.end();
  },

  async moved(request, response) {
    response.writeHead(302, { Location: "hello" }).end();
  },

  async busy(request, response) {
    response.writeHead(503, { "Retry-After": "7" }).end("busy");
  },

  async broken(request, response) {
    response.writeHead(500).end("broken on purpose");
  },

  // Early hints, and then what they are about.
  async hints(request, response) {
    response.writeEarlyHints({ link: "</style.css>; rel=preload; as=style" });
    response.end("hinted");
  },

  // The trailer of the request becomes the trailer of the response.
  async trailer(request, response) {
    response.writeHead(200, { Trailer: "Checksum" });
    response.write(await measured(request));
    response.addTrailers({ Checksum: request.trailers.checksum ?? "none" });
    response.end();
  },

  // No more than four streams at a time.
  async events(request, response) {
    if (streams >= 4) return response.writeHead(503).end();
    streams++;
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    const timer = setInterval(() => response.write(`data: ${process.pid}\n\n`), 100);
    response.on("close", () => {
      clearInterval(timer);
      streams--;
    });
  },
};

const server = http.createServer((request, response) => {
  const url = new URL(request.url, "http://localhost");
  const answer = answers[url.pathname.split("/").pop()];
  if (!answer) return response.writeHead(404).end("no such thing");
  answer(request, response, url).catch(error => response.destroy(error));
});

new WebSocketServer({ server }).on("connection", socket => {
  socket.on("message", (message, isBinary) => socket.send(message, { binary: isBinary }));
});

server.listen(process.argv[2] ?? 0, "127.0.0.1", () => console.log(`listening on port ${server.address().port}`));
