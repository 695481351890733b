// An OpenID Connect server of strangers (certified), with one interface behind its tokens.
// Takes its settings from PEER (JSON) and says {"port": …} once it listens on 127.0.0.1.
import fs from "node:fs";
import http from "node:http";
import https from "node:https";
import Provider from "oidc-provider";

const given = JSON.parse(process.env.PEER);
const resource = "https://bao-cao.example.gov.vn";

const tls = given.certificate && {
  cert: fs.readFileSync(given.certificate),
  key: fs.readFileSync(given.key),
  ca: fs.readFileSync(given.ca),
  requestCert: Boolean(given.mutual),
  rejectUnauthorized: Boolean(given.mutual),
};
const server = tls ? https.createServer(tls) : http.createServer();
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address();
  const provider = new Provider(`${tls ? "https" : "http"}://127.0.0.1:${port}`, {
    clients: given.clients.map((one) => ({
      grant_types: ["client_credentials"],
      redirect_uris: [],
      response_types: [],
      ...one,
    })),
    scopes: ["bao-cao"],
    ttl: { ClientCredentials: given.seconds },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (context, indicator) => ({
          scope: indicator === resource ? "bao-cao" : "",
          accessTokenFormat: "opaque",
          accessTokenTTL: given.seconds,
        }),
      },
    },
  });
  const counts = { tokens: 0, asked: 0, refused: 0 };
  provider.on("grant.success", () => (counts.tokens += 1));
  const ordinary = provider.callback();
  server.on("request", async (request, response) => {
    const path = new URL(request.url, "http://127.0.0.1").pathname;
    if (path === "/counts") {
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify(counts));
      return;
    }
    if (path !== "/api/bao-cao") {
      ordinary(request, response);
      return;
    }
    const text = (request.headers.authorization ?? "").replace("Bearer ", "");
    const token = text && (await provider.ClientCredentials.find(text));
    counts.asked += 1;
    if (!token || token.isExpired) {
      counts.refused += 1;
      response.writeHead(401, { "WWW-Authenticate": "Bearer" });
      response.end();
      return;
    }
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify([{ ma: "38", khach: token.clientId, pham_vi: token.scope ?? "" }]));
  });
  console.log(JSON.stringify({ port }));
});
