import type { AddressInfo, Socket } from "node:net"

import type { SmtpOptions } from "@omni/channel-smtp"
import type { Outgoing } from "@omni/channels"
import { SMTPServer, type SMTPServerOptions } from "smtp-server"

/** What a server of a test took, and how often it was asked. */
export interface TestServer extends AsyncDisposable {
  readonly mails: Array<string>
  readonly options: Pick<SmtpOptions, "host" | "port" | "requireTls" | "from">
  /** Tears every connection down, as a crash would. */
  drop(): void
  close(): Promise<void>
}

const readAll = async (stream: AsyncIterable<Buffer>): Promise<string> => {
  const chunks: Array<Buffer> = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString("utf8")
}

/** A reply with its code, as the server of a test gives it. */
export const reply = (responseCode: number, message: string): Error => Object.assign(new Error(message), { responseCode })

/** A real SMTP server in this process, without TLS; it takes everything unless told otherwise. */
export const serve = async (options: SMTPServerOptions = {}, after?: (mails: ReadonlyArray<string>) => Error | "drop" | undefined) => {
  const mails: Array<string> = []
  const sockets = new Set<Socket>()
  const drop = () => sockets.forEach((socket) => socket.destroy())
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    disableReverseLookup: true,
    onData: (stream, _session, done) => {
      void readAll(stream).then((mail) => {
        mails.push(mail)
        const told = after?.(mails)
        if (told === "drop") drop()
        else done(told)
      })
    },
    ...options
  })
  server.server.on("connection", (socket: Socket) => {
    sockets.add(socket)
    socket.on("close", () => sockets.delete(socket))
  })
  server.on("error", () => {})
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()))
  const { port } = server.server.address() as AddressInfo
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()))
  const test: TestServer = {
    mails,
    options: { host: "127.0.0.1", port, requireTls: false, from: "The Shop <shop@example.com>" },
    drop,
    close,
    [Symbol.asyncDispose]: close
  }
  return test
}

/** A newsletter to Jane. */
export const newsletter: Outgoing = {
  message: "msg_1",
  customer: "jane",
  kind: "email",
  address: "jane@example.com",
  content: { subject: "Grüße aus Köln", text: "Hello Jane,\n.a line with a dot\nReply STOP.", html: "<p>Hello Jane</p>" },
  purpose: "news",
  category: "marketing",
  locale: "de"
}

/** Options of a send that nobody aborts. */
export const tryOf = (key: string) => ({ key, signal: new AbortController().signal })
