import { once } from "node:events"
import { connect, createServer, type Socket } from "node:net"
import { setTimeout } from "node:timers/promises"

/** What a line does to the bytes that pass it. */
export interface Weather {
  /** Milliseconds that each chunk is late. */
  readonly latency?: number
  /** Bytes that pass at a time, with `latency` before each. */
  readonly trickle?: number
  /** Nothing passes, in either direction; what is sent waits. New connections are taken, and hear nothing. */
  readonly silent?: boolean
}

/** What becomes of what a client sends: `pass` so many bytes of it, and then the line is cut, or frozen with both ends still open. */
export type Fate = { readonly pass: number; readonly after: "cut" | "freeze" } | undefined

/** A line between clients and a server, which can be slow, silent, cut, frozen, and led to another server. */
export const network = async (server: string) => {
  let target = new URL(server)
  let weather: Weather = {}
  let cleared = Promise.withResolvers<void>()
  let decide: (sent: Buffer) => Fate = () => undefined
  const sockets = new Set<Socket>()
  const pairs = new Set<() => void>()

  const clear = async (): Promise<void> => {
    while (weather.silent === true) await cleared.promise
  }
  const pass = async (chunk: Buffer, to: Socket): Promise<void> => {
    await clear()
    const size = weather.trickle ?? chunk.length
    for (let at = 0; at < chunk.length; at += size) {
      if (weather.latency !== undefined) await setTimeout(weather.latency)
      await clear()
      if (to.writable) to.write(chunk.subarray(at, at + size))
    }
  }

  const listening = createServer((client) => {
    const behind = connect(Number(target.port), target.hostname)
    let frozen = false
    for (const socket of [client, behind]) {
      socket.setNoDelay(true)
      sockets.add(socket.on("error", () => socket.destroy()).on("close", () => sockets.delete(socket)))
    }
    const cut = () => {
      if (frozen) return
      client.destroy()
      behind.destroy()
    }
    pairs.add(cut)
    let up = Promise.resolve()
    let down = Promise.resolve()
    client.on("data", (sent) => {
      up = up.then(async () => {
        if (frozen) return
        const fate = decide(sent)
        if (fate === undefined) return pass(sent, behind)
        await pass(sent.subarray(0, fate.pass), behind)
        if (fate.after === "cut") return cut()
        frozen = true
        client.pause()
      })
    })
    behind.on("data", (answer) => {
      down = down.then(() => (frozen ? undefined : pass(answer, client)))
    })
    const closed = (other: Socket) => async () => {
      await Promise.all([up, down, clear()])
      pairs.delete(cut)
      if (!frozen) other.destroy()
    }
    client.on("close", closed(behind))
    behind.on("close", closed(client))
  })
  listening.listen(0, "127.0.0.1")
  await once(listening, "listening")
  const address = listening.address()
  const url = new URL(server)
  url.port = String(typeof address === "object" && address !== null ? address.port : 0)

  const turn = (to: Weather) => {
    weather = to
    if (to.silent === true) return
    cleared.resolve()
    cleared = Promise.withResolvers()
  }
  const cutAll = () => {
    for (const cut of pairs) cut()
  }
  return {
    url: url.toString(),
    turn,
    /** Asked of each chunk that a client sends. */
    decide: (by: typeof decide) => {
      decide = by
    },
    cutAll,
    /** New connections lead there; the old ones are cut. */
    leadTo: (other: string) => {
      target = new URL(other)
      cutAll()
    },
    connections: () => pairs.size,
    close: () => {
      turn({})
      listening.close()
      for (const socket of sockets) socket.destroy()
    }
  }
}
