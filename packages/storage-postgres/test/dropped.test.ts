import { once } from "node:events"
import { connect, createServer, type Socket } from "node:net"

import { createOmni } from "@omni/core"
import { postgres } from "@omni/storage-postgres"
import { expect, it } from "vitest"

import { asOwner, temporarySchema } from "./helpers.ts"
import { sales } from "./sales.ts"

/** Stands before a server; when `drops` says so of what a client has sent, the server gets it, and the client never hears what came of it. */
const proxy = async (server: URL, drops: (sent: Buffer) => boolean) => {
  const sockets = new Set<Socket>()
  const listening = createServer((client) => {
    const behind = connect(Number(server.port), server.hostname)
    let cut = false
    for (const socket of [client, behind]) sockets.add(socket.on("error", () => socket.destroy()))
    client.on("data", (sent) => {
      if (drops(sent)) cut = true
      behind.write(sent)
    })
    // The server has answered by then, so it has committed or refused.
    behind.on("data", (answer) => (cut ? client.destroy() : client.write(answer)))
    client.on("close", () => behind.end())
    behind.on("close", () => client.destroy())
  })
  listening.listen(0, "127.0.0.1")
  await once(listening, "listening")
  const address = listening.address()
  const url = new URL(server)
  url.port = String(typeof address === "object" && address !== null ? address.port : 0)
  return {
    url: url.toString(),
    close: () => {
      listening.close()
      for (const socket of sockets) socket.destroy()
    }
  }
}

it("sends a commit again whose answer was lost, and it has landed once", async () => {
  const { url, schema, dispose } = await temporarySchema()
  let sent = 0
  let dropped = 0
  // A commit takes the next position of its scope; every third time the answer is lost.
  const between = await proxy(new URL(url), (bytes) => {
    const isCommit = bytes.includes("from taken") && ++sent % 3 === 0
    if (isCommit) dropped++
    return isCommit
  })
  const omni = createOmni({ store: postgres(between.url, { schema, prepare: false, listen: false }), modules: { sales } })
  for (let n = 1; n <= 30; n++) expect(await omni.sales.sell({ article: "mug" })).toBe(n)
  expect(dropped).toBeGreaterThan(5)
  expect(await asOwner(url, `select value->>'sold' as sold from ${schema}.sales_counts`)).toEqual([{ sold: "30" }])
  expect(await asOwner(url, `select count(*)::int from ${schema}.event`)).toEqual([{ count: 30 }])
  await omni.close()
  between.close()
  await dispose()
})
